package jsonata

import (
	"math"
	"strings"

	"statehouse/engine/value"
)

// entry is a line of the library: name(parameters as jsonata-js names them) and signature.
type entry struct {
	declaration string
	signature   string
	call        func(c *call) (item, error)
}

func build(lists ...[]entry) map[string]*native {
	out := map[string]*native{}
	for _, list := range lists {
		for _, e := range list {
			name, rest, _ := strings.Cut(e.declaration, "(")
			n := &native{name: name, call: e.call}
			if rest = strings.TrimSuffix(rest, ")"); rest != "" {
				n.params = strings.Split(rest, ", ")
				n.arity = len(n.params) - strings.Count(rest, "=")
			}
			if e.signature != "" {
				sig, err := parseSignature(e.signature)
				if err != nil {
					panic(err)
				}
				n.sig = sig
			}
			n.item = fun(&callable{native: n})
			out[name] = n
		}
	}
	return out
}

var (
	standardLibrary map[string]*native
	awsLibrary      map[string]*native
)

// The libraries are filled here and not where they are declared, because $eval reads them.
func init() {
	standardLibrary = build(textFunctions, matchFunctions, numberFunctions, arrayFunctions, objectFunctions, higherFunctions,
		pictureFunctions, webFunctions, evalFunctions)
	awsLibrary = build(textFunctions, matchFunctions, numberFunctions, arrayFunctions, objectFunctions, higherFunctions,
		pictureFunctions, webFunctions, awsFunctions)
}

// missing answers functions whose first argument is undefined. A long text in it counts as work.
func missing(f func(c *call) (item, error)) func(c *call) (item, error) {
	return func(c *call) (item, error) {
		if c.arg(0).undefined() {
			return item{}, nil
		}
		if long := c.textSize(); long > 1<<12 {
			if err := c.ev.read(long); err != nil {
				return item{}, err
			}
		}
		return f(c)
	}
}

// textSize is the length of the first argument when it is a string.
func (c *call) textSize() int {
	if a := &c.args[0]; a.cell == nil && a.json.Kind() == value.KindString {
		return len(a.json.Text())
	}
	return 0
}

// wide is missing for functions that need, for a while, so many times the memory of their string, or
// take long over every byte of it.
func wide(times int, f func(c *call) (item, error)) func(c *call) (item, error) {
	return missing(func(c *call) (item, error) {
		if err := c.ev.room(times * c.textSize()); err != nil {
			return item{}, err
		}
		return f(c)
	})
}

// texts is wide for functions of one string that cannot fail.
func texts(f func(s string) string) func(c *call) (item, error) {
	return wide(3, func(c *call) (item, error) {
		out := f(c.arg(0).text())
		return str(out), c.ev.spend(len(out))
	})
}

// numbers is missing for functions of one number that cannot fail.
func numbers(f func(x float64) float64) func(c *call) (item, error) {
	return missing(func(c *call) (item, error) { return num(f(c.arg(0).float())), nil })
}

// whole is a numeric argument that counts something. Step Functions rounds it down.
func (c *call) whole(i int) item {
	a := c.arg(i)
	if c.ev.expr.aws && a.kind() == number {
		return num(math.Floor(a.float()))
	}
	return a
}
