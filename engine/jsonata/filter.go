package jsonata

import "statehouse/engine/value"

// filter keeps the items for which a predicate is true, or whose place it gives.
func (ev *evaluation) filter(n *node, in item, env *frame) (item, error) {
	v := viewOf(in)
	out := &cell{kind: array, seq: true}
	if in.cell != nil {
		out.tuple, out.bare = in.cell.tuple, in.cell.bare
	}
	if n.kind == nodeNumber {
		at := floorIndex(n.lit.float(), v.n)
		if at < 0 || at >= v.n {
			return item{cell: out}, nil
		}
		one := v.at(at)
		switch {
		case one.isArray():
			return one, nil
		case !one.undefined():
			out.items = []item{one}
		}
		return item{cell: out}, nil
	}
	for k := range v.n {
		one := v.at(k)
		var res item
		var err error
		switch {
		case out.tuple:
			context := one.cell.tup.own(focused)
			res, err = ev.eval(n, &context, one.cell.tup.over(env))
		case out.bare:
			context := one.bindings()
			res, err = ev.eval(n, &context, env)
		default:
			res, err = ev.eval(n, &one, env)
		}
		if err != nil {
			return item{}, err
		}
		if res.cell == nil && res.json.Kind() == value.KindBool {
			if res.json.AsBool() {
				ev.add(out, one)
			}
			continue
		}
		times, err := ev.selects(res, k, v.n)
		if err != nil {
			return item{}, err
		}
		for range times {
			ev.add(out, one)
		}
	}
	return item{cell: out}, nil
}

func floorIndex(f float64, n int) int {
	if f != f || f >= 1<<52 || f <= -(1<<52) {
		return -1
	}
	i := int(f)
	if float64(i) > f {
		i--
	}
	if i < 0 {
		i += n
	}
	return i
}

// selects tells how often a predicate's result asks for the item at k of n.
func (ev *evaluation) selects(res item, k, n int) (int, error) {
	if err := ev.tick(); err != nil {
		return 0, err
	}
	ok, err := numeric(res)
	if err != nil {
		return 0, err
	}
	if ok {
		if floorIndex(res.float(), n) == k {
			return 1, nil
		}
		return 0, nil
	}
	if res.isArray() {
		v := viewOf(res)
		ev.steps += int64(v.n)
		times, all := 0, true
		for j := range v.n {
			one := v.at(j)
			ok, err := numeric(one)
			if err != nil {
				return 0, err
			}
			if !ok {
				all = false
				continue
			}
			if floorIndex(one.float(), n) == k {
				times++
			}
		}
		if all {
			return times, nil
		}
	}
	yes, err := ev.truthy(res)
	if yes {
		return 1, err
	}
	return 0, err
}
