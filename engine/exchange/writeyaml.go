package exchange

import (
	"bytes"
	"errors"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"statehouse/engine/value"
)

// toYAML writes a value as YAML that reads back as the same value. Texts of several lines
// are written as such.
func toYAML(v value.Value) ([]byte, error) {
	for _, plain := range []bool{true, false} {
		var b bytes.Buffer
		e := yaml.NewEncoder(&b)
		e.SetIndent(2)
		if err := e.Encode(yamlNode(v, plain)); err != nil {
			return nil, err
		}
		if err := e.Close(); err != nil {
			return nil, err
		}
		back, err := readYAML("", b.Bytes())
		if err == nil && sameValue(back, v) {
			return b.Bytes(), nil
		}
	}
	return nil, errors.New("YAML cannot hold this definition")
}

// sameValue compares what was read with what was written: order of keys and digits, too.
func sameValue(n *node, v value.Value) bool {
	switch v.Kind() {
	case value.KindString:
		text, ok := n.plain()
		return n.is(str) && ok && text == v.Text()
	case value.KindNumber:
		return n.is(number) && n.literal == v.Literal()
	case value.KindBool:
		return n.is(boolean) && n.literal == v.JSON()
	case value.KindArray:
		items := v.Items()
		if !n.is(array) || len(n.items) != len(items) {
			return false
		}
		for i, item := range items {
			if !sameValue(n.items[i], item) {
				return false
			}
		}
		return true
	case value.KindObject:
		members := v.Members()
		if !n.is(object) || len(n.members) != len(members) {
			return false
		}
		for i, m := range members {
			if n.members[i].key != m.Key || !sameValue(n.members[i].val, m.Value) {
				return false
			}
		}
		return true
	case value.KindNull:
		return n.is(null)
	case value.KindAbsent:
	}
	return false
}

// otherType is what readers of YAML 1.1, as CloudFormation's, take for no text.
var otherType = regexp.MustCompile(`^(?i:y|yes|n|no|on|off|true|false|null|~|[-+.]?[0-9].*)$`)

// yamlNode is a value as a node of YAML; plain is for people, otherwise every text is quoted.
func yamlNode(v value.Value, plain bool) *yaml.Node {
	switch v.Kind() {
	case value.KindString:
		n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: v.Text()}
		switch text := v.Text(); {
		case !plain, strings.HasPrefix(text, "\t"): // the library cannot begin a block with a tab
			n.Style = yaml.DoubleQuotedStyle
		case strings.Contains(strings.TrimSuffix(text, "\n"), "\n"):
			n.Style = yaml.LiteralStyle
		case otherType.MatchString(text):
			n.Style = yaml.DoubleQuotedStyle
		}
		return n
	case value.KindArray:
		n := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
		if v.Len() == 0 {
			n.Style = yaml.FlowStyle
		}
		for _, item := range v.Items() {
			n.Content = append(n.Content, yamlNode(item, plain))
		}
		return n
	case value.KindObject:
		return yamlMapping(v, plain)
	case value.KindNumber:
		return &yaml.Node{Kind: yaml.ScalarNode, Value: v.Literal()}
	case value.KindBool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: v.JSON()}
	case value.KindNull, value.KindAbsent:
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
}

func yamlMapping(v value.Value, plain bool) *yaml.Node {
	if v.Len() == 1 && plain {
		m := v.Members()[0]
		switch {
		case m.Key == "Ref" && m.Value.Kind() == value.KindString:
			return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!Ref", Value: m.Value.Text(), Style: yaml.TaggedStyle}
		case m.Key == "Fn::GetAtt" && m.Value.Len() == 2:
			return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!GetAtt", Value: m.Value.At(0).Text() + "." + m.Value.At(1).Text(), Style: yaml.TaggedStyle}
		}
	}
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	if v.Len() == 0 {
		n.Style = yaml.FlowStyle
	}
	for _, m := range v.Members() {
		n.Content = append(n.Content, yamlNode(value.String(m.Key), plain), yamlNode(m.Value, plain))
	}
	return n
}
