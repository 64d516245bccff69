package jsonata

import "math"

var transformSig = func() *signature {
	s, err := parseSignature("<(oa):o>")
	if err != nil {
		panic(err)
	}
	return s
}()

// transformer is |pattern|update,delete|: a function that changes a copy of its argument.
func (ev *evaluation) transformer(n *node, env *frame) item {
	return fun(&callable{arity: 1, hostSig: transformSig, host: func(ev *evaluation, args []item, _ item) (item, error) {
		if len(args) == 0 || args[0].undefined() {
			return item{}, nil
		}
		return ev.transform(n, args[0], env)
	}})
}

var cloneName = intern("clone")

func (ev *evaluation) transform(n *node, in item, env *frame) (item, error) {
	cloner, bound := env.lookup(cloneName)
	if !bound {
		cloner = ev.expr.library()["clone"].item
	}
	if cloner.function() == nil {
		e := fail("T2013", nil)
		e.Position = n.pos
		return item{}, e
	}
	out, err := ev.apply(cloner.function(), []item{in}, &itemNull, env)
	if err != nil {
		return item{}, err
	}
	matches, err := ev.eval(n.lhs, &out, env)
	if err != nil || matches.undefined() {
		return out, err
	}
	v := viewOf(matches)
	for k := range v.n {
		if err := ev.change(n, v.at(k), env); err != nil {
			return item{}, err
		}
	}
	return out, nil
}

// change updates one match in place: the copy belongs to the transform.
func (ev *evaluation) change(n *node, match item, env *frame) error {
	update, err := ev.eval(n.rhs, &match, env)
	if err != nil {
		return err
	}
	if !update.undefined() {
		if update.kind() != object {
			return clause("T2011", n.rhs, update)
		}
		for _, m := range update.members() {
			if match.cell != nil && match.cell.obj != nil {
				match.cell.obj.set(m.key, m.val)
			}
		}
	}
	if n.third == nil {
		return nil
	}
	gone, err := ev.eval(n.third, &match, env)
	if err != nil || gone.undefined() {
		return err
	}
	v := viewOf(gone)
	for k := range v.n {
		if v.at(k).kind() != text {
			return clause("T2012", n.third, gone)
		}
	}
	for k := range v.n {
		if match.cell != nil && match.cell.obj != nil {
			match.cell.obj.remove(v.at(k).text())
		}
	}
	return nil
}

func clause(code string, n *node, v item) error {
	e := fail(code, fields{"value": v})
	e.Position = n.pos
	return e
}

// clone copies a value so that it may be changed. It goes through text in jsonata-js, so numbers
// keep fifteen digits and functions become empty strings.
func (ev *evaluation) clone(i item, depth int) (item, error) {
	if err := ev.tick(); err != nil {
		return item{}, err
	}
	if depth > maxDepthOut {
		return item{}, exceeded(DepthBudget)
	}
	switch i.kind() {
	case number:
		f := i.float()
		if ok, err := numeric(i); err != nil || !ok {
			return itemNull, err
		}
		switch r := round15(f); {
		case math.IsInf(r, 0):
			return itemNull, nil
		case r != f:
			return num(r), nil
		}
	case function:
		return str(""), nil
	case undefined:
		return itemNull, nil
	case array:
		if i.cell != nil && i.cell.outer {
			i = i.cell.items[0]
		}
		v := viewOf(i)
		if err := ev.spend(v.n * itemSize); err != nil {
			return item{}, err
		}
		out := &cell{kind: array, items: make([]item, v.n)}
		for k := range v.n {
			var err error
			if out.items[k], err = ev.clone(v.at(k), depth+1); err != nil {
				return item{}, err
			}
		}
		return item{cell: out}, nil
	case object:
		out := &record{}
		for _, m := range i.members() {
			if m.val.undefined() {
				continue
			}
			c, err := ev.clone(m.val, depth+1)
			if err != nil {
				return item{}, err
			}
			out.set(m.key, c)
		}
		ev.grown(len(out.members) * (itemSize + 16))
		return newObject(out), nil
	case null, boolean, text, tuple:
	}
	return i, nil
}
