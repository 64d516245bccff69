package human

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"statehouse/engine/value"
)

// FieldError is one fault of a filled-in form.
type FieldError struct {
	Pointer string // JSON pointer of the value, "" the whole form
	Message string // in plain words
	Missing bool   // nothing was given where something is required
}

// CheckForm lists everything that is wrong with the data of a form, in the order of the
// pointers. It changes nothing: text is not a number. An Absent schema allows only an
// empty form.
func CheckForm(schema, data value.Value) ([]FieldError, error) {
	if schema.IsAbsent() {
		if data.Kind() == value.KindObject && data.Len() == 0 {
			return nil, nil
		}
		return []FieldError{{Message: "This task has no form."}}, nil
	}
	if where, ok := endless(data, ""); ok {
		return []FieldError{{Pointer: where, Message: "is too large a number"}}, nil
	}
	s, err := Compile(schema)
	if err != nil {
		return nil, err
	}
	doc, err := plain(data)
	if err != nil {
		return nil, err
	}
	fault, ok := errors.AsType[*jsonschema.ValidationError](s.Validate(doc))
	if !ok {
		return nil, nil
	}
	var faults []FieldError
	collect(fault, &faults)
	slices.SortFunc(faults, func(a, b FieldError) int {
		return cmp.Or(strings.Compare(a.Pointer, b.Pointer), strings.Compare(a.Message, b.Message))
	})
	return slices.Compact(faults), nil
}

// collect walks to the leaves, which say what is wrong; the nodes above only say where.
// Alternatives are told as one fault: why each of them failed helps nobody.
func collect(e *jsonschema.ValidationError, to *[]FieldError) {
	at := pointer(e.InstanceLocation)
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		missing(at, k.Missing, to)
		return
	case *kind.DependentRequired:
		missing(at, k.Missing, to)
		return
	case *kind.Dependency:
		missing(at, k.Missing, to)
		return
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			*to = append(*to, FieldError{Pointer: at + pointer([]string{name}), Message: "is not a field of this form"})
		}
		return
	case *kind.AnyOf, *kind.OneOf, *kind.Not, *kind.Contains:
		*to = append(*to, FieldError{Pointer: at, Message: inWords(e)})
		return
	}
	if len(e.Causes) == 0 {
		*to = append(*to, FieldError{Pointer: at, Message: inWords(e)})
		return
	}
	for _, c := range e.Causes {
		collect(c, to)
	}
}

func missing(at string, names []string, to *[]FieldError) {
	for _, name := range names {
		*to = append(*to, FieldError{Pointer: at + pointer([]string{name}), Message: "is required", Missing: true})
	}
}

// endless finds a number whose exact value would take for ever to write down.
func endless(v value.Value, at string) (string, bool) {
	switch v.Kind() {
	case value.KindNumber:
		text := v.Literal()
		if i := strings.IndexAny(text, "eE"); i >= 0 && len(strings.TrimLeft(text[i+1:], "+-0")) > 3 {
			return at, true
		}
		return "", false
	case value.KindArray:
		for i, item := range v.Items() {
			if where, ok := endless(item, at+"/"+value.Int(int64(i)).JSON()); ok {
				return where, true
			}
		}
	case value.KindObject:
		for _, m := range v.Members() {
			if where, ok := endless(m.Value, at+pointer([]string{m.Key})); ok {
				return where, true
			}
		}
	case value.KindAbsent, value.KindNull, value.KindBool, value.KindString:
	}
	return "", false
}
