package jsonata

// callable is a function as a value.
type callable struct {
	mark mark

	// A lambda, with the place where it was made.
	lambda *node
	in     item
	env    *frame
	params []name
	sig    *signature
	body   *node

	native   *native                                                  // a built-in function, or the inside of a partial application of one
	host     func(ev *evaluation, args []item, in item) (item, error) // made by the evaluator: transforms, chains, matches
	hostSig  *signature
	regex    *pattern
	wrapped  *callable // an argument: errors in it do not tell where it was called
	arity    int
	plain    bool // a host that is a function of JavaScript
	partials bool // a lambda around a native function, which sees its arguments unchecked
}

// native is a built-in function.
type native struct {
	name   string
	sig    *signature
	params []string // as jsonata-js names them, which partial application needs
	arity  int      // how many of them have no default
	call   func(c *call) (item, error)
	item   item
}

// call is one call of a native function.
type call struct {
	ev   *evaluation
	args []item
	in   item
	env  *frame
}

// arg is argument i, undefined when it is missing.
func (c *call) arg(i int) item {
	if i < len(c.args) {
		return c.args[i]
	}
	return item{}
}

// isObject tells lambdas and built-ins, which are objects in jsonata-js, from functions of
// JavaScript.
func (f *callable) isObject() bool { return f.wrapped == nil && f.regex == nil && !f.plain }

// takes is how many arguments the function declares.
func (f *callable) takes() int {
	switch {
	case f.lambda != nil, f.partials:
		return len(f.params)
	case f.native != nil:
		return f.native.arity
	}
	return f.arity
}

// marked is where the function was called last.
func (ev *evaluation) marked(f *callable) mark {
	if f.native == nil || f.partials {
		return f.mark
	}
	for i := range ev.marks {
		if ev.marks[i].native == f.native {
			return ev.marks[i].mark
		}
	}
	return mark{}
}

func (ev *evaluation) note(f *callable, m mark) {
	if f.native == nil || f.partials {
		f.mark = m
		return
	}
	for i := range ev.marks {
		if ev.marks[i].native == f.native {
			ev.marks[i].mark = m
			return
		}
	}
	ev.marks = append(ev.marks, nativeMark{f.native, m})
}

// procName is what errors call the function of a call: most often the name of a variable. What
// has no text of its own has no name.
func procName(n *node) (string, bool) {
	switch n.kind {
	case nodePath:
		return procName(n.list[0])
	case nodeNumber, nodeValue:
		return errorJSON(n.lit), true
	case nodeBlock, nodeLambda, nodeCondition, nodeTransform, nodeParent:
		return "", false
	default:
		return n.text, true
	}
}

// call evaluates a function call; before, when given, is an argument that goes first.
func (ev *evaluation) call(n *node, in *item, env *frame, before *item) (item, error) {
	proc, err := ev.eval(n.lhs, in, env)
	if err != nil {
		return item{}, err
	}
	if proc.undefined() && n.lhs.kind == nodePath {
		if e := ev.forgotten(n, env, "T1005"); e != nil {
			return item{}, e
		}
	}
	base := len(ev.stack)
	if before != nil {
		ev.stack = append(ev.stack, *before)
	}
	for _, a := range n.list {
		v, err := ev.eval(a, in, env)
		if err != nil {
			ev.stack = ev.stack[:base]
			return item{}, err
		}
		if f := v.function(); f != nil {
			v = wrap(f)
		}
		ev.stack = append(ev.stack, v)
	}
	args := ev.stack[base:len(ev.stack):len(ev.stack)]
	f := proc.function()
	if f != nil && f.isObject() {
		ev.note(f, n.called)
	}
	var out item
	if f != nil && f.native != nil && !f.partials {
		out, err = ev.builtin(f.native, args, in, env)
		if err != nil {
			err = ev.marked(f).place(err) // a call of the same function inside may have left its own
		}
	} else {
		out, err = ev.apply(f, args, in, env)
	}
	ev.stack = ev.stack[:base]
	if err == nil {
		return out, nil
	}
	if e, ok := err.(*Error); ok && e.Budget == "" || ok && e.Budget != "" && e.Position == 0 { //nolint:errorlint // see place
		if e.Position == 0 {
			e.Position = n.pos
		}
		if e.Token == "" && n.called.hasToken {
			e.setToken(n.called.token)
		}
	}
	return item{}, err
}

// wrap is what a function sees of a function that it is given.
func wrap(f *callable) item {
	both := &struct {
		cell     cell
		callable callable
	}{}
	both.callable.wrapped, both.callable.arity = f, f.takes()
	both.cell.kind, both.cell.fn = function, &both.callable
	return item{cell: &both.cell}
}

// forgotten is the error for a name that is called without its $.
func (ev *evaluation) forgotten(n *node, env *frame, code string) error {
	word := n.lhs.list[0].text
	_, bound := env.lookup(intern(word))
	if !bound && ev.expr.library()[word] == nil {
		return nil
	}
	e := fail(code, nil)
	e.Position = n.pos
	e.setToken(word)
	return e
}

// apply calls a function and then, one after the other, the tail calls that it ends in. The
// arguments are copied by whoever keeps them.
func (ev *evaluation) apply(f *callable, args []item, in *item, env *frame) (item, error) {
	out, err := ev.applyOnce(f, args, in, env)
	for err == nil && out.cell != nil {
		t := out.function()
		if t == nil || t.lambda == nil || !t.lambda.thunk {
			break
		}
		out, err = ev.tailCall(t, in, env)
	}
	return out, err
}

// tailCall runs the call that a function ended in.
func (ev *evaluation) tailCall(t *callable, in *item, env *frame) (item, error) {
	n := t.body
	proc, err := ev.eval(n.lhs, &t.in, t.env)
	if err != nil {
		return item{}, err
	}
	f := proc.function()
	if f != nil {
		m := ev.marked(f)
		m.pos = n.lhs.pos
		if n.lhs.kind == nodeVariable {
			m.token, m.hasToken = n.lhs.text, true
		}
		ev.note(f, m)
	}
	base := len(ev.stack)
	for _, a := range n.list {
		v, err := ev.eval(a, &t.in, t.env)
		if err != nil {
			ev.stack = ev.stack[:base]
			return item{}, err
		}
		ev.stack = append(ev.stack, v)
	}
	out, err := ev.applyOnce(f, ev.stack[base:len(ev.stack):len(ev.stack)], in, env)
	ev.stack = ev.stack[:base]
	return out, err
}

// applyOnce calls a function; errors from inside learn where, if they do not know better.
func (ev *evaluation) applyOnce(f *callable, args []item, in *item, env *frame) (item, error) {
	if f == nil {
		return item{}, fail("T1006", nil)
	}
	out, err := ev.enter(f, args, in, env)
	if err == nil {
		return out, nil
	}
	return item{}, ev.marked(f).place(err)
}

// place tells an error where the function was called in which it arose: always the outermost
// place, but the innermost name.
func (m mark) place(err error) error {
	if e, ok := err.(*Error); ok { //nolint:errorlint // the evaluator wraps nothing
		if !e.hasToken && m.hasToken {
			e.setToken(m.token)
		}
		if m.pos != 0 {
			e.Position = m.pos
		}
	}
	return err
}

func (ev *evaluation) enter(f *callable, args []item, in *item, env *frame) (item, error) {
	if err := ev.tick(); err != nil {
		return item{}, err
	}
	// This guards against functions that call each other without evaluating anything.
	if ev.entered++; ev.entered > ev.budget.Depth {
		ev.entered--
		return item{}, exceeded(DepthBudget)
	}
	out, err := ev.inside(f, args, in, env)
	ev.entered--
	return out, err
}

func (ev *evaluation) inside(f *callable, args []item, in *item, env *frame) (out item, err error) {
	switch {
	case f.wrapped != nil:
		return ev.apply(f.wrapped, args, &itemNull, env)
	case f.partials:
		scope := &frame{parent: f.env}
		bindParams(scope, f.params, args)
		list := make([]item, len(f.native.params))
		for i, p := range f.native.params {
			list[i], _ = scope.lookup(intern(p))
		}
		return ev.native(f.native, list, &item{}, scope)
	case f.native != nil:
		return ev.builtin(f.native, args, in, env)
	case f.host != nil:
		if f.hostSig != nil {
			if args, err = f.hostSig.validate(args, in); err != nil {
				return item{}, err
			}
		}
		return f.host(ev, args, *in)
	case f.regex != nil:
		return ev.matcher(f.regex, args)
	}
	if f.sig != nil {
		if args, err = f.sig.validate(args, in); err != nil {
			return item{}, err
		}
	}
	if f.lambda.leaf {
		scope := ev.lend(f.env)
		bindParams(scope, f.params, args)
		out, err = ev.eval(f.body, &f.in, scope)
		ev.takeBack(scope)
		return out, err
	}
	scope := newFrame(f.env)
	bindParams(scope, f.params, args)
	return ev.eval(f.body, &f.in, scope)
}

// builtin checks the arguments of a built-in function and calls it.
func (ev *evaluation) builtin(n *native, args []item, in *item, env *frame) (item, error) {
	if err := ev.tick(); err != nil {
		return item{}, err
	}
	if n.sig != nil {
		var err error
		if args, err = n.sig.validate(args, in); err != nil {
			return item{}, err
		}
	}
	return ev.native(n, args, in, env)
}

// native calls a built-in function. The record of the call is used again by later calls.
func (ev *evaluation) native(n *native, args []item, in *item, env *frame) (item, error) {
	if ev.calls == len(ev.spare) {
		ev.spare = append(ev.spare, &call{ev: ev})
	}
	c := ev.spare[ev.calls]
	ev.calls++
	c.args, c.in, c.env = args, *in, env
	out, err := n.call(c)
	ev.calls--
	return out, err
}

func bindParams(scope *frame, params []name, args []item) {
	for i, p := range params {
		v := item{}
		if i < len(args) {
			v = args[i]
		}
		scope.bind(p, v)
	}
}

// invoke calls a function that a native function was given.
func (c *call) invoke(f *callable, args ...item) (item, error) {
	return c.ev.apply(f, args, &itemNull, c.env)
}
