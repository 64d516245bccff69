// Package regex is ECMAScript's regular expressions without the flag u, as jsonata-js has
// them: texts are UTF-16 units, positions count units, and a half of a surrogate pair is a
// character of its own. The matching is regexp2's; the one known difference (1 % of the random
// patterns that the recorded answers come from) is that a group inside a repetition keeps what
// an earlier round captured, and that a round may match nothing.
package regex

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/dlclark/regexp2"
)

// ErrTimeout answers a match that took longer than its limit.
var ErrTimeout = errors.New("the regular expression took too long")

// Regexp is a compiled regular expression, safe for concurrent use.
type Regexp struct {
	source string
	cost   cost
	pool   sync.Pool // of *regexp2.Regexp: the limit is a field of theirs
}

// period is how often a running match looks at the clock.
const period = 10 * time.Millisecond

func init() { regexp2.SetTimeoutCheckPeriod(period) }

// Compile reads a pattern with the flags i and m. Errors are *SyntaxError.
func Compile(pattern, flags string) (*Regexp, error) {
	for _, f := range flags {
		if f != 'i' && f != 'm' && f != 'g' {
			return nil, &SyntaxError{pattern, "Invalid flags '" + flags + "'"}
		}
	}
	translated, cost, err := translate(pattern, strings.Contains(flags, "m"))
	if err != nil {
		return nil, err
	}
	options := regexp2.RegexOptions(regexp2.ECMAScript)
	if strings.Contains(flags, "i") {
		options |= regexp2.IgnoreCase
	}
	first, err := regexp2.Compile(translated, options)
	if err != nil {
		return nil, &SyntaxError{pattern, err.Error()}
	}
	r := &Regexp{source: pattern, cost: cost}
	r.pool.New = func() any { return regexp2.MustCompile(translated, options) }
	r.pool.Put(first)
	return r, nil
}

// Source is the pattern as it was written.
func (r *Regexp) Source() string { return r.source }

// Text is a string in UTF-16 units.
type Text struct{ units []rune }

// NewText converts a string. Half of a surrogate pair may stand in it alone, in the three bytes
// that UTF-8 forbids.
func NewText(s string) Text {
	t := Text{make([]rune, 0, len(s))}
	for i := 0; i < len(s); {
		if i+3 <= len(s) && s[i] == 0xED && s[i+1] >= 0xA0 {
			t.units = append(t.units, 0xD000|rune(s[i+1]&0x3F)<<6|rune(s[i+2]&0x3F))
			i += 3
			continue
		}
		c, size := utf8.DecodeRuneInString(s[i:])
		i += size
		if c >= 0x10000 {
			high, low := utf16.EncodeRune(c)
			t.units = append(t.units, high, low)
			continue
		}
		t.units = append(t.units, c)
	}
	return t
}

// Len counts units.
func (t Text) Len() int { return len(t.units) }

// Slice is the string from unit i up to unit j; half of a surrogate pair is written as NewText
// reads it.
func (t Text) Slice(i, j int) string {
	var b strings.Builder
	for ; i < j; i++ {
		c := t.units[i]
		if !utf16.IsSurrogate(c) {
			b.WriteRune(c)
			continue
		}
		if i+1 < j {
			if pair := utf16.DecodeRune(c, t.units[i+1]); pair != utf8.RuneError {
				b.WriteRune(pair)
				i++
				continue
			}
		}
		b.Write([]byte{0xE0 | byte(c>>12), 0x80 | byte(c>>6)&0x3F, 0x80 | byte(c)&0x3F})
	}
	return b.String()
}

// Match is where a regular expression matched.
type Match struct {
	Text       string
	Start, End int     // in units
	Groups     []Group // of the capturing groups, without the whole match
}

// Group is what a capturing group took; Matched is false when it took no part.
type Group struct {
	Text    string
	Matched bool
}

// Find is the first match that starts at unit from or later; ok is false when there is none.
// limit bounds the time; it is looked at only where a match may take long. The error is
// ErrTimeout.
func (r *Regexp) Find(t Text, from int, limit time.Duration) (m Match, ok bool, err error) {
	if from > len(t.units) {
		return Match{}, false, nil
	}
	re := r.pool.Get().(*regexp2.Regexp)
	defer r.pool.Put(re)
	re.MatchTimeout = regexp2.DefaultMatchTimeout
	if r.cost.dear(len(t.units) - from) {
		re.MatchTimeout = max(limit, period)
	}
	found, err := re.FindRunesMatchStartingAt(t.units, from)
	if err != nil {
		return Match{}, false, ErrTimeout
	}
	if found == nil {
		return Match{}, false, nil
	}
	m = Match{Start: found.Index, End: found.Index + found.Length}
	m.Text = t.Slice(m.Start, m.End)
	for _, g := range found.Groups()[1:] {
		group := Group{Matched: len(g.Captures) > 0}
		if group.Matched {
			group.Text = t.Slice(g.Index, g.Index+g.Length)
		}
		m.Groups = append(m.Groups, group)
	}
	return m, true, nil
}

// dear tells whether a text of n units may take more than a few milliseconds.
func (c cost) dear(n int) bool {
	const affordable = 1e6
	return c.nested || math.Pow(float64(n), float64(c.loops+1)) > affordable
}

// Expand is the replacement for a match, as $replace makes it: $0 is the match, $1 and
// further the groups, $$ a dollar. A number beyond the groups is read without its last
// digit; a dollar before anything else stands for itself.
func Expand(replacement string, m Match) string {
	var b strings.Builder
	most := len(strconv.Itoa(len(m.Groups))) // digits of a group's number
	for {
		before, rest, found := strings.Cut(replacement, "$")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		switch {
		case strings.HasPrefix(rest, "$"):
			b.WriteByte('$')
			replacement = rest[1:]
		case strings.HasPrefix(rest, "0"):
			b.WriteString(m.Text)
			replacement = rest[1:]
		default:
			n, digits := leadingNumber(rest, most)
			if most > 1 && n > len(m.Groups) {
				n, digits = leadingNumber(rest, most-1)
			}
			if digits == 0 {
				b.WriteByte('$')
			} else if n <= len(m.Groups) {
				b.WriteString(m.Groups[n-1].Text)
			}
			replacement = rest[digits:]
		}
	}
}

// leadingNumber reads a number of at most that many digits.
func leadingNumber(s string, most int) (n, digits int) {
	for digits < min(most, len(s)) && s[digits] >= '0' && s[digits] <= '9' {
		n = 10*n + int(s[digits]-'0')
		digits++
	}
	return n, digits
}
