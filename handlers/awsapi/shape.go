package awsapi

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"statehouse/engine/value"
)

// shape says what one value of a request may be, in the facts of the service's model.
// Lengths count characters of texts and items of lists.
type shape struct {
	kind     value.Kind
	min, max int64 // of a number, or of a length; max 0: no limit
	fraction bool  // a number that need not be whole
	long     bool  // a whole number of 64 bits, not of 32
	enum     []string
	pattern  *pattern // nil: any text
	secret   bool     // never repeated in a message
	item     *shape   // of a list
	members  members  // of an object
}

// pattern is a regular expression as messages show it. Match decides it by hand: Go's
// regular expressions cannot look ahead.
type pattern struct {
	text  string
	match func(string) bool
}

// member is a named part of a request, or of an object inside it.
type member struct {
	name     string
	shape    *shape
	required bool
}

type members []member

// violations collects the sentences about the values that break their constraints.
type violations []string

const broken = "failed to satisfy constraint: Member must"

// check refuses members of the wrong type (SerializationException) and values outside
// their constraints (ValidationException, all of them in one message, like AWS).
func (ms members) check(in value.Value) error {
	var wrong violations
	if err := ms.walk(&wrong, in, ""); err != nil {
		return err
	}
	switch len(wrong) {
	case 0:
		return nil
	case 1:
		return fault("ValidationException", "1 validation error detected: %s", wrong[0])
	}
	return fault("ValidationException", "%d validation errors detected: %s", len(wrong), strings.Join(wrong, "; "))
}

func (ms members) walk(wrong *violations, in value.Value, at string) error {
	for _, m := range ms {
		v, path := in.Get(m.name), at+m.name
		if v.IsAbsent() || v.IsNull() {
			if m.required {
				wrong.add("Value null at '%s' %s not be null", path, broken)
			}
			continue
		}
		if err := m.shape.walk(wrong, v, path); err != nil {
			return err
		}
	}
	return nil
}

// walk looks at one value and everything in it.
func (s *shape) walk(wrong *violations, v value.Value, path string) error {
	if v.Kind() != s.kind {
		return fault("SerializationException", "The member '%s' must be %s, not %s", path, article(s.kind), article(v.Kind()))
	}
	switch s.kind {
	case value.KindString:
		s.text(wrong, v.Text(), path)
	case value.KindNumber:
		return s.number(wrong, v, path)
	case value.KindArray:
		s.length(wrong, v.JSON(), int64(v.Len()), path)
		for i, item := range v.Items() {
			at := fmt.Sprintf("%s.%d.member", path, i+1)
			if item.IsNull() {
				wrong.add("Value null at '%s' %s not be null", at, broken)
				continue
			}
			if err := s.item.walk(wrong, item, at); err != nil {
				return err
			}
		}
	case value.KindObject:
		return s.members.walk(wrong, v, path+".")
	case value.KindAbsent, value.KindNull, value.KindBool:
	}
	return nil
}

func (s *shape) text(wrong *violations, text, path string) {
	if s.enum != nil && !slices.Contains(s.enum, text) {
		s.broke(wrong, text, path, "satisfy enum value set: ["+strings.Join(s.enum, ", ")+"]")
	}
	if s.pattern != nil && !s.pattern.match(text) {
		s.broke(wrong, text, path, "satisfy regular expression pattern: "+s.pattern.text)
	}
	s.length(wrong, text, int64(utf8.RuneCountInString(text)), path)
}

func (s *shape) length(wrong *violations, shown string, n int64, path string) {
	switch {
	case n < s.min:
		s.broke(wrong, shown, path, fmt.Sprintf("have length greater than or equal to %d", s.min))
	case s.max > 0 && n > s.max:
		s.broke(wrong, shown, path, fmt.Sprintf("have length less than or equal to %d", s.max))
	}
}

func (s *shape) number(wrong *violations, v value.Value, path string) error {
	if n, whole := v.AsInt(); !s.fraction && (!whole || !s.long && n != int64(int32(n))) {
		return fault("SerializationException", "The member '%s' must be a whole number of %d bits, not %s", path, s.bits(), shown(v.Literal()))
	}
	switch {
	case value.Compare(v, value.Int(s.min)) < 0:
		s.broke(wrong, v.Literal(), path, fmt.Sprintf("have value greater than or equal to %d", s.min))
	case s.max > 0 && value.Compare(v, value.Int(s.max)) > 0:
		s.broke(wrong, v.Literal(), path, fmt.Sprintf("have value less than or equal to %d", s.max))
	}
	return nil
}

func (s *shape) bits() int {
	if s.long {
		return 64
	}
	return 32
}

func (s *shape) broke(wrong *violations, text, path, must string) {
	if s.secret {
		wrong.add("Value at '%s' %s %s", path, broken, must)
		return
	}
	wrong.add("Value '%s' at '%s' %s %s", shown(text), path, broken, must)
}

func (w *violations) add(format string, args ...any) { *w = append(*w, fmt.Sprintf(format, args...)) }

// shown is a value as messages repeat it: whole, as AWS does, unless it is very long.
func shown(text string) string {
	const whole, head = 4096, 400
	if utf8.RuneCountInString(text) <= whole {
		return text
	}
	return string([]rune(text)[:head]) + "…"
}

func article(k value.Kind) string {
	switch k {
	case value.KindString:
		return "a string"
	case value.KindNumber:
		return "a number"
	case value.KindBool:
		return "a boolean"
	case value.KindObject:
		return "an object"
	case value.KindArray:
		return "a list"
	case value.KindAbsent, value.KindNull:
	}
	return "null"
}
