package jsonata

import "strings"

// partial fixes some arguments of a function.
func (ev *evaluation) partial(n *node, in *item, env *frame) (item, error) {
	args := make([]item, len(n.list))
	for i, a := range n.list {
		if a.kind == nodeOperator {
			continue
		}
		var err error
		if args[i], err = ev.eval(a, in, env); err != nil {
			return item{}, err
		}
	}
	proc, err := ev.eval(n.lhs, in, env)
	if err != nil {
		return item{}, err
	}
	if proc.undefined() && n.lhs.kind == nodePath {
		if e := ev.forgotten(n, env, "T1007"); e != nil {
			return item{}, e
		}
	}
	f := proc.function()
	if f == nil {
		e := fail("T1008", nil)
		e.Position = n.pos
		if token, ok := procName(n.lhs); ok {
			e.setToken(token)
		}
		return item{}, e
	}
	params := f.params
	out := &callable{}
	switch {
	case f.lambda != nil, f.partials:
		*out = callable{lambda: f.lambda, in: f.in, body: f.body, native: f.native, partials: f.partials}
	default:
		params = nil
		for f.wrapped != nil {
			f = f.wrapped
		}
		if f.native == nil {
			return ev.partialHost(n, f, args), nil
		}
		for i, p := range f.native.params {
			if strings.Contains(p, "=") { // jsonata-js writes a definition with these names and reads it
				return item{}, failAt("S0208", 26, "=", fields{"value": i + 1})
			}
			params = append(params, intern(p))
		}
		*out = callable{native: f.native, partials: true}
	}
	out.env = &frame{parent: f.env}
	for i, p := range params {
		switch {
		case i < len(n.list) && n.list[i].kind == nodeOperator:
			out.params = append(out.params, p)
		case i < len(args):
			out.env.bind(p, args[i])
		default:
			out.env.bind(p, item{})
		}
	}
	return fun(out), nil
}

// partialHost fixes arguments of a function that has no named parameters.
func (ev *evaluation) partialHost(n *node, f *callable, fixed []item) item {
	holes := 0
	for _, a := range n.list {
		if a.kind == nodeOperator {
			holes++
		}
	}
	return fun(&callable{arity: holes, host: func(ev *evaluation, args []item, in item) (item, error) {
		all := make([]item, len(fixed))
		for i := range all {
			all[i] = fixed[i]
			if n.list[i].kind == nodeOperator && len(args) > 0 {
				all[i], args = args[0], args[1:]
			}
		}
		return ev.apply(f, all, &in, nil)
	}})
}

// chain is ~>: a call with one more argument, a composition of functions, or an application.
func (ev *evaluation) chain(n *node, in *item, env *frame) (item, error) {
	left, err := ev.eval(n.lhs, in, env)
	if err != nil {
		return item{}, err
	}
	if n.rhs.kind == nodeFunction {
		out, err := ev.call(n.rhs, in, env, &left)
		if err != nil {
			return item{}, err
		}
		return out, nil
	}
	right, err := ev.eval(n.rhs, in, env)
	if err != nil {
		return item{}, err
	}
	f := right.function()
	if f == nil {
		e := fail("T2006", fields{"value": right})
		e.Position = n.pos
		return item{}, e
	}
	if left.function() == nil {
		return ev.apply(f, []item{left}, &itemNull, env)
	}
	compose, err := ev.eval(composition, &itemNull, env)
	if err != nil {
		return item{}, err
	}
	return ev.apply(compose.function(), []item{left, right}, &itemNull, env)
}

// composition is what f ~> g makes of two functions.
var composition = func() *node {
	e, err := compile("function($f, $g) { function($x){ $g($f($x)) } }", false)
	if err != nil {
		panic(err)
	}
	return e.root
}()
