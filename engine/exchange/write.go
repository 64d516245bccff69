package exchange

import (
	"fmt"
	"slices"
	"strings"

	"statehouse/engine/value"
)

// Write prints a machine in a format, in a way that Read reads back: the same definition with
// its order of keys and its digits, and the same type, role, log and trace settings, tags,
// version and aliases where the format has a place for them. Placeholders become parameters
// of a template. A definition that is no JSON is written as JSON only, which is as it is
// stored.
func Write(m Machine, f Format) ([]byte, error) {
	if f == JSON {
		return []byte(indented(m.Definition) + "\n"), nil
	}
	doc, err := value.Parse(sound(m.Definition))
	if err != nil {
		return nil, fmt.Errorf("the definition of %s is no JSON: mend it first: %w", m.Name, err)
	}
	if doc.Kind() != value.KindObject {
		return nil, fmt.Errorf("the definition of %s is no JSON object: mend it first", m.Name)
	}
	if m.Placeholders == nil {
		m.Placeholders = placeholdersOf(m.Definition, func(string) *hole { return nil })
	}
	switch f {
	case YAML:
		if open := unquoted(m.Definition); open != "" {
			return nil, fmt.Errorf("the placeholder ${%s} of %s stands outside of quotes, where YAML would make a text of it: fill it in first", open, m.Name)
		}
		return toYAML(doc)
	case CloudFormation, SAM:
		return toYAML(templateOf(m, doc, f == SAM))
	case CloudFormationJSON:
		return []byte(indented(templateOf(m, doc, false).JSON()) + "\n"), nil
	case Terraform:
		return terraformOf(m)
	case JSON:
	}
	return nil, fmt.Errorf("there is no format %q", f)
}

// Ending is how names of files in a format end.
func (f Format) Ending() string {
	switch f {
	case JSON:
		return ".asl.json"
	case YAML:
		return ".asl.yaml"
	case CloudFormation, SAM:
		return ".template.yaml"
	case CloudFormationJSON:
		return ".template.json"
	case Terraform:
		return ".tf"
	}
	return ".txt"
}

// unquoted is the first placeholder outside of quotes, empty when there is none.
func unquoted(text string) string {
	for _, s := range spots(text) {
		if !s.inside {
			return s.name
		}
	}
	return ""
}

// obj makes an object of keys and values in turn; Absent values are left out.
func obj(pairs ...any) value.Value {
	var members []value.Member
	for i := 0; i+1 < len(pairs); i += 2 {
		key, _ := pairs[i].(string)
		switch v := pairs[i+1].(type) {
		case string:
			members = append(members, value.Member{Key: key, Value: value.String(v)})
		case bool:
			members = append(members, value.Member{Key: key, Value: value.Bool(v)})
		case value.Value:
			members = append(members, value.Member{Key: key, Value: v})
		}
	}
	return value.Object(members...)
}

// ifSet is a text as a value; an empty one is Absent.
func ifSet(s string) value.Value {
	if s == "" {
		return value.Value{}
	}
	return value.String(s)
}

// stateMachineID is what the machine is called inside of templates that we write.
const stateMachineID = "StateMachine"

// templateOf is a template of CloudFormation or SAM with one machine.
func templateOf(m Machine, doc value.Value, sam bool) value.Value {
	parameters, fills := parametersOf(m)
	definition, text := doc, value.Value{}
	if unquoted(m.Definition) != "" || !templateSafe(doc) {
		definition, text = value.Value{}, value.String(indented(m.Definition))
	}
	serverless := sam
	sam = sam && m.Encryption == "" // for which SAM's own kind of machine has no place
	own := sam && len(m.Aliases) == 1 && m.Aliases[0].Description == "" && m.VersionDescription == ""
	names := keys{
		name: "StateMachineName", kind: "StateMachineType", role: "RoleArn", logging: "LoggingConfiguration", tracing: "TracingConfiguration",
		resource: "AWS::StepFunctions::StateMachine",
	}
	if sam {
		names = keys{"Name", "Type", "Role", "Logging", "Tracing", "AWS::Serverless::StateMachine"}
	}
	properties := obj(
		names.name, m.Name,
		names.kind, or(m.Type, "STANDARD"),
		names.role, obj("Ref", "RoleArn"),
		"Definition", definition,
		"DefinitionString", text,
		"DefinitionSubstitutions", fills,
		names.logging, capitals(m.Logging),
		names.tracing, capitals(m.Tracing),
		"EncryptionConfiguration", capitals(m.Encryption),
		"Tags", tagsOf(m.Tags, sam),
	)
	if own {
		properties = properties.With("AutoPublishAlias", value.String(m.Aliases[0].Name))
	}
	resources := obj(stateMachineID, obj("Type", names.resource, "Properties", properties))
	if m.Version && !own {
		resources = publishedOf(resources, m)
	}
	transform := value.Value{}
	if serverless {
		transform = value.String("AWS::Serverless-2016-10-31")
	}
	return obj(
		"AWSTemplateFormatVersion", "2010-09-09",
		"Transform", transform,
		"Description", "The state machine "+m.Name,
		"Parameters", parameters,
		"Resources", resources,
		"Outputs", obj("StateMachineArn", obj("Value", obj("Ref", stateMachineID))),
	)
}

// keys are the names of properties, which CloudFormation and SAM do not share.
type keys struct{ name, kind, role, logging, tracing, resource string }

// templateSafe tells whether a definition can stand in a template as an object: templates
// have no null, and take objects for functions.
func templateSafe(v value.Value) bool {
	switch v.Kind() {
	case value.KindNull:
		return false
	case value.KindArray:
		return !slices.ContainsFunc(v.Items(), func(i value.Value) bool { return !templateSafe(i) })
	case value.KindObject:
		for _, m := range v.Members() {
			if m.Key == "Ref" || m.Key == "Condition" && v.Len() == 1 || strings.HasPrefix(m.Key, "Fn::") || !templateSafe(m.Value) {
				return false
			}
		}
	case value.KindAbsent, value.KindBool, value.KindNumber, value.KindString:
	}
	return true
}

// parametersOf are the parameters of a template: the role, and one for each placeholder, with
// what fills them in. Both are never null.
func parametersOf(m Machine) (parameters, fills value.Value) {
	parameters = obj("RoleArn", obj("Type", "String", "Description", "What the state machine may do", "Default", ifSet(m.Role)))
	used := map[string]bool{"RoleArn": true, stateMachineID: true}
	for _, p := range m.Placeholders {
		if strings.HasPrefix(p.Name, "AWS::") {
			fills = fills.With(p.Name, obj("Ref", p.Name))
			continue
		}
		name := unique2(used, p.Name)
		kind, def := "String", value.Value{}
		if p.Kind == Number && (!p.HasDefault || value.Scalar(p.Default).Kind() == value.KindNumber) {
			kind = "Number"
		}
		if p.HasDefault {
			def = value.String(p.Default)
		}
		parameters = parameters.With(name, obj("Type", kind, "Description", ifSet(p.About), "Default", def))
		fills = fills.With(p.Name, obj("Ref", name))
	}
	return parameters, fills
}

// unique2 is a name of letters and digits that no other thing of the template has.
func unique2(used map[string]bool, name string) string {
	plain := strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			return c
		}
		return -1
	}, name)
	one := plain
	for i := 2; used[one]; i++ {
		one = fmt.Sprintf("%s%d", plain, i)
	}
	used[one] = true
	return one
}

// capitals is a configuration of the API in the words of templates: their keys begin with
// capitals.
func capitals(text string) value.Value {
	v, err := value.Parse(text)
	if text == "" || err != nil {
		return value.Value{}
	}
	return capital(v)
}

func capital(v value.Value) value.Value {
	switch v.Kind() {
	case value.KindObject:
		var members []value.Member
		for _, m := range v.Members() {
			members = append(members, value.Member{Key: strings.ToUpper(m.Key[:min(1, len(m.Key))]) + m.Key[min(1, len(m.Key)):], Value: capital(m.Value)})
		}
		return value.Object(members...)
	case value.KindArray:
		var items []value.Value
		for _, i := range v.Items() {
			items = append(items, capital(i))
		}
		return value.Array(items...)
	case value.KindAbsent, value.KindNull, value.KindBool, value.KindNumber, value.KindString:
	}
	return v
}

func tagsOf(tags []Tag, sam bool) value.Value {
	if len(tags) == 0 {
		return value.Value{}
	}
	var members []value.Member
	var items []value.Value
	for _, t := range tags {
		members = append(members, value.Member{Key: t.Key, Value: value.String(t.Value)})
		items = append(items, obj("Key", t.Key, "Value", t.Value))
	}
	if sam {
		return value.Object(members...)
	}
	return value.Array(items...)
}

// publishedOf adds a version and its aliases to the resources of a template.
func publishedOf(resources value.Value, m Machine) value.Value {
	version := stateMachineID + "Version"
	resources = resources.With(version, obj(
		"Type", "AWS::StepFunctions::StateMachineVersion",
		"Properties", obj(
			"StateMachineArn", obj("Ref", stateMachineID),
			"StateMachineRevisionId", obj("Fn::GetAtt", value.Array(value.String(stateMachineID), value.String("StateMachineRevisionId"))),
			"Description", ifSet(m.VersionDescription),
		),
	))
	for i, a := range m.Aliases {
		route := obj("StateMachineVersionArn", obj("Ref", version), "Weight", value.Int(100))
		resources = resources.With(fmt.Sprintf("%sAlias%d", stateMachineID, i+1), obj(
			"Type", "AWS::StepFunctions::StateMachineAlias",
			"Properties", obj("Name", a.Name, "Description", ifSet(a.Description), "RoutingConfiguration", value.Array(route)),
		))
	}
	return resources
}
