package jsonata

import (
	"math"

	"statehouse/engine/value"
)

type operator uint8

const (
	opNone operator = iota
	opAdd
	opSubtract
	opMultiply
	opDivide
	opModulo
	opEqual
	opUnequal
	opLess
	opAtMost
	opGreater
	opAtLeast
	opConcat
	opRange
	opIn
	opAnd
	opOr
)

var operators = map[string]operator{
	"+": opAdd, "-": opSubtract, "*": opMultiply, "/": opDivide, "%": opModulo, "=": opEqual, "!=": opUnequal,
	"<": opLess, "<=": opAtMost, ">": opGreater, ">=": opAtLeast, "&": opConcat, "..": opRange, "in": opIn,
	"and": opAnd, "or": opOr,
}

// binary evaluates an operator with two sides. Its errors carry its place and sign, even those
// of the right side of "and" and "or".
func (ev *evaluation) binary(n *node, in *item, env *frame) (item, error) {
	left, err := ev.eval(n.lhs, in, env)
	if err != nil {
		return item{}, err
	}
	if n.op >= opAnd {
		out, err := ev.logic(n, left, in, env)
		return out, n.place(err)
	}
	right, err := ev.eval(n.rhs, in, env)
	if err != nil {
		return item{}, err
	}
	if n.op <= opDivide || n.op >= opLess && n.op <= opAtLeast {
		if x, ok := left.finite(); ok {
			if y, ok := right.finite(); ok {
				return calculate(n.op, x, y), nil
			}
		}
	}
	if n.op == opEqual && left.cell == nil && right.cell == nil && left.json.Kind() == value.KindString && right.json.Kind() == value.KindString {
		return truth(left.json.Text() == right.json.Text()), nil
	}
	out, err := ev.operate(n.op, left, right)
	if err != nil {
		return item{}, n.place(err)
	}
	return out, nil
}

// finite is the value of an ordinary number.
func (i *item) finite() (f float64, ok bool) {
	switch {
	case i.cell == calculated:
		f = i.num
	case i.cell == nil && i.json.Kind() == value.KindNumber:
		f = parseLiteral(i.json.Literal())
	default:
		return 0, false
	}
	return f, f-f == 0
}

// calculate is operate for ordinary numbers.
func calculate(op operator, x, y float64) item {
	switch op {
	case opAdd:
		return num(x + y)
	case opSubtract:
		return num(x - y)
	case opMultiply:
		return num(x * y)
	case opDivide:
		return num(x / y)
	case opLess:
		return truth(x < y)
	case opAtMost:
		return truth(x <= y)
	case opGreater:
		return truth(x > y)
	default:
		return truth(x >= y)
	}
}

func (n *node) place(err error) error {
	if e, ok := err.(*Error); ok && e.Budget == "" { //nolint:errorlint // the evaluator wraps nothing
		e.Position = n.pos
		e.setToken(n.text)
	}
	return err
}

func (ev *evaluation) logic(n *node, left item, in *item, env *frame) (item, error) {
	yes, err := ev.truthy(left)
	if err != nil {
		return item{}, err
	}
	if yes == (n.op == opOr) {
		return truth(yes), nil
	}
	right, err := ev.eval(n.rhs, in, env)
	if err != nil {
		return item{}, err
	}
	yes, err = ev.truthy(right)
	return truth(yes), err
}

func (ev *evaluation) operate(op operator, left, right item) (item, error) {
	switch op {
	case opAdd, opSubtract, opMultiply, opDivide, opModulo:
		return arithmetic(op, left, right)
	case opEqual, opUnequal:
		if left.undefined() || right.undefined() {
			return itemFalse, nil
		}
		eq, err := ev.equal(left, right, 0)
		return truth(eq == (op == opEqual)), err
	case opLess, opAtMost, opGreater, opAtLeast:
		return compare(op, left, right)
	case opConcat:
		return ev.concat(left, right)
	case opRange:
		return makeSpan(left, right)
	case opIn:
		return ev.includes(left, right)
	case opNone, opAnd, opOr:
	}
	panic("unreachable: operator")
}

func arithmetic(op operator, left, right item) (item, error) {
	if !left.undefined() {
		if ok, err := numeric(left); err != nil {
			return item{}, err
		} else if !ok {
			return item{}, fail("T2001", fields{"value": left})
		}
	}
	if !right.undefined() {
		if ok, err := numeric(right); err != nil {
			return item{}, err
		} else if !ok {
			return item{}, fail("T2002", fields{"value": right})
		}
	}
	if left.undefined() || right.undefined() {
		return item{}, nil
	}
	a, b := left.float(), right.float()
	switch op {
	case opAdd:
		return num(a + b), nil
	case opSubtract:
		return num(a - b), nil
	case opMultiply:
		return num(a * b), nil
	case opDivide:
		return num(a / b), nil
	default:
		return num(math.Mod(a, b)), nil
	}
}

func sortable(i item) bool {
	k := i.kind()
	return k == undefined || k == text || k == number
}

func compare(op operator, left, right item) (item, error) {
	if !sortable(left) || !sortable(right) {
		bad := left
		if k := left.kind(); k == text || k == number {
			bad = right
		}
		return item{}, fail("T2010", fields{"value": bad})
	}
	if left.undefined() || right.undefined() {
		return item{}, nil
	}
	if left.kind() != right.kind() {
		return item{}, fail("T2009", fields{"value": left, "value2": right})
	}
	var less, same bool
	if left.kind() == number {
		a, b := left.float(), right.float()
		if a != a || b != b {
			return itemFalse, nil
		}
		less, same = a < b, a == b
	} else {
		c := compareText(left.text(), right.text())
		less, same = c < 0, c == 0
	}
	switch op {
	case opLess:
		return truth(less), nil
	case opAtMost:
		return truth(less || same), nil
	case opGreater:
		return truth(!less && !same), nil
	default:
		return truth(!less), nil
	}
}

func (ev *evaluation) concat(left, right item) (item, error) {
	var a, b string
	var err error
	if !left.undefined() {
		if a, err = ev.toText(left); err != nil {
			return item{}, err
		}
	}
	if !right.undefined() {
		if b, err = ev.toText(right); err != nil {
			return item{}, err
		}
	}
	if err := ev.spend(len(a) + len(b)); err != nil {
		return item{}, err
	}
	if left.cell == nil && right.cell == nil {
		return item{json: value.String(a + b)}, nil
	}
	return str(a + b), nil
}

const maxSpan = 1e7

// makeSpan is a range of integers.
func makeSpan(left, right item) (item, error) {
	if !left.undefined() && !integer(left) {
		return item{}, fail("T2003", fields{"value": left})
	}
	if !right.undefined() && !integer(right) {
		return item{}, fail("T2004", fields{"value": right})
	}
	if left.undefined() || right.undefined() {
		return item{}, nil
	}
	a, b := left.float(), right.float()
	if a > b {
		return item{}, nil
	}
	size := b - a + 1
	if size > maxSpan {
		return item{}, fail("D2014", fields{"value": num(size)})
	}
	return item{cell: &cell{kind: array, seq: true, span: &span{a, int(size)}}}, nil
}

func integer(i item) bool {
	if i.kind() != number {
		return false
	}
	f := i.float()
	return f == math.Trunc(f) && !math.IsInf(f, 0)
}

func (ev *evaluation) includes(left, right item) (item, error) {
	if left.undefined() || right.undefined() {
		return itemFalse, nil
	}
	v := viewOf(right)
	for k := range v.n {
		if err := ev.tick(); err != nil {
			return item{}, err
		}
		if same(v.at(k), left) {
			return itemTrue, nil
		}
	}
	return itemFalse, nil
}
