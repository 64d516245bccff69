package jsonata

// frame holds variables. A frame whose vars are shared copies them before it changes them.
type frame struct {
	parent *frame
	vars   []variable
	shared bool
}

// newFrame has room for two variables.
func newFrame(parent *frame) *frame {
	f := &struct {
		frame
		room [2]variable
	}{}
	f.parent, f.vars = parent, f.room[:0]
	return &f.frame
}

// lend gives a frame for a call after which nothing refers to it; hand it back with takeBack.
func (ev *evaluation) lend(parent *frame) *frame {
	last := len(ev.frames) - 1
	if last < 0 {
		return newFrame(parent)
	}
	f := ev.frames[last]
	ev.frames = ev.frames[:last]
	f.parent = parent
	return f
}

func (ev *evaluation) takeBack(f *frame) {
	f.vars = f.vars[:0]
	ev.frames = append(ev.frames, f)
}

type variable struct {
	id  name
	val item
}

func (f *frame) bind(id name, val item) {
	for i := range f.vars {
		if f.vars[i].id == id {
			if f.shared {
				f.vars, f.shared = append([]variable(nil), f.vars...), false
			}
			f.vars[i].val = val
			return
		}
	}
	if f.shared {
		f.vars, f.shared = append([]variable(nil), f.vars...), false
	}
	f.vars = append(f.vars, variable{id, val})
}

func (f *frame) lookup(id name) (item, bool) {
	for ; f != nil; f = f.parent {
		for i := range f.vars {
			if f.vars[i].id == id {
				return f.vars[i].val, true
			}
		}
	}
	return item{}, false
}

// own is the value that this frame itself binds to id.
func (f *frame) own(id name) item {
	for i := range f.vars {
		if f.vars[i].id == id {
			return f.vars[i].val
		}
	}
	return item{}
}

// over is a frame on top of env that shows the bindings of a tuple.
func (f *frame) over(env *frame) *frame { return &frame{parent: env, vars: f.vars, shared: true} }

// with is a copy of a tuple with room for more bindings.
func (f *frame) with(extra int) *frame {
	vars := make([]variable, len(f.vars), len(f.vars)+extra)
	copy(vars, f.vars)
	return &frame{vars: vars}
}

// focused is the name under which a tuple keeps its context.
var focused = intern("@")

// newTuple makes a tuple from a context.
func newTuple(context item) *frame { return &frame{vars: []variable{{focused, context}}} }

func tupleItem(f *frame) item { return item{cell: &cell{kind: tuple, tup: f}} }
