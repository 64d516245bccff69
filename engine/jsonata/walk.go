package jsonata

// lookup is the field of an object, or of all objects in an array.
func (ev *evaluation) lookup(in item, key string) (item, error) {
	switch in.kind() {
	case object:
		return in.get(key), nil
	case array:
		out := &cell{kind: array, seq: true}
		v := viewOf(in)
		for k := range v.n {
			if err := ev.tick(); err != nil {
				return item{}, err
			}
			one := v.at(k)
			if one.isArray() {
				var err error
				ev.depth++
				if ev.depth > ev.budget.Depth {
					return item{}, exceeded(DepthBudget)
				}
				one, err = ev.lookup(one, key)
				ev.depth--
				if err != nil {
					return item{}, err
				}
			} else {
				one = one.get(key)
			}
			if one.undefined() {
				continue
			}
			if err := ev.extend(out, one); err != nil {
				return item{}, err
			}
		}
		return item{cell: out}, nil
	default:
		return item{}, nil
	}
}

// wildcard is every value of an object, arrays in it flattened.
func (ev *evaluation) wildcard(in item) (item, error) {
	if in.cell != nil && in.cell.outer {
		in = in.cell.items[0]
	}
	out := &cell{kind: array, seq: true}
	add := func(v item) error {
		if v.isArray() {
			out.seq = false // joining makes an ordinary array, as it does in jsonata-js
			return ev.flatten(out, v, 0)
		}
		ev.add(out, v)
		return ev.tick()
	}
	switch in.kind() {
	case array:
		v := viewOf(in)
		for k := range v.n {
			if err := add(v.at(k)); err != nil {
				return item{}, err
			}
		}
	case object:
		for _, m := range in.members() {
			if err := add(m.val); err != nil {
				return item{}, err
			}
		}
	default:
	}
	return item{cell: out}, nil
}

func (ev *evaluation) flatten(out *cell, v item, depth int) error {
	if depth > maxDepthOut {
		return exceeded(DepthBudget)
	}
	view := viewOf(v)
	for k := range view.n {
		if err := ev.tick(); err != nil {
			return err
		}
		one := view.at(k)
		if !one.isArray() {
			ev.add(out, one)
		} else if err := ev.flatten(out, one, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// descendants is everything in and under a value, except for arrays themselves.
func (ev *evaluation) descendants(in item) (item, error) {
	if in.undefined() {
		return item{}, nil
	}
	out := &cell{kind: array, seq: true}
	if err := ev.descend(out, in, 0); err != nil {
		return item{}, err
	}
	if v := viewOf(item{cell: out}); v.n == 1 {
		return v.at(0), nil
	}
	return item{cell: out}, nil
}

func (ev *evaluation) descend(out *cell, in item, depth int) error {
	if depth > maxDepthOut {
		return exceeded(DepthBudget)
	}
	if err := ev.tick(); err != nil {
		return err
	}
	if in.isArray() {
		v := viewOf(in)
		for k := range v.n {
			if err := ev.descend(out, v.at(k), depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	ev.add(out, in)
	if in.kind() == object {
		for _, m := range in.members() {
			if err := ev.descend(out, m.val, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}
