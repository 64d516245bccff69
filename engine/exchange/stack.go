package exchange

import (
	"slices"
)

// templates takes what is in templates in. Those that another one makes a stack of are read
// with the values that it gives them, as often as it does.
func (r *reader) templates(list []whole) {
	var all []*template
	for _, w := range list {
		t := r.newTemplate(w.name, w.root)
		t.all = &all
		all = append(all, t)
	}
	nested := map[string]bool{}
	for _, t := range all {
		for _, m := range t.root.get("Resources").members {
			if f, ok := t.nested(m.val); ok && f.Name != t.file {
				nested[f.Name] = true
			}
		}
	}
	for _, circles := range []bool{false, true} { // those that only name each other come second
		for _, t := range all {
			if !r.done[t.file] && (circles || !nested[t.file]) {
				t.take()
			}
		}
	}
}

func (r *reader) newTemplate(file string, root *node) *template {
	t := &template{
		r: r, root: root, file: file, holes: map[string]*hole{}, named: map[string]*hole{}, borrowed: map[string]*hole{},
		conds: map[string]bool{}, asked: map[string]bool{}, names: map[string]string{}, stacks: map[string]*template{},
	}
	t.root = t.expanded(root, 0)
	return t
}

// nested is the template that a resource makes a stack of; false when it makes none, or when
// the template is not there.
func (t *template) nested(res *node) (File, bool) {
	kind, _ := res.get("Type").plain()
	p := res.get("Properties")
	where := p.get("TemplateURL")
	if kind == "AWS::Serverless::Application" {
		where = p.get("Location")
	}
	if kind != "AWS::CloudFormation::Stack" && kind != "AWS::Serverless::Application" || where == nil {
		return File{}, false
	}
	if asset, ok := res.get("Metadata").get("aws:asset:path").plain(); ok { // as CDK says it
		where = textNode(where.at, asset)
	}
	if where.is(object) && where.get("ApplicationId") != nil {
		return File{}, false
	}
	f, _, ok := t.beside(where.at, where)
	return f, ok
}

// stack takes the template of a nested stack in.
func (t *template) stack(id string, at Place, res *node) {
	f, ok := t.nested(res)
	if !ok {
		what := "its template was not given"
		if res.get("Properties").get("Location").get("ApplicationId") != nil {
			what = "it comes from the Serverless Application Repository"
		}
		t.r.note(at, "the nested stack %s is not looked into: %s", id, what)
		return
	}
	if t.within(f.Name) {
		t.r.note(at, "the nested stack %s has the template that it stands in: it is not looked into", id)
		return
	}
	if c := t.stackOf(id); c != nil {
		c.take()
	}
}

func (t *template) within(file string) bool {
	for ; t != nil; t = t.parent {
		if t.file == file {
			return true
		}
	}
	return false
}

// stackOf is the template of a nested stack with its values; nil when it is not there.
func (t *template) stackOf(id string) *template {
	if c, ok := t.stacks[id]; ok {
		return c
	}
	t.stacks[id] = nil // while it is made
	res := t.root.get("Resources").get(id)
	f, ok := t.nested(res)
	if !ok || t.within(f.Name) {
		return nil
	}
	t.r.spend(res.at, len(f.Data)+perValue)
	root, err := t.r.tree(f.Name)
	if err != nil {
		panic(err)
	}
	if !isTemplate(root) {
		t.r.note(res.at, "%s is no template", f.Name)
		return nil
	}
	if t.r.grown++; t.r.grown > maxModules {
		panic(fail(res.at, "the files make more than %d stacks", maxModules))
	}
	c := t.r.newTemplate(f.Name, root)
	c.parent, c.prefix, c.all = t, t.prefix+id+".", t.all
	c.named, c.borrowed = t.named, t.borrowed
	c.given = res.get("Properties").get("Parameters")
	t.stacks[id] = c
	return c
}

// output is what GetAtt Stack.Outputs.Name gives.
func (t *template) output(at Place, id, name string) *node {
	c := t.stackOf(id)
	out := c.outputNamed(name)
	if out == nil {
		return nil
	}
	if t.depth++; t.depth > maxDepth {
		panic(fail(at, "values refer to each other more than %d levels deep", maxDepth))
	}
	defer func() { t.depth-- }()
	return c.eval(out)
}

func (t *template) outputNamed(name string) *node {
	if t == nil {
		return nil
	}
	return t.root.get("Outputs").get(name).get("Value")
}

// imported is what another of the given templates exports under a name; nil when none does.
func (t *template) imported(at Place, name string) *node {
	for _, other := range *t.all {
		if other == t {
			continue
		}
		t.r.spend(at, len(other.root.get("Outputs").members))
		for _, out := range objectOf(other.root.get("Outputs")).members {
			export := out.val.get("Export").get("Name")
			if export == nil || out.val.get("Value") == nil {
				continue
			}
			if text, ok := other.eval(export).given(); !ok || text != name {
				continue
			}
			v := other.eval(out.val.get("Value"))
			if t.borrow(v) {
				return v
			}
		}
	}
	return nil
}

// borrow makes the holes of another template known here; false when one of the same name is.
func (t *template) borrow(v *node) bool {
	for _, p := range v.text {
		if p.hole == nil {
			continue
		}
		if own := t.named[p.hole.name]; own != nil && own != p.hole {
			return false
		}
		t.borrowed[p.hole.name] = p.hole
	}
	return !slices.ContainsFunc(v.items, func(item *node) bool { return !t.borrow(item) })
}
