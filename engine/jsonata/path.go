package jsonata

import "statehouse/engine/value"

// path evaluates the steps of a location path, each on every item that the one before gave.
//
// While a path leads through single objects nothing is built: cur is the one item. As soon as a
// step gives several, cur is an array of them.
func (ev *evaluation) path(n *node, in *item, env *frame) (item, error) {
	cur, single := *in, !in.isArray() || n.list[0].kind == nodeVariable
	i := 0
	if single {
		cur, i = ev.straight(n, cur, env)
		if cur.undefined() && i > 0 {
			i = len(n.list)
		}
		single = i == 0 || !cur.isArray() || cur.cell != nil && cur.cell.cons
		if i > 0 && i < len(n.list) && !single && cur.size() == 0 {
			cur, single, i = item{}, true, len(n.list)
		}
	}
	for ; i < len(n.list); i++ {
		step := n.list[i]
		if step.tuple {
			return ev.tuplePath(n, i, cur, single, env)
		}
		last := i == len(n.list)-1
		if step.simple && single {
			next, err := ev.small(step, cur, env)
			if err != nil {
				return item{}, err
			}
			if next.undefined() {
				cur, single = item{}, true
				break
			}
			if !next.isArray() || next.cell != nil && next.cell.cons {
				cur = next
				continue
			}
			if next.cell == nil || !next.cell.seq || !last {
				cur, single = next, false
				if last || next.size() > 0 {
					continue
				}
				cur, single = item{}, true
				break
			}
			cur, single = item{cell: next.cell.like()}, false
			cur.cell.seq = true
			continue
		}
		var err error
		if i == 0 && step.cons {
			if single {
				cur = sequence(cur)
			}
			cur, err = ev.eval(step, &cur, env)
			single = false
			if !cur.isArray() && !last { // grouped: jsonata-js finds no items in the object
				cur, single = item{}, true
			}
		} else {
			cur, single, err = ev.step(step, cur, single, env, last)
		}
		if err != nil {
			return item{}, err
		}
		if cur.undefined() || !single && cur.isArray() && cur.size() == 0 {
			break
		}
	}
	return ev.pathEnd(n, cur, single, env)
}

// straight follows the plain names at the beginning of a path as long as they lead from one JSON
// object to one value, and says at which step it stopped.
func (ev *evaluation) straight(n *node, cur item, env *frame) (item, int) {
	i := 0
	if first := n.list[0]; first.simple && first.kind == nodeVariable {
		cur, i = ev.variable(first, &cur, env).collapse(), 1
	}
	if cur.cell != nil {
		return cur, i
	}
	v := cur.json
	for i < len(n.list) && v.Kind() == value.KindObject {
		step := n.list[i]
		if !step.simple || step.kind != nodeName {
			break
		}
		v = v.Get(step.text)
		i++
	}
	return item{json: v}, i
}

// trail follows a path of a variable and names that leads from one JSON object to one value or to
// nothing. All others are for path.
func (ev *evaluation) trail(n *node, in *item, env *frame) (value.Value, bool) {
	first := ev.variable(n.list[0], in, env)
	v := first.json
	if first.cell != nil {
		return v, false
	}
	for _, step := range n.list[1:] {
		if v.Kind() != value.KindObject {
			return v, false
		}
		if v = v.Get(step.text); v.IsAbsent() {
			break
		}
	}
	return v, true
}

// small is a step that is a plain name or variable, on one item.
func (ev *evaluation) small(step *node, cur item, env *frame) (item, error) {
	if step.kind == nodeVariable {
		return ev.variable(step, &cur, env).collapse(), nil
	}
	if cur.isArray() {
		out, err := ev.lookup(cur, step.text)
		return out.collapse(), err
	}
	return cur.get(step.text).collapse(), nil
}

// pathEnd applies [] and the grouping to what the steps gave.
func (ev *evaluation) pathEnd(n *node, cur item, single bool, env *frame) (item, error) {
	if n.keepOne && !cur.undefined() {
		switch {
		case single:
			cur = sequence(cur)
		case cur.cell != nil && cur.cell.cons && !cur.cell.seq:
			cur = sequence(cur)
		}
		if cur.isSequence() {
			cur.cell.keep = true
		}
		single = false
	}
	if n.group == nil {
		return cur, nil
	}
	if single && cur.isArray() {
		cur = sequence(cur)
	}
	return ev.group(n.group, &cur, env)
}

// step evaluates one step on all items. Like cur, the result is either one item or an array.
func (ev *evaluation) step(n *node, cur item, single bool, env *frame, last bool) (out item, one bool, err error) {
	v := view{one: cur, n: 1}
	if !single {
		v = viewOf(cur)
	}
	if n.kind == nodeSort {
		if single {
			cur = sequence(cur)
		}
		if out, err = ev.sort(n, cur, env); err != nil {
			return item{}, false, err
		}
		out, err = ev.stages(n.stages, out, env)
		return out, false, err
	}
	if n.simple && n.kind == nodeName && v.n > 1 {
		return ev.fields(n.text, &v, last)
	}
	var only item
	var all *cell
	found := 0
	for k := range v.n {
		one := v.at(k)
		var res item
		if n.simple && n.kind == nodeName && !one.isArray() {
			err = ev.tick()
			res = one.get(n.text).collapse()
		} else {
			res, err = ev.eval(n, &one, env)
		}
		for s := range n.stages {
			if err == nil {
				res, err = ev.filter(n.stages[s].filter, res, env)
			}
		}
		if err != nil {
			return item{}, false, err
		}
		if res.undefined() {
			continue
		}
		switch found++; found {
		case 1:
			only = res
			continue
		case 2:
			all = &cell{kind: array, seq: true}
			if only.cell == calculated { // so the others will be, too
				all.items = make([]item, 0, min(v.n, 256))
				ev.grown(cap(all.items) * itemSize)
			}
			err = ev.spread(all, only)
		}
		if err == nil {
			err = ev.spread(all, res)
		}
		if err != nil {
			return item{}, false, err
		}
	}
	switch {
	case found == 0:
		return item{}, true, nil
	case found > 1:
		return item{cell: all}, false, nil
	case !only.isArray():
		return only, true, nil
	case last && !only.isSequence():
		return only, false, nil
	}
	switch {
	case only.cell != nil && only.cell.cons:
		return only, true, nil
	case only.size() == 0:
		return item{}, true, nil
	case only.cell == nil:
		return only, false, nil
	}
	out = item{cell: only.cell.like()}
	out.cell.seq, out.cell.tuple = true, only.cell.tuple
	return out, false, nil
}

// fields is the step of a plain name on many values.
func (ev *evaluation) fields(name string, v *view, last bool) (out item, one bool, err error) {
	all := &cell{kind: array, seq: true}
	if v.json != nil {
		all.json = make([]value.Value, 0, v.n)
	}
	ev.grown(v.n * itemSize)
	found := 0
	var only item
	for k := range v.n {
		if err := ev.tick(); err != nil {
			return item{}, false, err
		}
		var res item
		if at := v.at(k); at.cell == nil && at.json.Kind() == value.KindObject {
			res.json = at.json.Get(name)
		} else if res, err = ev.lookup(at, name); err != nil {
			return item{}, false, err
		} else {
			res = res.collapse()
		}
		if res.undefined() {
			continue
		}
		if found++; found == 1 {
			only = res
		}
		if res.isArray() && (res.cell == nil || !res.cell.cons) {
			if err := ev.extend(all, res); err != nil {
				return item{}, false, err
			}
			continue
		}
		ev.add(all, res)
	}
	switch {
	case found == 0:
		return item{}, true, nil
	case found == 1 && !only.isArray():
		return only, true, nil
	case found == 1 && last && !only.isSequence():
		return only, false, nil
	}
	return item{cell: all}, false, nil
}

// spread appends the result of a step to the results of all items: arrays flatten, unless a
// constructor made them.
func (ev *evaluation) spread(out *cell, res item) error {
	if res.isArray() && (res.cell == nil || !res.cell.cons) {
		return ev.extend(out, res)
	}
	ev.add(out, res)
	return nil
}
