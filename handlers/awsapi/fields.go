package awsapi

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"statehouse/engine/value"
)

// field says what one member of a request may be. Lengths count characters, as the
// service's model does. Names, ARNs and definitions carry no length here: the engine refuses
// them with their own errors (InvalidName, InvalidArn, InvalidDefinition).
type field struct {
	name     string
	kind     value.Kind
	required bool
	min, max int64 // of a number, or of a string's length; max 0: no limit
	enum     []string
}

type fields []field

// check refuses members of the wrong type (SerializationException) and values outside
// their constraints (ValidationException, all of them in one message, like AWS).
func (fs fields) check(in value.Value) error {
	var wrong []string
	for _, f := range fs {
		v := in.Get(f.name)
		if v.IsAbsent() || v.IsNull() {
			if f.required {
				wrong = append(wrong, fmt.Sprintf("Value null at '%s' failed to satisfy constraint: Member must not be null", f.name))
			}
			continue
		}
		if v.Kind() != f.kind {
			return fault("SerializationException", "The member '%s' must be %s, not %s", f.name, article(f.kind), article(v.Kind()))
		}
		if w := f.constraint(v); w != "" {
			wrong = append(wrong, w)
		}
	}
	switch len(wrong) {
	case 0:
		return nil
	case 1:
		return fault("ValidationException", "1 validation error detected: %s", wrong[0])
	}
	return fault("ValidationException", "%d validation errors detected: %s", len(wrong), strings.Join(wrong, "; "))
}

func (f field) constraint(v value.Value) string {
	const at = "Value '%s' at '%s' failed to satisfy constraint: Member must %s"
	const shown = 400 // characters of a value that a message repeats
	switch v.Kind() {
	case value.KindNumber:
		n, whole := v.AsInt()
		switch {
		case !whole:
			return fmt.Sprintf(at, v.Literal(), f.name, "be a whole number")
		case n < f.min:
			return fmt.Sprintf(at, v.Literal(), f.name, fmt.Sprintf("have value greater than or equal to %d", f.min))
		case f.max > 0 && n > f.max:
			return fmt.Sprintf(at, v.Literal(), f.name, fmt.Sprintf("have value less than or equal to %d", f.max))
		}
	case value.KindString:
		s := v.Text()
		n := int64(utf8.RuneCountInString(s))
		known := f.enum == nil || slices.Contains(f.enum, s)
		if n > shown {
			s = string([]rune(s)[:shown]) + "…"
		}
		switch {
		case n < f.min:
			return fmt.Sprintf(at, s, f.name, fmt.Sprintf("have length greater than or equal to %d", f.min))
		case f.max > 0 && n > f.max:
			return fmt.Sprintf(at, s, f.name, fmt.Sprintf("have length less than or equal to %d", f.max))
		case !known:
			return fmt.Sprintf(at, s, f.name, "satisfy enum value set: ["+strings.Join(f.enum, ", ")+"]")
		}
	default:
	}
	return ""
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
	default:
		return "null"
	}
}
