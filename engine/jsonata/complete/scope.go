package complete

import (
	"context"
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

// evaluate answers an expression.
func (s Scope) evaluate(ctx context.Context, text string) (value.Value, error) {
	e, err := jsonata.Compile(text)
	if err != nil {
		return value.Value{}, err
	}
	in := s.Input
	in.Data, in.Bindings = value.Value{}, map[string]value.Value{"states": s.States}
	for name, v := range s.Variables {
		in.Bindings[name] = v
	}
	return e.Eval(ctx, in)
}

func units(s string) int { return len(utf16.Encode([]rune(s))) }
