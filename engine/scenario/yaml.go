package scenario

import (
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"statehouse/engine/value"
)

// parseYAML reads a text as one value. Numbers keep their digits and keys their order.
func parseYAML(text string) (value.Value, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		return value.Value{}, errors.New(strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if len(doc.Content) == 0 {
		return value.Value{}, errors.New("the file is empty")
	}
	return valueOf(doc.Content[0], 0)
}

// maxDepth is how deep values nest; aliases may nest them without end.
const maxDepth = 100

func valueOf(n *yaml.Node, depth int) (value.Value, error) {
	if depth > maxDepth {
		return value.Value{}, fmt.Errorf("line %d: nested too deeply", n.Line)
	}
	switch n.Kind {
	case yaml.AliasNode:
		return valueOf(n.Alias, depth+1)
	case yaml.SequenceNode:
		items := make([]value.Value, 0, len(n.Content))
		for _, c := range n.Content {
			v, err := valueOf(c, depth+1)
			if err != nil {
				return value.Value{}, err
			}
			items = append(items, v)
		}
		return value.Array(items...), nil
	case yaml.MappingNode:
		return objectOf(n, depth)
	case yaml.ScalarNode:
		return scalarOf(n)
	case yaml.DocumentNode:
	}
	return value.Value{}, fmt.Errorf("line %d: not understood", n.Line)
}

// objectOf reads a mapping. Its keys are taken as the text that they are.
func objectOf(n *yaml.Node, depth int) (value.Value, error) {
	var members []value.Member
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		switch {
		case key.Kind != yaml.ScalarNode:
			return value.Value{}, fmt.Errorf("line %d: a key must be a text", key.Line)
		case key.Tag == "!!merge":
			return value.Value{}, fmt.Errorf("line %d: merge keys (<<) are not supported", key.Line)
		case seen[key.Value]:
			return value.Value{}, fmt.Errorf("line %d: the key '%s' is there twice", key.Line, key.Value)
		}
		seen[key.Value] = true
		v, err := valueOf(n.Content[i+1], depth+1)
		if err != nil {
			return value.Value{}, err
		}
		members = append(members, value.Member{Key: key.Value, Value: v})
	}
	return value.Object(members...), nil
}

func scalarOf(n *yaml.Node) (value.Value, error) {
	switch n.Tag {
	case "!!null":
		return value.Nil, nil
	case "!!bool":
		var b bool
		if err := n.Decode(&b); err != nil {
			return value.Value{}, fmt.Errorf("line %d: %w", n.Line, err)
		}
		return value.Bool(b), nil
	case "!!int", "!!float":
		if v, err := value.Parse(n.Value); err == nil && v.Kind() == value.KindNumber {
			return v, nil // as JSON writes it: the digits stay
		}
		var f float64
		if err := n.Decode(&f); err != nil {
			return value.Value{}, fmt.Errorf("line %d: %w", n.Line, err)
		}
		v, err := value.Parse(value.Float(f).JSON())
		if err != nil || v.Kind() != value.KindNumber {
			return value.Value{}, fmt.Errorf("line %d: '%s' is no number of JSON", n.Line, n.Value)
		}
		return v, nil
	}
	return value.String(n.Value), nil // also dates: JSON has none
}
