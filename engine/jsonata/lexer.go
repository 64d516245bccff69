package jsonata

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

type tokenKind uint8

const (
	tokEnd tokenKind = iota
	tokOperator
	tokName
	tokVariable
	tokString
	tokNumber
	tokValue // true, false, null
	tokRegex
)

// token is a word of the text. pos is where it ends, in UTF-16 units, as jsonata-js counts.
type token struct {
	kind tokenKind
	text string
	num  float64
	pos  int
}

// id is how the grammar calls a token: operators by their sign, all else by its sort.
func (t token) id() string {
	switch t.kind {
	case tokOperator:
		return t.text
	case tokName, tokVariable:
		return "(name)"
	case tokString, tokNumber, tokValue:
		return "(literal)"
	case tokRegex:
		return "(regex)"
	case tokEnd:
	}
	return "(end)"
}

// about puts the token into an error.
func (t token) about(e *Error) *Error {
	e.Token, e.hasToken = t.text, true
	switch t.kind {
	case tokEnd:
		e.Token = "(end)"
	case tokNumber:
		e.Token = plainNumber(t.num)
		e.tokenRaw = e.Token
	case tokValue:
		e.tokenRaw = t.text
	case tokRegex:
		e.tokenRaw = "{}"
	case tokOperator, tokName, tokVariable, tokString:
	}
	return e
}

type lexer struct {
	src   string
	at    int // bytes
	units int // UTF-16 units of src[:mark]
	mark  int
}

const (
	blanks     = " \t\n\r\v"
	punctuated = ".[]{}(),@#;:?+-*/%|=<>^&!~"
)

var twins = []string{"..", ":=", "!=", ">=", "<=", "**", "~>"}

// pos turns a byte offset that is not before the last one asked for into UTF-16 units.
func (l *lexer) pos(at int) int {
	if at < l.mark {
		return utf16Len(l.src[:at])
	}
	l.units += utf16Len(l.src[l.mark:at])
	l.mark = at
	return l.units
}

func utf16Len(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c < 0x80 || c >= 0xC0 && c < 0xF0:
			n++
		case c >= 0xF0:
			n += 2
		}
	}
	return n
}

func (l *lexer) make(kind tokenKind, text string) token {
	return token{kind: kind, text: text, pos: l.pos(l.at)}
}

func (l *lexer) fail(code string, at int, token string) *Error {
	return failAt(code, l.pos(at), token, nil)
}

// skip passes blanks and comments.
func (l *lexer) skip() *Error {
	for {
		for l.at < len(l.src) && strings.IndexByte(blanks, l.src[l.at]) >= 0 {
			l.at++
		}
		if !strings.HasPrefix(l.src[l.at:], "/*") {
			return nil
		}
		end := strings.Index(l.src[l.at+2:], "*/")
		if end < 0 {
			return l.fail("S0106", l.at, "")
		}
		l.at += 2 + end + 2
	}
}

// next reads a token. A slash after an operand divides, anywhere else it opens a regular
// expression.
func (l *lexer) next(afterOperand bool) (token, *Error) {
	if err := l.skip(); err != nil {
		return token{}, err
	}
	if l.at >= len(l.src) {
		return l.make(tokEnd, ""), nil
	}
	c := l.src[l.at]
	if c == '/' && !afterOperand {
		return l.regex()
	}
	for _, twin := range twins {
		if strings.HasPrefix(l.src[l.at:], twin) {
			l.at += 2
			return l.make(tokOperator, twin), nil
		}
	}
	switch {
	case strings.IndexByte(punctuated, c) >= 0:
		l.at++
		return l.make(tokOperator, l.src[l.at-1:l.at]), nil
	case c == '"' || c == '\'':
		return l.str(c)
	case c >= '0' && c <= '9':
		return l.number()
	case c == '`':
		return l.quotedName()
	}
	return l.name(), nil
}

func (l *lexer) number() (token, *Error) {
	end := l.at
	if l.src[end] == '0' {
		end++
	} else {
		end = l.digits(end)
	}
	if end+1 < len(l.src) && l.src[end] == '.' {
		if after := l.digits(end + 1); after > end+1 {
			end = after
		}
	}
	if end < len(l.src) && (l.src[end] == 'e' || l.src[end] == 'E') {
		exp := end + 1
		if exp < len(l.src) && (l.src[exp] == '+' || l.src[exp] == '-') {
			exp++
		}
		if after := l.digits(exp); after > exp {
			end = after
		}
	}
	text := l.src[l.at:end]
	f, _ := strconv.ParseFloat(text, 64)
	if math.IsInf(f, 0) {
		return token{}, l.fail("S0102", l.at, text)
	}
	l.at = end
	t := l.make(tokNumber, text)
	t.num = f
	return t, nil
}

func (l *lexer) digits(i int) int {
	for i < len(l.src) && l.src[i] >= '0' && l.src[i] <= '9' {
		i++
	}
	return i
}

func (l *lexer) quotedName() (token, *Error) {
	end := strings.IndexByte(l.src[l.at+1:], '`')
	if end < 0 {
		return token{}, l.fail("S0105", len(l.src), "")
	}
	name := l.src[l.at+1 : l.at+1+end]
	l.at += end + 2
	return l.make(tokName, name), nil
}

func (l *lexer) name() token {
	start := l.at
	for l.at < len(l.src) && strings.IndexByte(blanks, l.src[l.at]) < 0 && strings.IndexByte(punctuated, l.src[l.at]) < 0 {
		l.at++
	}
	word := l.src[start:l.at]
	if word[0] == '$' {
		return l.make(tokVariable, word[1:])
	}
	switch word {
	case "or", "in", "and":
		return l.make(tokOperator, word)
	case "true", "false", "null":
		return l.make(tokValue, word)
	}
	return l.make(tokName, word)
}

// regex reads /pattern/flags; a slash inside of brackets or after a backslash belongs to the
// pattern. The token's text is flags, a slash, pattern.
func (l *lexer) regex() (token, *Error) {
	start, depth := l.at+1, 0
	for i := start; i < len(l.src); i++ {
		escaped := l.src[i-1] == '\\'
		switch l.src[i] {
		case '/':
			if depth != 0 || l.backslashes(i)%2 == 1 {
				continue
			}
			if i == start {
				return token{}, l.fail("S0301", i, "")
			}
			l.at = i + 1
			for l.at < len(l.src) && (l.src[l.at] == 'i' || l.src[l.at] == 'm') {
				l.at++
			}
			return l.make(tokRegex, l.src[i+1:l.at]+"/"+l.src[start:i]), nil
		case '(', '[', '{':
			if !escaped {
				depth++
			}
		case ')', ']', '}':
			if !escaped {
				depth--
			}
		}
	}
	return token{}, l.fail("S0302", len(l.src), "")
}

func (l *lexer) backslashes(before int) int {
	n := 0
	for before-n > 0 && l.src[before-n-1] == '\\' {
		n++
	}
	return n
}

// str reads a string in either quote. Halves of surrogate pairs that stand alone are kept in
// the three bytes that UTF-8 would give them, as JavaScript keeps them.
func (l *lexer) str(quote byte) (token, *Error) {
	var buf []byte
	i := l.at + 1
	for i < len(l.src) {
		switch c := l.src[i]; c {
		case quote:
			l.at = i + 1
			return l.make(tokString, joinSurrogates(buf)), nil
		case '\\':
			i++
			if i >= len(l.src) {
				e := l.fail("S0103", i, "")
				e.hasToken = true
				return token{}, e
			}
			if l.src[i] == 'u' {
				unit, ok := hexUnit(l.src, i+1)
				if !ok {
					return token{}, l.fail("S0104", i, "")
				}
				buf = appendUnit(buf, unit)
				i += 5
				continue
			}
			plain, ok := escapes[l.src[i]]
			if !ok {
				_, size := utf8.DecodeRuneInString(l.src[i:])
				return token{}, l.fail("S0103", i, l.src[i:i+size])
			}
			buf = append(buf, plain)
			i++
		default:
			buf = append(buf, c)
			i++
		}
	}
	return token{}, l.fail("S0101", len(l.src), "")
}

var escapes = map[byte]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// hexUnit reads up to four digits: jsonata-js takes fewer at the end of the text.
func hexUnit(s string, i int) (uint16, bool) {
	digits := s[min(i, len(s)):min(i+4, len(s))]
	u, err := strconv.ParseUint(digits, 16, 16)
	return uint16(u), err == nil
}
