package complete

import (
	"context"
	"errors"
	"strings"
	"unicode/utf16"

	"statehouse/engine/jsonata"
	"statehouse/engine/value"
)

// Scope is what an expression sees at its place, with samples. States is $states with the
// members that exist there ("input", and "result", "errorOutput" or "context" where they do);
// a variable without a sample is Absent.
type Scope struct {
	States    value.Value
	Variables map[string]value.Value // names without $
	Input     jsonata.Input          // time, randomness and budget; Data and Bindings are not used
}

// ErrUndefined says that an expression gives nothing, which is an error in a state.
var ErrUndefined = errors.New("the expression gives nothing (undefined)")

// Evaluate answers an expression, with or without {% and %} around it. The error is a
// *jsonata.Error, whose Position counts UTF-16 units from the start of the text,
// jsonata.ErrUnsupportedResult or ErrUndefined.
func (s Scope) Evaluate(ctx context.Context, text string) (value.Value, error) {
	v, before, err := s.evaluate(ctx, text)
	if e, ok := errors.AsType[*jsonata.Error](err); ok && e.Position > 0 {
		moved := *e
		moved.Position += before
		err = &moved
	}
	if err == nil && v.IsAbsent() {
		err = ErrUndefined
	}
	return v, err
}

// evaluate also says how many units stand before the expression proper.
func (s Scope) evaluate(ctx context.Context, text string) (v value.Value, before int, err error) {
	inner := text
	if strings.HasPrefix(text, "{%") && strings.HasSuffix(text, "%}") && len(text) >= 4 {
		inner = strings.TrimRight(text[2:len(text)-2], " \t\r\n")
		inner = strings.TrimLeft(inner, " \t\r\n")
		before = units(text[:strings.Index(text, inner)])
	}
	e, err := jsonata.Compile(inner)
	if err != nil {
		return value.Value{}, before, err
	}
	in := s.Input
	in.Data, in.Bindings = value.Value{}, map[string]value.Value{"states": s.States}
	for name, v := range s.Variables {
		in.Bindings[name] = v
	}
	v, err = e.Eval(ctx, in)
	return v, before, err
}

func units(s string) int { return len(utf16.Encode([]rune(s))) }
