package jsonata

import "statehouse/engine/value"

// bucket is what falls under one key of an object constructor or grouping.
type bucket struct {
	key  string
	pair int
	data item
	many bool // data is a list of this grouping's own
}

// group makes an object: each item gives a key, and items with the same key are the context of
// the value together.
func (ev *evaluation) group(n *node, in *item, env *frame) (item, error) {
	v := viewOf(shown(*in))
	stream := in.cell != nil && in.cell.tuple
	if v.n == 0 && stream {
		return item{}, &Error{Message: "Cannot read properties of undefined (reading '@')"} // so it ends in jsonata-js
	}
	if v.n == 0 {
		v = view{n: 1} // an object constructor works without a context, too
	}
	if v.n == 1 && !stream {
		one := v.at(0)
		return ev.construct(n, &one, env)
	}
	var order record // of bucket numbers, for JavaScript's order of keys
	var buckets []bucket
	for k := range v.n {
		one := v.at(k)
		context, scope := one, env
		if stream {
			context, scope = one.cell.tup.own(focused), one.cell.tup.over(env)
		}
		for i, p := range n.pairs {
			key, err := ev.eval(p.key, &context, scope)
			if err != nil {
				return item{}, err
			}
			if key.undefined() {
				continue
			}
			if key.kind() != text {
				return item{}, badKey(n, key)
			}
			at := order.find(key.text())
			if at < 0 {
				order.set(key.text(), num(float64(len(buckets))))
				buckets = append(buckets, bucket{key: key.text(), pair: i, data: one})
				continue
			}
			b := &buckets[int(order.members[at].val.num)]
			if b.pair != i {
				return item{}, twice(n, key)
			}
			if err := ev.gather(b, one); err != nil {
				return item{}, err
			}
		}
	}
	out := &record{}
	for _, m := range order.members {
		b := &buckets[int(m.val.num)]
		context, scope := b.data, env
		if stream {
			t := reduce(b.data)
			context, scope = t.own(focused), t.over(env)
		}
		val, err := ev.eval(n.pairs[b.pair].value, &context, scope)
		if err != nil {
			return item{}, err
		}
		if !val.undefined() {
			out.set(b.key, val)
		}
	}
	return newObject(out), nil
}

func badKey(n *node, key item) error {
	e := fail("T1003", fields{"value": key})
	e.Position = n.pos
	return e
}

func twice(n *node, key item) error {
	e := fail("D1009", fields{"value": key})
	e.Position = n.pos
	return e
}

// gather joins an item to a bucket as $append does.
func (ev *evaluation) gather(b *bucket, one item) error {
	if one.undefined() {
		return nil
	}
	if b.data.undefined() {
		b.data = one
		return nil
	}
	if !b.many {
		c := &cell{kind: array}
		if err := ev.extend(c, b.data); err != nil {
			return err
		}
		b.data, b.many = item{cell: c}, true
	}
	return ev.extend(b.data.cell, one)
}

// construct is group for one item, which most object constructors have.
func (ev *evaluation) construct(n *node, in *item, env *frame) (item, error) {
	if n.constant != nil {
		return ev.constant(n, in, env)
	}
	out := &record{members: make([]member, 0, len(n.pairs))}
	for i, p := range n.pairs {
		key, err := ev.eval(p.key, in, env)
		if err != nil {
			return item{}, err
		}
		switch {
		case key.undefined():
			continue
		case key.kind() != text:
			return item{}, badKey(n, key)
		}
		if out.find(key.text()) >= 0 {
			return item{}, twice(n, key)
		}
		out.set(key.text(), num(float64(i)))
	}
	ev.grown(len(n.pairs) * (itemSize + 16))
	gaps := false
	for k := range out.members {
		m := &out.members[k]
		val, err := ev.eval(n.pairs[int(m.val.num)].value, in, env)
		if err != nil {
			return item{}, err
		}
		m.val = val
		gaps = gaps || val.undefined()
	}
	if gaps {
		kept := &record{members: make([]member, 0, len(out.members))}
		for _, m := range out.members {
			if !m.val.undefined() {
				kept.set(m.key, m.val)
			}
		}
		out = kept
	}
	return newObject(out), nil
}

// constant is construct for keys that are known beforehand. An object of nothing but JSON becomes
// JSON at once.
func (ev *evaluation) constant(n *node, in *item, env *frame) (item, error) {
	members := make([]value.Member, 0, len(n.pairs))
	ev.grown((len(n.pairs) + 2) * itemSize)
	for i, p := range n.pairs {
		val, err := ev.eval(p.value, in, env)
		if err != nil {
			return item{}, err
		}
		if val.cell != nil {
			if val.cell != calculated || !printable(val.num) {
				return ev.mixed(n, members, i, val, in, env)
			}
			val.json = numberValue(val.num)
		}
		if !val.json.IsAbsent() {
			members = append(members, value.Member{Key: n.constant[i], Value: val.json})
		}
	}
	return item{json: value.Record(members)}, nil
}

// mixed goes on with constant from member i on, whose value JSON has no form for yet.
func (ev *evaluation) mixed(n *node, done []value.Member, i int, val item, in *item, env *frame) (item, error) {
	both := &struct {
		cell   cell
		record record
	}{}
	members := make([]member, len(done), len(n.pairs))
	for k := range done {
		members[k] = member{done[k].Key, item{json: done[k].Value}}
	}
	for {
		if !val.undefined() {
			members = append(members, member{n.constant[i], val})
		}
		if i++; i == len(n.pairs) {
			break
		}
		var err error
		if val, err = ev.eval(n.pairs[i].value, in, env); err != nil {
			return item{}, err
		}
	}
	both.record.members = members
	both.cell.kind, both.cell.obj = object, &both.record
	return item{cell: &both.cell}, nil
}

// reduce joins the tuples of one bucket: each variable has the values of all.
func reduce(data item) *frame {
	if data.kind() == tuple {
		return data.cell.tup
	}
	list := data.cell.items
	out := list[0].cell.tup.with(0)
	for _, t := range list[1:] {
		for _, b := range t.cell.tup.vars {
			out.bind(b.id, appended(out.own(b.id), b.val))
		}
	}
	return out
}

// appended is $append.
func appended(a, b item) item {
	switch {
	case a.undefined():
		return b
	case b.undefined():
		return a
	}
	x, y := viewOf(a), viewOf(b)
	list := make([]item, 0, x.n+y.n)
	for k := range x.n {
		list = append(list, x.at(k))
	}
	for k := range y.n {
		list = append(list, y.at(k))
	}
	return items(list...)
}
