package exchange

import (
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// How many modules there may be, and how often one block may be made.
const (
	maxModules   = 500
	maxInstances = 500
)

// modules are the modules that the folders make: the roots, with what they call below them.
func (r *reader) modules(folders map[string]*folder, list []*folder) []*module {
	for _, f := range list {
		for _, call := range f.calls {
			if child := folders[path.Join(f.path, sourceOf(call))]; child != nil && child != f {
				child.called = true
			}
		}
	}
	var roots []*module
	for _, circles := range []bool{false, true} { // those that only call each other come second
		for _, f := range list {
			if !f.made && (circles || !f.called) {
				m := r.newModule(f)
				m.root = m
				roots = append(roots, m)
				m.grow(folders)
			}
		}
	}
	return roots
}

func (r *reader) newModule(f *folder) *module {
	if r.grown++; r.grown > maxModules {
		panic(fail(Place{File: f.path}, "the files make more than %d modules", maxModules))
	}
	f.made = true
	return &module{
		folder: f, r: r, inputs: map[string]input{}, children: map[string]*node{},
		holes: map[string]*hole{}, named: r.open, known: map[string]*node{}, asked: map[string]bool{},
	}
}

// sourceOf is where a call says that its module is; "" when it does not say it plainly.
func sourceOf(call *block) string {
	s := call.attr("source")
	text, _ := s.json.plain()
	if s.expr != nil {
		if v, diags := s.expr.Value(nil); !diags.HasErrors() && v.IsKnown() && !v.IsNull() && v.Type().FriendlyName() == "string" {
			text = v.AsString()
		}
	}
	return text
}

// grow makes the modules that a module calls. Those that are made once come first, because
// how often the others are made may depend on them.
func (m *module) grow(folders map[string]*folder) {
	for _, several := range []bool{false, true} {
		for _, call := range m.calls {
			if several == (call.attr("count").missing() && call.attr("for_each").missing()) {
				continue
			}
			from := sourceOf(call)
			child := folders[path.Join(m.path, from)]
			switch local := strings.HasPrefix(from, "."); {
			case !local:
				m.r.note(call.at, "the module %s comes from elsewhere (%s) and is not looked into: give its folder and call it by a path", call.labels[0], or(from, "it is not known where"))
			case child == nil:
				m.r.wanted[path.Join(m.path, from)+"/"] = true
				m.r.note(call.at, "the module %s is not looked into: give its folder %s, too", call.labels[0], from)
			case m.within(child):
				m.r.note(call.at, "the module %s calls itself: it is not looked into again", call.labels[0])
			default:
				m.callModule(folders, call, child)
			}
		}
	}
}

func (m *module) within(f *folder) bool {
	for ; m != nil; m = m.caller {
		if m.folder == f {
			return true
		}
	}
	return false
}

// callModule makes what one call makes.
func (m *module) callModule(folders map[string]*folder, call *block, child *folder) {
	child.made = true
	label := call.labels[0]
	list := m.made(call)
	if len(list) == 0 {
		m.r.note(call.at, "the module %s is left out: its count or for_each makes none", label)
	}
	var things []*node
	for _, one := range list {
		c := m.r.newModule(child)
		c.root, c.caller = m.root, m
		c.address = m.address + "module." + label + one.key + "."
		c.name = m.name + "module." + label + dotted(one.key) + "."
		for name := range child.variables {
			if s := one.attr(name); !s.missing() {
				c.inputs[name] = input{m, s}
			}
		}
		c.grow(folders)
		m.below = append(m.below, c)
		things = append(things, &node{kind: object, at: call.at, thing: &thing{m: m, of: c, address: strings.TrimSuffix(c.address, "."), name: strings.TrimSuffix(c.name, ".")}})
	}
	m.children[label] = together(call, list, things)
}

// made are the instances of a block: itself, or one for each of its for_each, or as many as
// its count says. When that is not known, it is one.
func (m *module) made(b *block) []*block {
	if s := b.attr("for_each"); !s.missing() {
		v := m.value(s)
		if v.thing != nil || !v.is(array) && !v.is(object) {
			return m.uncertain(b, s, "for_each")
		}
		var list []*block
		for _, e := range entries(v) {
			key := e.key
			if v.is(array) {
				key = e.val
			}
			text, ok := key.given()
			if !ok {
				return m.uncertain(b, s, "for_each")
			}
			each := &node{kind: object, at: s.at, members: []member{{"key", textNode(s.at, text), s.at}, {"value", e.val, s.at}}}
			list = append(list, b.instance("["+quoted(text)+"]", "each", each))
		}
		return m.counted(s.at, list)
	}
	if s := b.attr("count"); !s.missing() {
		text, _ := m.value(s).given()
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return m.uncertain(b, s, "count")
		}
		if n > maxInstances {
			panic(fail(s.at, "%s is made more than %d times", strings.Join(b.labels, "."), maxInstances))
		}
		var list []*block
		for i := range n {
			index := &node{kind: number, literal: strconv.Itoa(i), at: s.at}
			list = append(list, b.instance("["+strconv.Itoa(i)+"]", "count", &node{kind: object, at: s.at, members: []member{{"index", index, s.at}}}))
		}
		return m.counted(s.at, list)
	}
	return []*block{b}
}

func (m *module) counted(at Place, list []*block) []*block {
	if len(list) > maxInstances {
		panic(fail(at, "this is made more than %d times", maxInstances))
	}
	m.r.spend(at, len(list)*perValue)
	return list
}

// uncertain is one instance of a block of which nobody here knows how many there are.
func (m *module) uncertain(b *block, s source, how string) []*block {
	m.r.note(s.at, "%s of %s depends on what is not known here: it is taken as one; set the variables that it depends on for more", how, strings.Join(b.labels, "."))
	return []*block{b}
}

// instance is a block once more, in which a name stands for a value.
func (b *block) instance(key, name string, v *node) *block {
	one := *b
	one.key = key
	one.scope = &scope{names: map[string]*node{name: v}, outer: b.scope}
	return &one
}

// together are the instances of a block as expressions see them: one, a list, or an object.
func together(b *block, list []*block, things []*node) *node {
	if len(list) == 1 && list[0].key == "" {
		return things[0]
	}
	out := &node{kind: array, items: things, at: b.at}
	if !b.attr("for_each").missing() {
		out = &node{kind: object, at: b.at}
		for i, one := range list {
			key, _ := one.scope.get("each").get("key").plain()
			out.members = append(out.members, member{key, things[i], b.at})
		}
	}
	return out
}

// dotted is the key of an instance in the name of a hole.
func dotted(key string) string {
	if key == "" {
		return ""
	}
	return "." + strings.Trim(key, `["]`)
}

// way is how a module's folder is reached from the root's.
func (m *module) way() string {
	if w, err := filepath.Rel(m.root.path, m.path); err == nil {
		return filepath.ToSlash(w)
	}
	return "."
}

// block is the first block of a kind inside of one; nil when there is none, or when it is
// made for nothing.
func (m *module) block(b *block, kind string) *block {
	inner := b.sub(kind)
	if inner == nil || inner.each.missing() {
		return inner
	}
	v := m.value(inner.each)
	list := entries(v)
	switch {
	case len(list) > 0:
		each := &node{kind: object, at: v.at, members: []member{{"key", list[0].key, v.at}, {"value", list[0].val, v.at}}}
		return inner.instance("", inner.named, each)
	case v.is(array), v.is(object) && v.thing == nil:
		return nil
	}
	return inner
}

// terraform takes the state machines and activities of a module in, and of what it calls; it
// tells whether there were any.
func (r *reader) terraform(m *module) bool {
	found := false
	for _, address := range m.order {
		b := m.resources[address]
		if b.labels[0] != "aws_sfn_state_machine" && b.labels[0] != "aws_sfn_activity" {
			continue
		}
		found = true
		list := m.made(b)
		if len(list) == 0 {
			r.note(b.at, "%s is left out: its count or for_each makes none", m.address+address)
		}
		for _, one := range list {
			if b.labels[0] == "aws_sfn_activity" {
				r.out.Activities = append(r.out.Activities, Activity{ID: m.addressOf(one), Name: m.nameOf(one), Tags: m.tags(one.attr("tags"))})
				continue
			}
			m.machine(m.addressOf(one), one)
		}
	}
	m.starts()
	for _, c := range m.below {
		found = r.terraform(c) || found
	}
	return found
}

// addressOf is what Terraform calls a resource, with the modules that it stands in.
func (m *module) addressOf(b *block) string {
	return m.address + strings.Join(b.labels, ".") + b.key
}
