package exchange

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"statehouse/engine/value"
)

// maxNodes is how many values a file may have, in YAML once its aliases are followed: a few
// lines of aliases of aliases make billions.
const maxNodes = 200_000

// yamlReader turns YAML into nodes. CloudFormation's short forms become their long ones.
type yamlReader struct {
	file string
	left int
}

var yamlLine = regexp.MustCompile(`^(?:yaml: )?(?:unmarshal errors:\s*)?line (\d+): `)

func readYAML(file string, data []byte) (*node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		text := err.Error()
		at := Place{File: file}
		if m := yamlLine.FindStringSubmatch(text); m != nil {
			at.Line, _ = strconv.Atoi(m[1])
			text = text[len(m[0]):]
		}
		return nil, fail(at, "%s", strings.TrimPrefix(text, "yaml: "))
	}
	if len(doc.Content) == 0 {
		return nil, fail(Place{File: file}, "the file is empty")
	}
	r := &yamlReader{file: file, left: maxNodes}
	return r.value(doc.Content[0], 0)
}

func (r *yamlReader) place(n *yaml.Node) Place { return Place{r.file, n.Line, n.Column} }

func (r *yamlReader) value(y *yaml.Node, depth int) (*node, error) {
	at := r.place(y)
	r.left--
	switch {
	case depth > maxDepth:
		return nil, fail(at, "nested deeper than %d levels", maxDepth)
	case r.left < 0:
		return nil, fail(at, "the file has more than %d values when its aliases are followed", maxNodes)
	case y.Kind == yaml.AliasNode:
		return r.value(y.Alias, depth+1)
	}
	if tag := y.Tag; len(tag) > 1 && tag[0] == '!' && tag[1] != '!' {
		return r.short(y, tag[1:], depth)
	}
	switch y.Kind {
	case yaml.MappingNode:
		return r.object(y, depth)
	case yaml.SequenceNode:
		n := &node{kind: array, at: at}
		for _, c := range y.Content {
			item, err := r.value(c, depth+1)
			if err != nil {
				return nil, err
			}
			n.items = append(n.items, item)
		}
		return n, nil
	case yaml.ScalarNode:
		return r.scalar(y)
	case yaml.AliasNode, yaml.DocumentNode:
	}
	return nil, fail(at, "not understood")
}

// short is !Sub x for {"Fn::Sub": x}, and so on.
func (r *yamlReader) short(y *yaml.Node, tag string, depth int) (*node, error) {
	plain := *y
	plain.Tag = ""
	if y.Kind == yaml.ScalarNode {
		plain.Tag = "!!str"
	}
	val, err := r.value(&plain, depth+1)
	if err != nil {
		return nil, err
	}
	key := "Fn::" + tag
	switch tag {
	case "Ref", "Condition":
		key = tag
	case "GetAtt":
		if s, ok := val.plain(); ok {
			id, attribute, _ := strings.Cut(s, ".")
			val = &node{kind: array, at: val.at, items: []*node{textNode(val.at, id), textNode(val.at, attribute)}}
		}
	}
	return &node{kind: object, at: r.place(y), members: []member{{key, val, r.place(y)}}}, nil
}

// object reads a mapping; << takes over what another one has and this one has not.
func (r *yamlReader) object(y *yaml.Node, depth int) (*node, error) {
	n := &node{kind: object, at: r.place(y)}
	own := map[string]bool{}
	var merged []*node
	for i := 0; i+1 < len(y.Content); i += 2 {
		key := y.Content[i]
		if key.Kind == yaml.AliasNode {
			key = key.Alias
		}
		if key.Kind != yaml.ScalarNode {
			return nil, fail(r.place(key), "a key must be a text")
		}
		val, err := r.value(y.Content[i+1], depth+1)
		if err != nil {
			return nil, err
		}
		if key.Tag == "!!merge" {
			merged = append(merged, val)
			continue
		}
		if own[key.Value] {
			return nil, fail(r.place(key), "the key '%s' is there twice", key.Value)
		}
		own[key.Value] = true
		n.members = append(n.members, member{key.Value, val, r.place(key)})
	}
	for len(merged) > 0 {
		from := merged[0]
		merged = merged[1:]
		if from.kind == array {
			merged = append(from.items[:len(from.items):len(from.items)], merged...)
			continue
		}
		if from.kind != object {
			return nil, fail(from.at, "<< needs a mapping")
		}
		for _, m := range from.members {
			if r.left--; !own[m.key] && r.left >= 0 {
				own[m.key] = true
				n.members = append(n.members, m)
			}
		}
	}
	if r.left < 0 {
		return nil, fail(n.at, "the file has more than %d values when its aliases are followed", maxNodes)
	}
	return n, nil
}

func (r *yamlReader) scalar(y *yaml.Node) (*node, error) {
	at := r.place(y)
	if y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle|yaml.TaggedStyle) == 0 && y.Tag != "!!bool" && y.Tag != "!!null" {
		if v := value.Scalar(y.Value); v.Kind() == value.KindNumber {
			return &node{kind: number, literal: v.Literal(), at: at}, nil // the digits stay
		}
	}
	switch y.Tag {
	case "!!null":
		return &node{kind: null, at: at}, nil
	case "!!bool":
		var b bool
		if err := y.Decode(&b); err != nil {
			return nil, fail(at, "%v", err)
		}
		return &node{kind: boolean, literal: strconv.FormatBool(b), at: at}, nil
	case "!!int", "!!float":
		return r.numeral(y)
	}
	return textNode(at, y.Value), nil // also dates: JSON has none
}

// numeral is a number that JSON writes in another way, as 0x1F or .5.
func (r *yamlReader) numeral(y *yaml.Node) (*node, error) {
	var i int64
	if err := y.Decode(&i); err == nil && y.Tag == "!!int" {
		return &node{kind: number, literal: strconv.FormatInt(i, 10), at: r.place(y)}, nil
	}
	var f float64
	err := y.Decode(&f)
	v := value.Float(f)
	if err == nil && v.Kind() != value.KindNumber {
		err = errors.New("JSON has no such number")
	}
	if err != nil {
		return nil, fail(r.place(y), "'%s' is no number of JSON", y.Value)
	}
	return &node{kind: number, literal: v.Literal(), at: r.place(y)}, nil
}
