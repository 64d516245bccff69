package jsonata

// mergeSort is stable; after tells whether a belongs behind b. It compares in the order in which
// jsonata-js does, because the first comparison that fails decides the error.
func (ev *evaluation) mergeSort(list []item, after func(a, b int) (bool, error)) ([]item, error) {
	if err := ev.spend(len(list) * (itemSize + 16)); err != nil {
		return nil, err
	}
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	if err := ev.sortRange(order, make([]int, len(list)), after); err != nil {
		return nil, err
	}
	out := make([]item, len(list))
	for i, at := range order {
		out[i] = list[at]
	}
	return out, nil
}

func (ev *evaluation) sortRange(order, room []int, after func(a, b int) (bool, error)) error {
	if len(order) <= 1 {
		return nil
	}
	mid := len(order) / 2
	left, right := order[:mid], order[mid:]
	if err := ev.sortRange(left, room[:mid], after); err != nil {
		return err
	}
	if err := ev.sortRange(right, room[mid:], after); err != nil {
		return err
	}
	merged := room[:0]
	for len(left) > 0 && len(right) > 0 {
		if err := ev.tick(); err != nil {
			return err
		}
		swap, err := after(left[0], right[0])
		if err != nil {
			return err
		}
		if swap {
			merged, right = append(merged, right[0]), right[1:]
		} else {
			merged, left = append(merged, left[0]), left[1:]
		}
	}
	merged = append(append(merged, left...), right...)
	copy(order, merged)
	return nil
}

// sortKey is what a term of an order-by gives for one item, once it was asked for.
type sortKey struct {
	val   item
	known bool
}

// sort is the order-by step.
func (ev *evaluation) sort(n *node, in item, env *frame) (item, error) {
	v := viewOf(in)
	if v.n <= 1 {
		if in.cell == nil && v.n == 1 { // an array of one item has become a sequence on the way here
			return sequence(v.at(0)), nil
		}
		return in, nil
	}
	if err := ev.spend(v.n * itemSize * (1 + len(n.terms))); err != nil {
		return item{}, err
	}
	list := make([]item, v.n)
	for k := range list {
		list[k] = v.at(k)
	}
	stream := in.cell != nil && in.cell.tuple
	keys := make([]sortKey, v.n*len(n.terms))
	key := func(at, t int) (item, error) {
		k := &keys[at*len(n.terms)+t]
		if k.known {
			return k.val, nil
		}
		context, scope := list[at], env
		switch {
		case stream:
			context, scope = list[at].cell.tup.own(focused), list[at].cell.tup.over(env)
		case in.cell != nil && in.cell.bare:
			context = list[at].bindings()
		}
		val, err := ev.eval(n.terms[t].expr, &context, scope)
		k.val, k.known = val, err == nil
		return val, err
	}
	out, err := ev.mergeSort(list, func(a, b int) (bool, error) {
		for t := range n.terms {
			x, err := key(a, t)
			if err != nil {
				return false, err
			}
			y, err := key(b, t)
			if err != nil {
				return false, err
			}
			c, err := n.order(x, y)
			if err != nil {
				return false, err
			}
			if n.terms[t].descending && !x.undefined() && !y.undefined() {
				c = -c
			}
			if c != 0 {
				return c > 0, nil
			}
		}
		return false, nil
	})
	if err != nil {
		return item{}, err
	}
	return items(out...), nil
}

// order compares two keys; undefined comes last, whatever the direction.
func (n *node) order(x, y item) (int, error) {
	switch {
	case x.undefined() && y.undefined():
		return 0, nil
	case x.undefined():
		return 1, nil
	case y.undefined():
		return -1, nil
	}
	a, b := x.kind(), y.kind()
	if a != text && a != number || b != text && b != number {
		bad := x
		if a == text || a == number {
			bad = y
		}
		e := fail("T2008", fields{"value": bad})
		e.Position = n.pos
		return 0, e
	}
	if a != b {
		e := fail("T2007", fields{"value": x, "value2": y})
		e.Position = n.pos
		return 0, e
	}
	if a == text {
		return compareText(x.text(), y.text()), nil
	}
	switch f, g := x.float(), y.float(); {
	case f == g:
		return 0, nil
	case f < g:
		return -1, nil
	}
	return 1, nil
}
