package jsonpath

import (
	"errors"
	"math"
	"strings"

	"statehouse/engine/value"
)

// call is a function at the end of a path, such as .length() or .sum($.a,$.b).
type call struct {
	name string
	args []operand
}

func (e *evaluation) call(f *call, on value.Value) (value.Value, error) {
	switch f.name {
	case "length":
		return e.length(f, on)
	case "min", "max", "avg", "sum", "stddev":
		return e.aggregate(f, on)
	case "concat":
		return e.concat(f, on)
	case "append":
		return e.append(f, on)
	case "keys":
		if on.Kind() != value.KindObject {
			return value.Nil, nil
		}
		var keys []value.Value
		for _, m := range on.Members() {
			keys = append(keys, value.String(m.Key))
		}
		return value.Array(keys...), nil
	case "first", "last", "index":
		return e.pick(f, on)
	}
	return value.Value{}, errors.New("Function with name: " + f.name + " does not exist.") //nolint:staticcheck // Jayway's words
}

// length counts items or members of what it stands on. Its argument is looked at with a
// wildcard behind it, and counts only when what comes last is an array: Jayway's way.
func (e *evaluation) length(f *call, on value.Value) (value.Value, error) {
	if len(f.args) > 0 && f.args[0].path != nil {
		p := f.args[0].path
		tokens := append(p.tokens[:len(p.tokens):len(p.tokens)], token{kind: wildcard})
		found, err := e.read(tokens, false, e.from(p, on))
		if err != nil {
			return value.Value{}, err
		}
		if p.definite {
			found = found.At(found.Len() - 1)
		}
		if found.Kind() == value.KindArray {
			return value.Int(int64(found.Len())), nil
		}
	}
	if on.Kind() != value.KindArray && on.Kind() != value.KindObject {
		return value.Nil, nil
	}
	return value.Int(int64(on.Len())), nil
}

// inputs are the items of an array followed by the arguments, arrays among them opened.
func (e *evaluation) inputs(f *call, on value.Value) ([]value.Value, error) {
	var all []value.Value
	all = append(all, on.Items()...)
	for i := range f.args {
		arg, err := e.argument(&f.args[i], on)
		if err != nil {
			return nil, err
		}
		if arg.Kind() == value.KindArray {
			all = append(all, arg.Items()...)
		} else {
			all = append(all, arg)
		}
	}
	return all, nil
}

func (e *evaluation) argument(o *operand, on value.Value) (value.Value, error) {
	if o.path == nil {
		return o.literal, nil
	}
	return e.read(o.path.tokens, o.path.definite, e.from(o.path, on))
}

func (e *evaluation) aggregate(f *call, on value.Value) (value.Value, error) {
	all, err := e.inputs(f, on)
	if err != nil {
		return value.Value{}, err
	}
	var n, sum, squares float64
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range all {
		if v.Kind() != value.KindNumber {
			continue
		}
		x := v.AsFloat()
		n, sum, squares = n+1, sum+x, squares+x*x
		low, high = min(low, x), max(high, x)
	}
	if n == 0 {
		return value.Value{}, errors.New("Aggregation function attempted to calculate value using empty array") //nolint:staticcheck // Jayway's words
	}
	switch f.name {
	case "min":
		return double(low), nil
	case "max":
		return double(high), nil
	case "avg":
		return double(sum / n), nil
	case "sum":
		return double(sum), nil
	}
	return double(math.Sqrt(squares/n - sum*sum/n/n)), nil
}

// double is a float64 as Java shows it: 55 is 55.0.
func double(f float64) value.Value {
	v := value.Float(f)
	if lit := v.Literal(); lit != "" && !strings.ContainsAny(lit, ".e") {
		return value.Number(lit + ".0")
	}
	return v
}

func (e *evaluation) concat(f *call, on value.Value) (value.Value, error) {
	all, err := e.inputs(f, on)
	if err != nil {
		return value.Value{}, err
	}
	var b strings.Builder
	for _, v := range all {
		b.WriteString(v.Text())
	}
	return value.String(b.String()), nil
}

func (e *evaluation) append(f *call, on value.Value) (value.Value, error) {
	if on.Kind() != value.KindArray {
		return on, nil
	}
	items := on.Items()
	for i := range f.args {
		arg, err := e.argument(&f.args[i], on)
		if err != nil {
			return value.Value{}, err
		}
		items = append(items, arg)
	}
	return value.Array(items...), nil
}

func (e *evaluation) pick(f *call, on value.Value) (value.Value, error) {
	n := 0
	switch f.name {
	case "last":
		n = -1
	case "index":
		if len(f.args) == 1 {
			arg, err := e.argument(&f.args[0], on)
			if err != nil {
				return value.Value{}, err
			}
			i, _ := arg.AsInt()
			n = int(i)
		}
	}
	item := at(on, n)
	if item.IsAbsent() {
		return value.Value{}, missing("No results for path: ." + f.name + "()")
	}
	return item, nil
}
