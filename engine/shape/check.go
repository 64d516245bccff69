package shape

import (
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"

	"statehouse/engine/value"
)

// Mismatch says how a value differs from what the service answers, in AWS's words.
type Mismatch struct {
	Field   string // the innermost member that is wrong
	Problem string // what follows the name
	Missing bool   // a required member is not there
}

// Error is the sentence of AWS.
func (m *Mismatch) Error() string {
	if m.Missing {
		return fmt.Sprintf("Required field '%s' is missing", m.Field)
	}
	return fmt.Sprintf("Field '%s' %s", m.Field, m.Problem)
}

// Check holds an answer against the operation and gives back the first *Mismatch. Members
// that the model does not have are allowed, as on AWS: integrations add some of their own,
// like SdkHttpMetadata. complete says whether every required member must be there. Members
// begin with a capital, however the service spells them; those that free names are not
// looked at, because the integration itself changes their shape.
func (o *Operation) Check(answer value.Value, complete bool, free ...string) error {
	if o.output < 0 {
		return nil
	}
	c := checker{shapes: o.service.Shapes, complete: complete, free: free}
	if m := c.structure(&c.shapes[o.output], answer); m != nil {
		return m
	}
	return nil
}

type checker struct {
	shapes   []node
	complete bool
	free     []string
	depth    int
}

func (c *checker) structure(n *node, v value.Value) *Mismatch {
	if c.complete {
		for _, name := range n.Required {
			if name = capital(name); v.Get(name).IsAbsent() {
				return &Mismatch{Field: name, Missing: true}
			}
		}
	}
	members := make(map[string]int, len(n.Members))
	for name, i := range n.Members {
		members[capital(name)] = i
	}
	top := c.depth == 0
	c.depth++
	defer func() { c.depth-- }()
	for _, m := range v.Members() {
		i, known := members[m.Key]
		if !known || top && slices.Contains(c.free, m.Key) {
			continue
		}
		if bad := c.field(m.Key, &c.shapes[i], m.Value); bad != nil {
			return bad
		}
	}
	return nil
}

// field holds the value of one member against its shape.
func (c *checker) field(name string, n *node, v value.Value) *Mismatch {
	wrong := func(problem string) *Mismatch { return &Mismatch{Field: name, Problem: problem} }
	switch n.Type {
	case "any":
		return nil
	case "":
		if v.Kind() != value.KindObject {
			return wrong("must be an object")
		}
		return c.structure(n, v)
	case "list":
		if v.Kind() != value.KindArray {
			return wrong("must be an array")
		}
		for _, item := range v.Items() {
			if bad := c.field(name, &c.shapes[n.Of], item); bad != nil {
				return bad
			}
		}
	case "map":
		if v.Kind() != value.KindObject {
			return wrong("must be an object")
		}
		for _, m := range v.Members() {
			if bad := c.field(m.Key, &c.shapes[n.Of], m.Value); bad != nil {
				return bad
			}
		}
	case "boolean":
		if v.Kind() != value.KindBool {
			return wrong("must be a boolean")
		}
	case "integer", "long", "float", "double":
		if v.Kind() != value.KindNumber {
			return wrong("must be a number")
		}
		return number(n, v, wrong)
	default: // string, character, blob and timestamp are texts in JSON
		if v.Kind() != value.KindString {
			return wrong("must be a string")
		}
		return text(n, v.Text(), wrong)
	}
	return nil
}

func number(n *node, v value.Value, wrong func(string) *Mismatch) *Mismatch {
	switch f := v.AsFloat(); {
	case n.Min != nil && f < *n.Min:
		return wrong("is less than the minimum value")
	case n.Max != nil && f > *n.Max:
		return wrong("exceeds the maximum value")
	}
	return nil
}

func text(n *node, s string, wrong func(string) *Mismatch) *Mismatch {
	length := float64(utf8.RuneCountInString(s))
	switch {
	case n.Type == "timestamp":
		return nil
	case n.Min != nil && length < *n.Min:
		return wrong("is smaller than the minimum length")
	case n.Max != nil && length > *n.Max:
		return wrong("exceeds the maximum length")
	case len(n.Enum) > 0 && !slices.Contains(n.Enum, s):
		return wrong("is not an expected value")
	}
	return nil
}

// capital is a member's name as integrations spell it: executionArn becomes ExecutionArn.
func capital(name string) string {
	r, n := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(r)) + name[n:]
}
