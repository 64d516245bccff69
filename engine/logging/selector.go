package logging

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// test is what a selector asks of a record that was read.
type test func(record any) bool

// selector reads { … } patterns: comparisons of members, joined by && and ||.
type selector struct {
	rest  string
	depth int
}

// maxDepth bounds the parentheses.
const maxDepth = 32

func parseSelector(text string) (Pattern, error) {
	inner, ok := strings.CutSuffix(text[1:], "}")
	if !ok {
		return Pattern{}, fmt.Errorf("%w: } is missing at its end", ErrPattern)
	}
	p := &selector{rest: inner}
	t, err := p.either()
	if err != nil {
		return Pattern{}, err
	}
	if p.blank(); p.rest != "" {
		return Pattern{}, fmt.Errorf("%w: %q is not understood", ErrPattern, p.rest)
	}
	return Pattern{match: func(line []byte) bool {
		var record any
		return json.Unmarshal(line, &record) == nil && t(record)
	}}, nil
}

func (p *selector) blank() { p.rest = strings.TrimLeft(p.rest, " \t\n") }

// take takes a sign from the beginning, if it is there.
func (p *selector) take(sign string) bool {
	p.blank()
	rest, ok := strings.CutPrefix(p.rest, sign)
	p.rest = rest
	return ok
}

func (p *selector) either() (test, error) { return p.joined("||", p.both) }

func (p *selector) both() (test, error) { return p.joined("&&", p.one) }

// joined reads one test or several, with sign between them.
func (p *selector) joined(sign string, read func() (test, error)) (test, error) {
	first, err := read()
	if err != nil {
		return nil, err
	}
	for p.take(sign) {
		a := first
		b, err := read()
		if err != nil {
			return nil, err
		}
		if sign == "||" {
			first = func(r any) bool { return a(r) || b(r) }
		} else {
			first = func(r any) bool { return a(r) && b(r) }
		}
	}
	return first, nil
}

func (p *selector) one() (test, error) {
	if p.take("(") {
		if p.depth++; p.depth > maxDepth {
			return nil, fmt.Errorf("%w: there are too many parentheses", ErrPattern)
		}
		t, err := p.either()
		if err != nil {
			return nil, err
		}
		if !p.take(")") {
			return nil, fmt.Errorf("%w: ) is missing", ErrPattern)
		}
		p.depth--
		return t, nil
	}
	path, err := p.path()
	if err != nil {
		return nil, err
	}
	return p.comparison(path)
}

// path reads $.details.name.
func (p *selector) path() ([]string, error) {
	if !p.take("$.") {
		return nil, fmt.Errorf("%w: a member like $.type is expected at %q", ErrPattern, p.rest)
	}
	end := strings.IndexAny(p.rest, " \t\n=!<>)&|}")
	if end < 0 {
		end = len(p.rest)
	}
	path := strings.Split(p.rest[:end], ".")
	p.rest = p.rest[end:]
	for _, name := range path {
		if name == "" || strings.ContainsAny(name, "[]*") {
			return nil, fmt.Errorf("%w: members are named like $.details.name", ErrPattern)
		}
	}
	return path, nil
}

func (p *selector) comparison(path []string) (test, error) {
	for _, w := range []struct {
		word string
		test test
	}{
		{"NOT EXISTS", func(r any) bool { _, ok := at(r, path); return !ok }},
		{"IS NULL", func(r any) bool { v, ok := at(r, path); return ok && v == nil }},
		{"IS TRUE", func(r any) bool { v, _ := at(r, path); return v == true }},
		{"IS FALSE", func(r any) bool { v, _ := at(r, path); return v == false }},
	} {
		if p.take(w.word) {
			return w.test, nil
		}
	}
	for _, sign := range []string{"!=", "<=", ">=", "=", "<", ">"} {
		if p.take(sign) {
			return p.compared(path, sign)
		}
	}
	return nil, fmt.Errorf("%w: a comparison is expected at %q", ErrPattern, p.rest)
}

// compared reads what a member is compared with: a text, in which * stands for anything, or a
// number. A text of digits in a record is compared with a number as one.
func (p *selector) compared(path []string, sign string) (test, error) {
	p.blank()
	var want string
	var err error
	inQuotes := strings.HasPrefix(p.rest, `"`)
	if inQuotes {
		want, p.rest, err = quoted(p.rest)
	} else {
		end := strings.IndexAny(p.rest, " \t\n)&|")
		if end < 0 {
			end = len(p.rest)
		}
		want, p.rest = p.rest[:end], p.rest[end:]
	}
	if err != nil {
		return nil, err
	}
	number, notNumber := strconv.ParseFloat(want, 64)
	switch {
	case want == "" && !inQuotes:
		return nil, fmt.Errorf("%w: a value is missing", ErrPattern)
	case sign == "=" || sign == "!=":
		equal := sign == "="
		return func(r any) bool {
			v, ok := at(r, path)
			if !ok {
				return false
			}
			if n, isNumber := numberOf(v); isNumber && notNumber == nil {
				return (n == number) == equal
			}
			s, isText := v.(string)
			return isText && like(s, want) == equal
		}, nil
	case notNumber != nil:
		return nil, fmt.Errorf("%w: %s needs a number", ErrPattern, sign)
	}
	return func(r any) bool {
		v, _ := at(r, path)
		n, ok := numberOf(v)
		if !ok {
			return false
		}
		switch sign {
		case "<":
			return n < number
		case "<=":
			return n <= number
		case ">":
			return n > number
		default:
			return n >= number
		}
	}, nil
}

func numberOf(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case string:
		n, err := strconv.ParseFloat(v, 64)
		return n, err == nil
	}
	return 0, false
}

// at follows a path of members.
func at(v any, path []string) (any, bool) {
	for _, name := range path {
		o, _ := v.(map[string]any)
		next, ok := o[name]
		if !ok {
			return nil, false
		}
		v = next
	}
	return v, true
}

// like compares a text with one in which * stands for anything.
func like(s, pattern string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return s == pattern
	}
	if !strings.HasPrefix(s, parts[0]) {
		return false
	}
	s = s[len(parts[0]):]
	last := len(parts) - 1
	for _, part := range parts[1:last] {
		i := strings.Index(s, part)
		if i < 0 {
			return false
		}
		s = s[i+len(part):]
	}
	return strings.HasSuffix(s, parts[last])
}
