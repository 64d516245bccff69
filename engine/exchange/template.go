package exchange

import (
	"strings"

	"statehouse/engine/value"
)

// template is one template of CloudFormation or SAM.
type template struct {
	r     *reader
	file  string
	root  *node
	holes map[string]*hole // by what they stand for
	named map[string]*hole // by name
	conds map[string]bool
	asked map[string]bool // conditions that are being looked at
	depth int
	names map[string]string // of resources

	all      *[]*template // that were given
	parent   *template    // whose nested stack this is
	prefix   string       // of names of holes and machines in a nested stack
	given    *node        // values of parameters, as the parent writes them
	stacks   map[string]*template
	borrowed map[string]*hole // of other templates, by name
}

// isTemplate tells whether a file is a template of CloudFormation or SAM.
func isTemplate(root *node) bool {
	resources := root.get("Resources")
	if !resources.is(object) {
		return false
	}
	if root.get("AWSTemplateFormatVersion") != nil || root.get("Transform") != nil {
		return true
	}
	for _, m := range resources.members {
		if kind, ok := m.val.get("Type").plain(); ok && strings.Contains(kind, "::") || strings.HasPrefix(m.key, "Fn::") {
			return true
		}
	}
	return false
}

// take takes the state machines and activities of a template in, and of its nested stacks.
func (t *template) take() {
	r := t.r
	r.done[t.file] = true
	found := false
	for _, m := range t.root.get("Resources").members {
		kind, _ := m.val.get("Type").plain()
		switch kind {
		case "AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine", "AWS::StepFunctions::Activity",
			"AWS::CloudFormation::Stack", "AWS::Serverless::Application":
		default:
			continue
		}
		if c, ok := m.val.get("Condition").plain(); ok && !t.condition(m.at, c) {
			r.note(m.at, "%s is left out: its condition %s does not hold", m.key, c)
			continue
		}
		found = true
		switch kind {
		case "AWS::CloudFormation::Stack", "AWS::Serverless::Application":
			t.stack(m.key, m.at, m.val)
		case "AWS::StepFunctions::Activity":
			name := t.nameOf(m.key)
			r.out.Activities = append(r.out.Activities, Activity{ID: t.prefix + m.key, Name: name, Tags: t.tags(m.val.get("Properties").get("Tags"))})
		default:
			t.machine(m.key, m.val, kind == "AWS::Serverless::StateMachine")
		}
	}
	t.starts()
	if !found {
		r.note(Place{File: t.file}, "the template has no state machine")
	}
}

// nameOf is how a resource of the template is called here: as its property says, or after
// its logical id.
func (t *template) nameOf(id string) string {
	name, ok := t.names[id]
	if !ok {
		name = t.nameFor(id)
		t.names[id] = name
	}
	return name
}

func (t *template) nameFor(id string) string {
	res := t.root.get("Resources").get(id)
	kind, _ := res.get("Type").plain()
	s, _ := serviceOf(kind)
	if p := res.get("Properties").get(s.cfnName); s.cfnName != "" && p != nil {
		if name, ok := t.eval(p).given(); ok {
			return name
		}
		if strings.HasPrefix(kind, "AWS::StepFunctions") || kind == "AWS::Serverless::StateMachine" {
			name := or(NameOf(t.eval(p).guess()), id)
			t.r.note(p.at, "the name of %s depends on what is not known here: it is called %s", id, name)
			return name
		}
	}
	return called(kind, id)
}

// hole is the hole for a thing of the template; the first who asks decides what it is called.
func (t *template) hole(key, name string, set func(*hole)) *hole {
	return holeIn(t.holes, t.named, key, t.prefix+name, set)
}

// parameter is a Ref to a parameter: its default, which may be replaced.
func (t *template) parameter(at Place, name string, p *node) *node {
	if own := t.given.get(name); own != nil && t.parent != nil {
		return t.parameterOf(p, t.parent.eval(own))
	}
	kind, _ := p.get("Type").plain()
	def, has := p.get("Default").plain()
	stored := strings.HasPrefix(kind, "AWS::SSM::Parameter::Value")
	if v, ok := t.r.known.Values[name]; ok {
		def, has, stored = v, true, false
	}
	if has && !stored && (kind == "CommaDelimitedList" || strings.HasPrefix(kind, "List<")) {
		n := &node{kind: array, at: at}
		for item := range strings.SplitSeq(def, ",") {
			n.items = append(n.items, textNode(at, strings.TrimSpace(item)))
		}
		return n
	}
	return holeNode(at, t.hole("parameter:"+name, name, func(h *hole) {
		h.kind = Text
		if kind == "Number" {
			h.kind = Number
		}
		h.about, _ = p.get("Description").plain()
		h.about = or(h.about, "parameter "+name)
		switch {
		case stored:
			h.about += ": the value of the parameter " + def + " in the parameter store"
		case has:
			h.known, h.value = true, def
		}
	}))
}

// parameterOf is a value that the parent gives a parameter of a nested stack.
func (t *template) parameterOf(p, v *node) *node {
	kind, _ := p.get("Type").plain()
	text, ok := v.given()
	if ok && v.is(str) && (kind == "CommaDelimitedList" || strings.HasPrefix(kind, "List<")) {
		n := &node{kind: array, at: v.at}
		for item := range strings.SplitSeq(text, ",") {
			n.items = append(n.items, textNode(v.at, strings.TrimSpace(item)))
		}
		return n
	}
	if ok && v.is(str) && kind == "Number" && value.Scalar(text).Kind() == value.KindNumber {
		return &node{kind: number, literal: text, at: v.at}
	}
	return v
}

// resource is what Ref (attribute "Ref") or Fn::GetAtt gives of a resource.
func (t *template) resource(at Place, id, attribute string) *node {
	t.r.spend(at, len(t.root.get("Resources").members)/8) // looking for it
	res := t.root.get("Resources").get(id)
	kind, _ := res.get("Type").plain()
	names := t.r.known.Names
	switch kind {
	case "AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine", "AWS::StepFunctions::Activity":
		name := t.nameOf(id)
		if kind != "AWS::StepFunctions::Activity" {
			name = NameOf(name)
		}
		s, _ := serviceOf(kind)
		if v := s.value(t.r.known, name, attribute); v != "" {
			return textNode(at, v)
		}
	case "AWS::Logs::LogGroup":
		s, _ := serviceOf(kind)
		return textNode(at, s.value(t.r.known, t.nameOf(id), attribute))
	case "AWS::StepFunctions::StateMachineVersion", "AWS::StepFunctions::StateMachineAlias":
		if machine := t.machineOf(res); machine != "" {
			qualifier, _ := t.eval(or(res.get("Properties").get("Name"), textNode(at, "1"))).given()
			return textNode(at, names.Qualified(NameOf(t.nameOf(machine)), qualifier))
		}
	case "AWS::CloudFormation::Stack", "AWS::Serverless::Application":
		if name, ok := strings.CutPrefix(attribute, "Outputs."); ok {
			if v := t.output(at, id, name); v != nil {
				return v
			}
		}
	case "":
		t.r.note(at, "the template has no resource and no parameter %s", id)
	}
	name, about := id, kind+" "+t.prefix+id
	if attribute != "Ref" {
		name, about = id+"."+attribute, attribute+" of "+about
	}
	return holeNode(at, t.hole(id+"/"+attribute, name, func(h *hole) {
		h.kind, h.about = Text, about
		if s, ok := serviceOf(kind); ok {
			h.suggestion = s.value(t.r.known, t.nameOf(id), attribute)
		}
		if strings.HasPrefix(h.suggestion, "arn:") || strings.HasSuffix(attribute, "Arn") {
			h.kind = ARN
		}
	}))
}

// machineOf is the logical id of the machine that a version or an alias belongs to.
func (t *template) machineOf(res *node) string {
	p := res.get("Properties")
	target := p.get("StateMachineArn")
	if target == nil {
		target = p.get("DeploymentPreference").get("StateMachineVersionArn")
	}
	if target == nil {
		if routes := p.get("RoutingConfiguration"); routes.is(array) && len(routes.items) > 0 {
			target = routes.items[0].get("StateMachineVersionArn")
		}
	}
	id := t.logical(target)
	other := t.root.get("Resources").get(id)
	kind, _ := other.get("Type").plain()
	switch kind {
	case "AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine":
		return id
	case "AWS::StepFunctions::StateMachineVersion":
		return t.logical(other.get("Properties").get("StateMachineArn"))
	}
	return ""
}

// logical is the logical id that a Ref or a GetAtt names.
func (t *template) logical(n *node) string {
	if n == nil || !n.is(object) || len(n.members) != 1 {
		return ""
	}
	val := n.members[0].val
	switch n.members[0].key {
	case "Ref":
		id, _ := val.plain()
		return id
	case "Fn::GetAtt":
		if val.is(array) && len(val.items) > 0 {
			id, _ := val.items[0].plain()
			return id
		}
		s, _ := val.plain()
		id, _, _ := strings.Cut(s, ".")
		return id
	}
	return ""
}
