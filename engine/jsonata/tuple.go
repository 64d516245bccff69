package jsonata

// tuplePath evaluates a path from the step on that binds variables or serves as a parent: from
// there every result is a tuple, its context and the bindings that led to it.
func (ev *evaluation) tuplePath(n *node, from int, cur item, single bool, env *frame) (item, error) {
	if single {
		cur = sequence(cur)
	}
	if from == 0 && n.list[0].cons && len(n.list) > 1 {
		// An array that is constructed is no stream yet: its bindings are lost, and its place
		// taken by the context when it binds its items.
		out, err := ev.eval(n.list[0], &cur, env)
		if err != nil {
			return item{}, err
		}
		if n.list[0].focus == noName {
			cur = out
		}
		if !cur.isArray() {
			cur = item{}
		}
		from = 1
	}
	var stream item
	begun := false
	for _, step := range n.list[from:] {
		var err error
		if !begun && step.kind != nodeSort {
			stream, err = ev.tuples(cur)
		}
		if err == nil {
			stream, err = ev.tupleStep(step, cur, stream, begun || step.kind != nodeSort, env)
		}
		if err != nil {
			return item{}, err
		}
		begun = true
	}
	if n.tuple { // it is part of a path that wants the bindings
		stream = shown(stream)
		if n.keepOne {
			stream.cell.keep = true
		}
		if n.group != nil {
			return ev.group(n.group, &stream, env)
		}
		return stream, nil
	}
	out := &cell{kind: array, seq: true, keep: n.keepOne}
	for _, t := range stream.cell.items {
		ev.add(out, t.cell.tup.own(focused))
	}
	if n.group != nil {
		return ev.group(n.group, &stream, env)
	}
	return item{cell: out}, nil
}

// tuples makes the first stream: one tuple for each item.
func (ev *evaluation) tuples(in item) (item, error) {
	v := viewOf(in)
	out := &cell{kind: array, seq: true, tuple: true}
	for k := range v.n {
		if err := ev.tick(); err != nil {
			return item{}, err
		}
		ev.add(out, tupleItem(newTuple(v.at(k))))
	}
	return item{cell: out}, nil
}

func (ev *evaluation) tupleStep(n *node, in, stream item, begun bool, env *frame) (item, error) {
	if n.kind == nodeSort {
		return ev.tupleSort(n, in, stream, begun, env)
	}
	out := &cell{kind: array, seq: true, tuple: true}
	for _, t := range stream.cell.items {
		before := t.cell.tup
		context := before.own(focused)
		res, err := ev.eval(n, &context, before.over(env))
		if err != nil {
			return item{}, err
		}
		if res.undefined() {
			continue
		}
		v := viewOf(res)
		for k := range v.n {
			if err := ev.tick(); err != nil {
				return item{}, err
			}
			next := before.with(3)
			one := v.at(k)
			if res.cell != nil && res.cell.tuple {
				for _, b := range one.cell.tup.vars {
					next.bind(b.id, b.val)
				}
			} else {
				if n.focus != noName {
					next.bind(n.focus, one)
				} else {
					next.bind(focused, one)
				}
				if n.index != noName {
					next.bind(n.index, num(float64(k)))
				}
				if n.parent != nil {
					next.bind(n.parent.label, context)
				}
			}
			ev.grown((len(next.vars) + 4) * itemSize)
			ev.add(out, tupleItem(next))
		}
	}
	return ev.stages(n.stages, item{cell: out}, env)
}

func (ev *evaluation) tupleSort(n *node, in, stream item, begun bool, env *frame) (item, error) {
	if begun {
		sorted, err := ev.sort(n, stream, env)
		if err != nil {
			return item{}, err
		}
		if sorted.cell != stream.cell {
			sorted.cell.bare = true
		}
		return ev.stages(n.stages, sorted, env)
	}
	sorted, err := ev.sort(n, in, env)
	if err != nil {
		return item{}, err
	}
	v := viewOf(sorted)
	out := &cell{kind: array, seq: true, tuple: true}
	for k := range v.n {
		t := newTuple(v.at(k))
		t.bind(n.index, num(float64(k)))
		ev.add(out, tupleItem(t))
	}
	return ev.stages(n.stages, item{cell: out}, env)
}

// shown is an array with the tuples of a bare stream as objects; anything else stays as it is.
func shown(stream item) item {
	if stream.cell == nil || !stream.cell.bare {
		return stream
	}
	list := make([]item, len(stream.cell.items))
	for k := range list {
		list[k] = stream.cell.items[k].bindings()
	}
	return items(list...)
}

// bindings is a tuple as an object, which jsonata-js takes it for where the mark of a stream is lost.
func (i item) bindings() item {
	out := &record{}
	for _, v := range i.cell.tup.vars {
		out.set(v.id.Value(), v.val)
	}
	return newObject(out)
}

// stages applies filters and index bindings to the results of a whole step.
func (ev *evaluation) stages(list []stage, in item, env *frame) (item, error) {
	for _, s := range list {
		if s.filter != nil {
			var err error
			if in, err = ev.filter(s.filter, in, env); err != nil {
				return item{}, err
			}
			continue
		}
		if in.cell == nil || !in.cell.tuple && !in.cell.bare {
			continue
		}
		for k, t := range in.cell.items {
			next := t.cell.tup.with(1)
			next.bind(s.index, num(float64(k)))
			in.cell.items[k] = tupleItem(next)
		}
	}
	return in, nil
}
