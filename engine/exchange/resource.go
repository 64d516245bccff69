package exchange

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"statehouse/engine/value"
)

// machine takes one state machine of a template in.
func (t *template) machine(id string, res *node, sam bool) {
	p := res.get("Properties")
	m := Machine{ID: t.prefix + id, Name: t.nameOf(id), Format: CloudFormation, Place: res.at}
	kind := p.get("StateMachineType")
	tracing := p.get("TracingConfiguration")
	logging := p.get("LoggingConfiguration")
	if sam {
		m.Format = SAM
		kind, tracing, logging = p.get("Type"), p.get("Tracing"), p.get("Logging")
	}
	m.Type = "STANDARD"
	if kind != nil {
		s, _ := t.eval(kind).given()
		m.Type = machineType(s)
	}
	m.Role = t.role(p.get("RoleArn"), p.get("Role"))
	m.Logging = t.logging(logging)
	if tracing != nil {
		m.Tracing = t.tracing(tracing)
	}
	m.Tags = t.tags(p.get("Tags"))
	t.published(&m, id, p)
	if n := p.get("EncryptionConfiguration"); n != nil {
		c := t.eval(n)
		m.Encryption = t.r.encryption(n.at, c.get("Type"), c.get("KmsKeyId"), c.get("KmsDataKeyReusePeriodSeconds"))
	}
	t.ignored(id, res, p)
	text, at, ok := t.definition(id, res.at, p)
	if !ok {
		return
	}
	text, extra := t.substituted(text, p.get("DefinitionSubstitutions"))
	if err := checked(at, text); err != nil {
		t.r.note(at, "%s is left out: %v", id, err)
		return
	}
	t.r.add(m, text, func(name string) *hole {
		for _, h := range []*hole{extra[name], t.named[name], t.borrowed[name]} {
			if h != nil {
				return h
			}
		}
		if h := t.r.pseudo(name); h != nil {
			return h
		}
		return literal(name)
	})
}

// ignored notes what a machine has in AWS and does not need or have here.
func (t *template) ignored(id string, res, p *node) {
	for _, one := range []struct{ key, why string }{
		{"Policies", "tasks run with what this server may do"},
		{"PermissionsBoundary", "tasks run with what this server may do"},
		{"DeploymentPreference", "an alias leads to its new version at once"},
	} {
		if n := p.get(one.key); n != nil {
			t.r.note(n.at, "%s of %s is not taken over: %s", one.key, id, one.why)
		}
	}
	if n := res.get("Connectors"); n != nil {
		t.r.note(n.at, "Connectors of %s is not taken over: tasks run with what this server may do", id)
	}
	t.events(id, p.get("Events"))
}

// definition is the text of a definition, wherever a template keeps it; false when it cannot
// be had.
func (t *template) definition(id string, at Place, p *node) (string, Place, bool) {
	if n := p.get("DefinitionString"); n != nil {
		v := t.eval(n)
		parts, ok := v.pieces()
		if !ok {
			t.r.note(n.at, "%s is left out: its DefinitionString is no text", id)
		}
		return strings.TrimSpace(joined(parts)), n.at, ok
	}
	for _, key := range []string{"DefinitionUri", "DefinitionS3Location", "Definition"} {
		n := p.get(key)
		if n == nil {
			continue
		}
		if key == "Definition" && !isInclude(n) {
			v := t.eval(n)
			return printed(v), n.at, v.is(object)
		}
		f, name, ok := t.beside(n.at, n)
		if name == "" {
			t.r.note(n.at, "%s is left out: where its definition lies is not known", id)
			return "", n.at, false
		}
		if !ok {
			t.r.note(n.at, "%s is left out: its definition is in the file %s, which was not given", id, name)
			return "", n.at, false
		}
		text, err := t.r.definitionFile(f)
		if err != nil {
			panic(err)
		}
		return text, Place{File: f.Name, Line: 1, Column: 1}, true
	}
	t.r.note(at, "%s is left out: it has no definition", id)
	return "", at, false
}

// isInclude tells whether a definition is a file that a macro includes.
func isInclude(n *node) bool {
	name, _ := n.get("Fn::Transform").get("Name").plain()
	return name == "AWS::Include"
}

// location is the file that a definition or a template lies in: a path, or the key of an object
// in a bucket.
func (t *template) location(n *node) (name string, bucket bool) {
	if n.is(object) && isInclude(n) {
		n = n.get("Fn::Transform").get("Parameters").get("Location")
	}
	if n == nil {
		return "", false
	}
	v := t.eval(n)
	if key := v.get("Key"); key != nil {
		return lastPart(key), true
	}
	s := lastPart(v)
	if scheme, rest, ok := strings.Cut(s, "://"); ok && (scheme == "s3" || scheme == "https") {
		_, s, _ = strings.Cut(rest, "/")
		return s, true
	}
	return s, v.is(str) && len(v.text) > 1
}

// lastPart is a path as the file knows it; where only its beginning is not known, as the name
// of a bucket often is, what stands behind it.
func lastPart(v *node) string {
	s, ok := v.given()
	if ok || !v.is(str) || v.bare() != nil {
		return s
	}
	if last := v.text[len(v.text)-1]; last.hole == nil {
		_, behind, _ := strings.Cut(last.text, "/")
		return behind
	}
	return ""
}

// beside is the file that a location names, and its name; false when it was not given. What
// lies in a bucket may lie beside the template in the same folders, or without them.
func (t *template) beside(at Place, n *node) (f File, name string, ok bool) {
	name, bucket := t.location(n)
	if name == "" {
		return File{}, "", false
	}
	if full := inside(path.Dir(at.File), name); bucket && full != "" && path.Base(name) != name {
		if _, there := t.r.files[full]; !there {
			if f, ok = t.r.beside(at, path.Base(name)); !ok {
				t.r.wanted[full] = true
			}
			return f, name, ok
		}
	}
	f, ok = t.r.beside(at, name)
	return f, name, ok
}

// substituted puts DefinitionSubstitutions in: what is known as its text; what is one open
// value keeps the name that the definition gives it.
func (t *template) substituted(text string, list *node) (string, map[string]*hole) {
	extra := map[string]*hole{}
	if !list.is(object) {
		return text, extra
	}
	values := t.eval(list)
	for _, m := range list.members {
		if name, _ := m.val.get("Ref").plain(); name == m.key { // a pseudo parameter by its own name
			extra[name] = t.r.pseudo(name)
		}
	}
	put := func(s spot) (string, bool) {
		v := values.get(s.name)
		if v == nil || extra[s.name] != nil {
			return "", false
		}
		if h := v.bare(); h != nil && isPlaceholder(s.name) {
			extra[s.name] = h
			return "", false
		}
		parts, ok := v.pieces()
		if !ok {
			parts = []piece{{text: strings.TrimSpace(printed(v))}}
		}
		t.r.spend(v.at, size(parts))
		if s.inside {
			return escaped(joined(parts)), true
		}
		return joined(parts), true
	}
	return replacedBy(isReference, text, put), extra
}

// role is the role of a machine where the template says it. What the template makes stays
// empty: this server has a role of its own.
func (t *template) role(candidates ...*node) string {
	for _, n := range candidates {
		if n == nil {
			continue
		}
		if role, ok := t.eval(n).given(); ok && strings.HasPrefix(role, "arn:") {
			return role
		}
		t.r.note(n.at, "the role is not known here: this server's own stands for it")
	}
	return ""
}

// logging is a logging configuration in the words of the API.
func (t *template) logging(n *node) string {
	if !n.is(object) {
		return ""
	}
	v := t.eval(n)
	level, _ := v.get("Level").given()
	data, _ := v.get("IncludeExecutionData").given()
	c := value.Object(value.Member{Key: "level", Value: value.String(or(strings.ToUpper(level), "OFF"))},
		value.Member{Key: "includeExecutionData", Value: value.Bool(data == "true")})
	var destinations []value.Value
	if list := v.get("Destinations"); list.is(array) {
		for _, d := range list.items {
			group, ok := d.get("CloudWatchLogsLogGroup").get("LogGroupArn").given()
			if !ok {
				t.r.note(d.at, "the log group is not known here: the log settings are not taken over")
				return ""
			}
			destinations = append(destinations, destination(group))
		}
	}
	return c.With("destinations", value.Array(destinations...)).JSON()
}

func destination(group string) value.Value {
	return value.Object(value.Member{Key: "cloudWatchLogsLogGroup", Value: value.Object(value.Member{Key: "logGroupArn", Value: value.String(group)})})
}

func (t *template) tracing(n *node) string {
	enabled, ok := t.eval(n).get("Enabled").given()
	if !ok {
		return ""
	}
	return `{"enabled":` + strconv.FormatBool(enabled == "true") + `}`
}

// tags reads both forms, a list of Key and Value, and a mapping.
func (t *template) tags(n *node) []Tag {
	if n == nil {
		return nil
	}
	v := t.eval(n)
	var list []Tag
	add := func(key, val *node) {
		k, okKey := key.given()
		text, ok := val.given()
		if !ok || !okKey {
			t.r.note(n.at, "a tag whose value is not known here is left out")
			return
		}
		list = append(list, Tag{k, text})
	}
	for _, item := range v.items {
		add(item.get("Key"), item.get("Value"))
	}
	for _, m := range v.members {
		add(textNode(m.at, m.key), m.val)
	}
	return list
}

// published finds the versions and aliases of a machine.
func (t *template) published(m *Machine, id string, p *node) {
	if n := p.get("AutoPublishAlias"); n != nil {
		name := t.eval(n).guess()
		m.Version = true
		m.Aliases = append(m.Aliases, Alias{Name: name})
	}
	for _, other := range t.root.get("Resources").members {
		kind, _ := other.val.get("Type").plain()
		if !slices.Contains([]string{"AWS::StepFunctions::StateMachineVersion", "AWS::StepFunctions::StateMachineAlias"}, kind) || t.machineOf(other.val) != id {
			continue
		}
		m.Version = true
		q := other.val.get("Properties")
		about := ""
		if d := q.get("Description"); d != nil {
			about = t.eval(d).guess()
		}
		if kind == "AWS::StepFunctions::StateMachineVersion" {
			m.VersionDescription = about
			continue
		}
		name := other.key
		if n := q.get("Name"); n != nil {
			name = t.eval(n).guess()
		}
		if routes := q.get("RoutingConfiguration"); routes.is(array) && len(routes.items) > 1 {
			t.r.note(routes.at, "the alias %s leads to several versions: here it leads to the new one", name)
		}
		m.Aliases = append(m.Aliases, Alias{Name: name, Description: about})
	}
}
