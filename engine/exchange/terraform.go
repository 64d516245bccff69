package exchange

import (
	"strconv"
	"strings"

	"statehouse/engine/value"
)

// machine takes one state machine of a module in.
func (m *module) machine(address string, b *block) {
	id := m.address + b.labels[1] + b.key
	out := Machine{ID: id, Name: m.nameOf(b), Format: Terraform, Place: b.at, Type: "STANDARD"}
	if kind := b.attr("type"); !kind.missing() {
		s, _ := m.value(kind).given()
		out.Type = machineType(s)
	}
	if role := b.attr("role_arn"); !role.missing() {
		if arn, ok := m.value(role).given(); ok && strings.HasPrefix(arn, "arn:") {
			out.Role = arn
		} else {
			m.r.note(role.at, "the role is not known here: this server's own stands for it")
		}
	}
	out.Logging = m.logging(m.block(b, "logging_configuration"))
	if t := m.block(b, "tracing_configuration"); t != nil {
		enabled, _ := m.value(t.attr("enabled")).given()
		out.Tracing = `{"enabled":` + strconv.FormatBool(enabled == "true") + `}`
	}
	out.Tags = m.tags(b.attr("tags"))
	if publish, _ := m.value(b.attr("publish")).given(); publish == "true" {
		out.Version = true
		out.VersionDescription, _ = m.value(b.attr("version_description")).given()
	}
	out.Encryption = m.encryption(m.block(b, "encryption_configuration"))
	m.aliases(&out, b)
	definition := b.attr("definition")
	if definition.missing() {
		m.r.note(b.at, "%s is left out: it has no definition", address)
		return
	}
	v := m.value(definition)
	if h := v.bare(); h != nil {
		m.r.note(definition.at, "%s is left out: its definition is not known here: %s", address, h.about)
		return
	}
	if !v.is(str) {
		m.r.note(definition.at, "%s is left out: its definition is no text: jsonencode makes one", address)
		return
	}
	text := strings.TrimSpace(joined(v.text))
	if err := checked(definition.at, text); err != nil {
		m.r.note(definition.at, "%s is left out: %v", address, err)
		return
	}
	m.r.add(out, text, func(name string) *hole {
		if h := m.named[name]; h != nil {
			return h
		}
		return literal(name)
	})
}

// aliases finds those that lead to a machine.
func (m *module) aliases(out *Machine, b *block) {
	for _, other := range m.order {
		if m.resources[other].labels[0] != "aws_sfn_alias" {
			continue
		}
		for _, alias := range m.made(m.resources[other]) {
			t := m.machineOf(alias)
			if t == nil || t.m != m || t.b.labels[1] != b.labels[1] || t.b.key != b.key {
				continue
			}
			about, _ := m.value(alias.attr("description")).given()
			out.Version = true
			out.Aliases = append(out.Aliases, Alias{Name: m.nameOf(alias), Description: about})
		}
	}
}

// machineOf is the machine that an alias leads to, nil when it is not here.
func (m *module) machineOf(alias *block) *thing {
	route := m.block(alias, "routing_configuration")
	if route == nil {
		return nil
	}
	h := m.value(route.attr("state_machine_version_arn")).bare()
	if h == nil || h.thing == nil || h.thing.b == nil || h.thing.b.labels[0] != "aws_sfn_state_machine" {
		return nil
	}
	return h.thing
}

func (m *module) logging(b *block) string {
	if b == nil {
		return ""
	}
	level, _ := m.value(b.attr("level")).given()
	data, _ := m.value(b.attr("include_execution_data")).given()
	c := value.Object(value.Member{Key: "level", Value: value.String(or(strings.ToUpper(level), "OFF"))},
		value.Member{Key: "includeExecutionData", Value: value.Bool(data == "true")})
	var destinations []value.Value
	if group := b.attr("log_destination"); !group.missing() {
		arn, ok := m.value(group).given()
		if !ok {
			m.r.note(group.at, "the log group is not known here: the log settings are not taken over")
			return ""
		}
		destinations = append(destinations, destination(arn))
	}
	return c.With("destinations", value.Array(destinations...)).JSON()
}

// encryption are the settings of a key in the words of the API.
func (m *module) encryption(b *block) string {
	if b == nil {
		return ""
	}
	return m.r.encryption(b.at, m.value(b.attr("type")), m.value(b.attr("kms_key_id")), m.value(b.attr("kms_data_key_reuse_period_seconds")))
}

func (m *module) tags(s source) []Tag {
	if s.missing() {
		return nil
	}
	var list []Tag
	for _, f := range m.value(s).members {
		if text, ok := f.val.given(); ok {
			list = append(list, Tag{f.key, text})
			continue
		}
		m.r.note(f.at, "the tag %s, whose value is not known here, is left out", f.key)
	}
	return list
}

// shown reads what `terraform show -json` prints of a state or a plan.
func (r *reader) shown(root *node) error {
	values := root.get("values")
	if values == nil {
		values = root.get("planned_values")
	}
	return r.shownModule(values.get("root_module"))
}

func (r *reader) shownModule(m *node) error {
	for _, res := range objectsOf(m.get("resources")) {
		kind, _ := res.get("type").plain()
		v := res.get("values")
		get := func(key string) string { s, _ := v.get(key).plain(); return s }
		address, _ := res.get("address").plain()
		switch {
		case kind == "aws_sfn_activity":
			r.out.Activities = append(r.out.Activities, Activity{ID: address, Name: get("name")})
		case kind == "aws_sfn_state_machine" && !v.get("definition").is(str):
			r.note(res.at, "%s is left out: its definition is known only after it is applied", address)
		case kind == "aws_sfn_state_machine":
			at, text := v.get("definition").at, get("definition")
			if err := checked(at, text); err != nil {
				return err
			}
			var tags []Tag
			for _, f := range objectOf(v.get("tags")).members {
				tag, _ := f.val.plain()
				tags = append(tags, Tag{f.key, tag})
			}
			r.add(Machine{
				ID: address[strings.LastIndexByte(address, '.')+1:], Name: get("name"), Type: machineType(get("type")), Role: get("role_arn"),
				Tags: tags, Format: Terraform, Place: res.at,
			}, text, r.pseudo)
		}
	}
	for _, child := range objectsOf(m.get("child_modules")) {
		if err := r.shownModule(child); err != nil {
			return err
		}
	}
	return nil
}

func objectsOf(n *node) []*node {
	if n.is(array) {
		return n.items
	}
	return nil
}

func objectOf(n *node) *node {
	if n.is(object) {
		return n
	}
	return &node{kind: object}
}
