package jsonata

import (
	"context"
	"math"
	"sync"
	"time"

	"statehouse/engine/value"
)

// evaluation is one run of an expression. It belongs to one goroutine.
type evaluation struct {
	ctx    context.Context
	expr   *Expr
	in     Input
	budget Budget
	began  time.Time
	root   frame
	room4  [4]variable // of root

	steps, nextCheck int64
	bytes            int64
	depth, entered   int

	// Where and under which name native functions were called last; errors from inside tell it.
	marks  []nativeMark
	stack  []item  // arguments of the calls that are under way
	spare  []*call // records of native calls; the first calls of them are in use
	calls  int
	frames []*frame // that calls have no more use for
	drawn  uint64
}

// mark is where a function was called, and under which name.
type mark struct {
	token    string
	hasToken bool
	pos      int
}

type nativeMark struct {
	native *native
	mark
}

// Evaluations are used again: most are over in a microsecond, and their stacks are worth keeping.
var evaluations = sync.Pool{New: func() any { return new(evaluation) }}

func newEvaluation(ctx context.Context, e *Expr, in *Input) *evaluation {
	ev := evaluations.Get().(*evaluation)
	ev.ctx, ev.expr, ev.in, ev.budget = ctx, e, *in, in.Budget.filled()
	ev.nextCheck = min(checkEvery, ev.budget.Steps)
	ev.root.vars = ev.room4[:0]
	for i := range e.mentioned {
		if v, ok := in.Bindings[e.mentioned[i].name]; ok {
			ev.root.vars = append(ev.root.vars, variable{e.mentioned[i].id, of(v)})
		}
	}
	return ev
}

// release gives the evaluation back. Nothing that outlives it refers to it. What it refers to
// itself stays alive until it is used again or the pool is emptied, which every garbage
// collection does.
func (ev *evaluation) release() {
	const most = 256
	if cap(ev.stack) > most || len(ev.spare) > most || len(ev.frames) > most {
		return
	}
	ev.began = time.Time{}
	ev.steps, ev.bytes, ev.depth, ev.entered, ev.calls, ev.drawn = 0, 0, 0, 0, 0, 0
	ev.marks, ev.stack = ev.marks[:0], ev.stack[:0]
	evaluations.Put(ev)
}

// elapsed is the time since the evaluation first looked at the clock: at the latest after so many
// steps as are between two looks.
func (ev *evaluation) elapsed() time.Duration {
	if ev.began.IsZero() {
		ev.began = time.Now()
	}
	return time.Since(ev.began)
}

var rootName = intern("$")

func (ev *evaluation) run() (item, error) {
	if ev.ctx.Err() != nil {
		return item{}, ev.check()
	}
	data := of(ev.in.Data)
	if ev.expr.usesRoot {
		ev.root.bind(rootName, data)
	}
	if data.isArray() {
		data = sequence(data)
		data.cell.outer = true
	}
	return ev.eval(ev.expr.root, &data, &ev.root)
}

// eval is the value of n for the context in.
func (ev *evaluation) eval(n *node, in *item, env *frame) (item, error) {
	switch n.quick { // leaves first
	case quickLiteral:
		return n.lit, nil
	case quickVariable:
		return ev.variable(n, in, env).collapse(), nil
	case quickField:
		if in.cell == nil && in.json.Kind() == value.KindObject {
			return item{json: in.json.Get(n.text)}, nil
		}
	case quickTrail:
		if v, ok := ev.trail(n, in, env); ok {
			return item{json: v}, nil
		}
	case quickNot:
	}
	if err := ev.tick(); err != nil {
		return item{}, err
	}
	if ev.depth++; ev.depth > ev.budget.Depth {
		ev.depth--
		return item{}, exceeded(DepthBudget)
	}
	var out item
	var err error
	switch n.kind { // the most frequent first
	case nodePath:
		out, err = ev.path(n, in, env)
	case nodeBinary:
		out, err = ev.binary(n, in, env)
	case nodeFunction:
		out, err = ev.call(n, in, env, nil)
	default:
		out, err = ev.other(n, in, env)
	}
	if err == nil && !n.plain {
		out, err = ev.after(n, out, env)
	}
	ev.depth--
	if err != nil {
		return item{}, err
	}
	return out.collapse(), nil
}

// after applies the predicates and the grouping of n.
func (ev *evaluation) after(n *node, out item, env *frame) (item, error) {
	var err error
	for i := range n.predicates {
		if out, err = ev.filter(n.predicates[i].filter, out, env); err != nil {
			return item{}, err
		}
	}
	if n.group != nil && n.kind != nodePath {
		if out, err = ev.group(n.group, &out, env); err != nil {
			return item{}, err
		}
	}
	if n.keepArray && out.isSequence() && !out.cell.tuple {
		out.cell.keep = true
	}
	return out, nil
}

func (ev *evaluation) other(n *node, in *item, env *frame) (item, error) {
	switch n.kind {
	case nodeNegate:
		return ev.negate(n, in, env)
	case nodeArray:
		return ev.array(n, in, env)
	case nodeObject:
		return ev.group(n, in, env)
	case nodeName:
		return ev.lookup(*in, n.text)
	case nodeString, nodeNumber, nodeValue:
		return n.lit, nil
	case nodeWildcard:
		return ev.wildcard(*in)
	case nodeDescendant:
		return ev.descendants(*in)
	case nodeParent:
		out, _ := env.lookup(n.slot.label)
		return out, nil
	case nodeCondition:
		return ev.condition(n, in, env)
	case nodeBlock:
		return ev.block(n, in, env)
	case nodeBind:
		out, err := ev.eval(n.rhs, in, env)
		if err == nil {
			env.bind(n.id, out)
		}
		return out, err
	case nodeRegex:
		return fun(&callable{regex: n.regex, arity: 2}), nil
	case nodePartial:
		return ev.partial(n, in, env)
	case nodeVariable:
		return ev.variable(n, in, env), nil
	case nodeLambda:
		return fun(&callable{lambda: n, in: *in, env: env, params: n.params, sig: n.sig, body: n.lhs}), nil
	case nodeApply:
		return ev.chain(n, in, env)
	case nodeTransform:
		return ev.transformer(n, env), nil
	case nodePath, nodeBinary, nodeFunction, nodeEnd, nodeOperator, nodeSort:
	}
	return item{}, nil
}

func (ev *evaluation) variable(n *node, in *item, env *frame) item {
	if n.text == "" {
		if in.cell != nil && in.cell.outer {
			return in.cell.items[0]
		}
		return *in
	}
	if n.free {
		env = &ev.root
	}
	if v, ok := env.lookup(n.id); ok {
		return v
	}
	if n.builtin != nil {
		return n.builtin.item
	}
	return item{}
}

func (ev *evaluation) condition(n *node, in *item, env *frame) (item, error) {
	c, err := ev.eval(n.lhs, in, env)
	if err != nil {
		return item{}, err
	}
	yes, err := ev.truthy(c)
	switch {
	case err != nil:
		return item{}, err
	case yes:
		return ev.eval(n.rhs, in, env)
	case n.third != nil:
		return ev.eval(n.third, in, env)
	}
	return item{}, nil
}

func (ev *evaluation) block(n *node, in *item, env *frame) (out item, err error) {
	if n.frame {
		env = newFrame(env)
	}
	for _, e := range n.list {
		if out, err = ev.eval(e, in, env); err != nil {
			return item{}, err
		}
	}
	return out, nil
}

func (ev *evaluation) negate(n *node, in *item, env *frame) (item, error) {
	v, err := ev.eval(n.lhs, in, env)
	if err != nil || v.undefined() {
		return item{}, err
	}
	ok, err := numeric(v)
	if err != nil {
		return item{}, err
	}
	if !ok {
		e := fail("D1002", fields{"value": v})
		e.Position = n.pos
		e.setToken("-")
		return item{}, e
	}
	return num(-v.float()), nil
}

// array is an array constructor: what its parts give is joined, except for arrays that are
// constructed in it.
func (ev *evaluation) array(n *node, in *item, env *frame) (item, error) {
	out := &cell{kind: array, cons: n.cons}
	first := true
	for _, e := range n.list {
		v, err := ev.eval(e, in, env)
		if err != nil {
			return item{}, err
		}
		switch {
		case v.undefined():
		case e.kind == nodeArray:
			ev.add(out, v)
		case first && v.isArray() && len(n.list) == 1 && !n.cons:
			return plainArray(v), nil
		default:
			if err := ev.extend(out, v); err != nil {
				return item{}, err
			}
		}
		first = false
	}
	return item{cell: out}, nil
}

// plainArray is an array without the marks of a sequence.
func plainArray(v item) item {
	if v.cell == nil || !v.cell.seq && !v.cell.cons && !v.cell.outer {
		return v
	}
	return item{cell: v.cell.like()}
}

// extend appends v, or its items when it is an array.
func (ev *evaluation) extend(out *cell, v item) error {
	if !v.isArray() {
		ev.add(out, v)
		return nil
	}
	from := viewOf(v)
	if err := ev.room(from.n * itemSize); err != nil {
		return err
	}
	if from.json != nil && len(out.items) == 0 {
		ev.steps += int64(from.n)
		ev.grown(from.n * itemSize)
		out.json = append(out.json, from.json...)
		return ev.tick()
	}
	for k := range from.n {
		if err := ev.tick(); err != nil {
			return err
		}
		ev.add(out, from.at(k))
	}
	return nil
}

// numeric reports whether i is a number; infinities are an error wherever they are used.
func numeric(i item) (bool, error) {
	if i.kind() != number {
		return false, nil
	}
	f := i.float()
	if math.IsInf(f, 0) {
		return false, fail("D1001", fields{"value": itemNull})
	}
	return !math.IsNaN(f), nil
}
