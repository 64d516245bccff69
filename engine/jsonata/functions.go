package jsonata

import (
	"slices"
	"strings"
)

// Function is a built-in function as people see it.
type Function struct {
	Name       string   // without $
	Parameters []string // as jsonata-js names them, with * or ? where they are special
	Signature  string   // in JSONata's notation, such as "<s-nn?:s>"; may be empty
}

// Functions are the built-in functions that expressions of Step Functions may call, by name.
func Functions() []Function {
	var out []Function
	for _, list := range [][]entry{
		textFunctions, matchFunctions, numberFunctions, arrayFunctions, objectFunctions, higherFunctions,
		pictureFunctions, webFunctions, awsFunctions,
	} {
		for _, e := range list {
			name, rest, _ := strings.Cut(e.declaration, "(")
			f := Function{Name: name, Signature: e.signature}
			if rest = strings.TrimSuffix(rest, ")"); rest != "" {
				f.Parameters = strings.Split(rest, ", ")
			}
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(a, b Function) int { return strings.Compare(a.Name, b.Name) })
	return out
}
