package jsonata

import "errors"

// evalFunctions are what AWS leaves out or has in another form.
var evalFunctions = []entry{
	{"eval(expr, focus)", "<sx?:x>", missing(fnEval)},
	{"random()", "<:n>", func(c *call) (item, error) { return num(c.ev.random()), nil }},
}

func fnEval(c *call) (item, error) {
	in := c.in
	if focus := c.arg(1); !focus.undefined() {
		in = focus
		if in.isArray() && !in.isSequence() {
			in = sequence(in)
			in.cell.outer = true
		}
	}
	e, err := compile(c.arg(0).text(), c.ev.expr.aws)
	if err != nil {
		return item{}, inner("D3120", err)
	}
	out, err := c.ev.eval(e.root, &in, c.env)
	if err != nil {
		return item{}, inner("D3121", err)
	}
	return out, nil
}

// inner wraps the message of an error in an expression that is text.
func inner(code string, err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Budget != "" {
		return err
	}
	return fail(code, fields{"value": e.finish().Message})
}

// random is a number from 0 to below 1, of the bits that the input gives.
func (ev *evaluation) random() float64 { return float64(ev.bits()>>11) / (1 << 53) }

func (ev *evaluation) bits() uint64 {
	if ev.in.Random != nil {
		return ev.in.Random()
	}
	ev.drawn++
	return scramble(ev.drawn)
}

// scramble is one step of SplitMix64.
func scramble(n uint64) uint64 {
	z := n * 0x9E3779B97F4A7C15
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}
