package exchange

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// thing is a resource or a module that an expression of Terraform names. What it is worth
// depends on the attribute that is asked for; by itself it is its id.
type thing struct {
	m       *module // whose files name it
	b       *block  // of a resource; nil when the files have none
	of      *module // the module that it is, nil of a resource
	address string  // as Terraform says it, inside of m: aws_lambda_function.f["a"]
	name    string  // the same for names of holes
}

// settled is the value that a node is worth in a text: of a thing its id.
func (n *node) settled() *node {
	if n != nil && n.thing != nil {
		return n.thing.attribute(n.at, "id")
	}
	return n
}

// refer is a resource or a data source, with all its instances.
func (m *module) refer(at Place, address string) *node {
	b := m.resources[address]
	if b == nil || b.attr("count").missing() && b.attr("for_each").missing() {
		return &node{kind: object, at: at, thing: &thing{m: m, b: b, address: address, name: address}}
	}
	list := m.made(b)
	var things []*node
	for _, one := range list {
		things = append(things, &node{kind: object, at: at, thing: &thing{m: m, b: one, address: address + one.key, name: address + dotted(one.key)}})
	}
	return together(b, list, things)
}

// instance is one of several that are not known by themselves.
func (t *thing) instance(at Place, key string) *node {
	one := *t
	one.address += "[" + quoted(key) + "]"
	one.name += "." + key
	return &node{kind: object, at: at, thing: &one}
}

// attribute is what a thing tells: of a module an output, of a resource what is known of it.
func (t *thing) attribute(at Place, name string) *node {
	m := t.m
	if t.of != nil {
		if out := t.of.outputs[name]; out != nil {
			m.deeper(at)
			defer m.shallower()
			return t.of.value(out.attr("value"))
		}
		return m.open(at, m.name+t.name+"."+name)
	}
	kind, _, _ := strings.Cut(strings.TrimPrefix(t.address, "data."), ".")
	names := m.r.known.Names
	if strings.HasPrefix(t.address, "data.") {
		own := map[string]string{
			"aws_caller_identity.account_id": names.Account, "aws_caller_identity.id": names.Account,
			"aws_region.name": names.Region, "aws_region.id": names.Region, "aws_region.region": names.Region,
			"aws_partition.partition": partition(names), "aws_partition.id": partition(names), "aws_partition.dns_suffix": urlSuffix(partition(names)),
		}
		if v := own[kind+"."+name]; v != "" {
			return textNode(at, v)
		}
		if kind == "template_file" && name == "rendered" && t.b != nil {
			if v := m.rendered(at, t.b); v != nil {
				return v
			}
		}
	}
	s, known := serviceOf(kind)
	if known && t.b != nil {
		switch kind {
		case "aws_sfn_state_machine", "aws_sfn_activity", "aws_cloudwatch_log_group":
			if v := s.value(m.r.known, m.nameOf(t.b), name); v != "" {
				return textNode(at, strings.TrimSuffix(v, ":*"))
			}
		}
	}
	if kind == "aws_sfn_alias" && t.b != nil && (name == "arn" || name == "id") {
		if machine := m.machineOf(t.b); machine != nil {
			return textNode(at, names.Qualified(NameOf(machine.m.nameOf(machine.b)), m.nameOf(t.b)))
		}
	}
	return holeNode(at, m.hole(t.address+"."+name, m.name+t.name+"."+name, func(h *hole) {
		t.tell(h, s, known, name)
	}))
}

// tell says of a hole what is known about it.
func (t *thing) tell(h *hole, s service, known bool, name string) {
	h.kind, h.about, h.thing = Text, name+" of "+t.m.address+t.address, t
	if known {
		label := t.name[strings.LastIndexByte(t.name, '.')+1:]
		if t.b != nil {
			label = t.m.nameOf(t.b)
		}
		h.suggestion = s.value(t.m.r.known, label, name)
	}
	if h.suggestion == "" && t.b != nil && (!known || name != or(s.tfName, "name")) {
		if own := t.b.attr(name); !own.missing() {
			h.value, h.known = t.m.value(own).given()
		}
	}
	if strings.HasPrefix(h.suggestion, "arn:") || strings.HasSuffix(name, "arn") {
		h.kind = ARN
	}
}

// deeper counts how far values refer to each other.
func (m *module) deeper(at Place) {
	if m.r.depth++; m.r.depth > maxDepth {
		panic(fail(at, "values refer to each other more than %d levels deep", maxDepth))
	}
}

func (m *module) shallower() { m.r.depth-- }

// steps goes on from a value; from one that is open, it stays open.
func (m *module) steps(at Place, v *node, t hcl.Traversal) *node {
	for _, step := range t {
		switch step := step.(type) {
		case hcl.TraverseAttr:
			v = m.index(at, v, step.Name)
		case hcl.TraverseIndex:
			v = m.item(at, v, keyOf(step.Key))
		}
	}
	return v
}

// item is v[key].
func (m *module) item(at Place, v *node, key string) *node {
	if v.thing != nil {
		return v.thing.instance(at, key)
	}
	return m.index(at, v, key)
}
