package logging

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Pattern chooses records, in the two plain forms of CloudWatch Logs filter patterns:
//
//	Order "no money" -Retry    words that are all in the record, in upper and lower case as
//	                           written; with - before them, that are not
//	?timeout ?abort            words of which one is in it
//	{ $.type = "Execution*" && ($.id > 3 || $.details.error NOT EXISTS) }
//
// The zero Pattern chooses all.
type Pattern struct{ match func(line []byte) bool }

// Matches tells whether the pattern chooses a record.
func (p Pattern) Matches(line []byte) bool { return p.match == nil || p.match(line) }

// maxPattern is how long a pattern may be, as on AWS.
const maxPattern = 1024

// ErrPattern is what ParsePattern wraps.
var ErrPattern = errors.New("Invalid filter pattern") //nolint:staticcheck // AWS's words

// ParsePattern reads a pattern; of blanks it is the zero one.
func ParsePattern(text string) (Pattern, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return Pattern{}, nil
	case len(text) > maxPattern:
		return Pattern{}, fmt.Errorf("%w: it is longer than %d characters", ErrPattern, maxPattern)
	case strings.HasPrefix(text, "{"):
		return parseSelector(text)
	case strings.HasPrefix(text, "[") || strings.HasPrefix(text, "%"):
		return Pattern{}, fmt.Errorf("%w: columns and regular expressions are not supported here", ErrPattern)
	}
	return parseWords(text)
}

// words are a pattern without braces.
type words struct{ all, none, some []string }

func parseWords(text string) (Pattern, error) {
	var w words
	for rest := text; rest != ""; rest = strings.TrimLeft(rest, " \t\n") {
		list := &w.all
		switch rest[0] {
		case '-':
			list, rest = &w.none, rest[1:]
		case '?':
			list, rest = &w.some, rest[1:]
		}
		word, after, err := nextWord(rest)
		if err != nil {
			return Pattern{}, err
		}
		*list, rest = append(*list, word), after
	}
	return Pattern{match: w.match}, nil
}

// nextWord takes a word, or a text in quotes, from the beginning.
func nextWord(s string) (word, rest string, err error) {
	if strings.HasPrefix(s, `"`) {
		return quoted(s)
	}
	end := strings.IndexAny(s, " \t\n")
	if end < 0 {
		end = len(s)
	}
	if end == 0 {
		return "", "", fmt.Errorf("%w: a word is missing", ErrPattern)
	}
	return s[:end], s[end:], nil
}

// quoted takes a text in quotes from the beginning.
func quoted(s string) (text, rest string, err error) {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			if err := json.Unmarshal([]byte(s[:i+1]), &text); err != nil {
				return "", "", fmt.Errorf("%w: %s is no text", ErrPattern, s[:i+1])
			}
			return text, s[i+1:], nil
		}
	}
	return "", "", fmt.Errorf("%w: the quote does not end", ErrPattern)
}

func (w words) match(line []byte) bool {
	s := string(line)
	for _, word := range w.all {
		if !contains(s, word) {
			return false
		}
	}
	for _, word := range w.none {
		if contains(s, word) {
			return false
		}
	}
	if len(w.some) == 0 {
		return true
	}
	for _, word := range w.some {
		if contains(s, word) {
			return true
		}
	}
	return false
}

// contains looks for a word as it is, and as it stands within the texts of a record.
func contains(s, word string) bool {
	if strings.Contains(s, word) {
		return true
	}
	if !strings.ContainsAny(word, "\"\\") {
		return false
	}
	once := strconv.Quote(word)
	return strings.Contains(s, once[1:len(once)-1])
}
