package items

import (
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"statehouse/engine/value"
)

// column is a node of a Parquet schema: a leaf that has values, or a group of columns. It puts
// rows together from the flat values of the leaves, by their repetition and definition levels
// (the record assembly of the Dremel paper).
//
// Groups become objects, lists arrays, maps objects when their keys are texts, and columns
// without a value null. See scalar for the leaves.
type column struct {
	name        string
	shape       shapeOfColumn
	optional    bool
	repeated    bool
	def, rep    int // levels at which this column is there, and begins again
	first, last int // leaves below it
	fields      []*column
	scalar      func(parquet.Value) value.Value // of a leaf
}

type shapeOfColumn uint8

const (
	leaf shapeOfColumn = iota
	group
	list    // the items are those of its only, repeated field
	mapping // the members are those of its only, repeated field
	wrapper // the repeated field of a list, around the items
)

// newColumn plans how to read a node, whose leaves begin at *leaves.
func newColumn(n parquet.Node, name string, def, rep int, leaves *int) *column {
	c := &column{name: strings.ToValidUTF8(name, "\uFFFD"), optional: n.Optional(), repeated: n.Repeated(), def: def, rep: rep, first: *leaves}
	if c.optional || c.repeated {
		c.def++
	}
	if c.repeated {
		c.rep++
	}
	if n.Leaf() {
		*leaves++
		c.last = *leaves
		c.scalar = scalarOf(n.Type())
		return c
	}
	c.shape = group
	for _, f := range n.Fields() {
		c.fields = append(c.fields, newColumn(f, f.Name(), c.def, c.rep, leaves))
	}
	c.last = *leaves
	if lt := n.Type().LogicalType(); lt != nil && len(c.fields) == 1 && c.fields[0].repeated {
		inner := c.fields[0]
		switch lt.Value.(type) {
		case *format.ListType:
			c.shape = list
			if inner.shape == group && len(inner.fields) == 1 && inner.name != "array" && inner.name != name+"_tuple" {
				inner.shape = wrapper
			}
		case *format.MapType:
			if inner.shape == group && len(inner.fields) == 2 {
				c.shape = mapping
			}
		}
	}
	return c
}

// item takes the next value of the column from its leaves.
func (c *column) item(leaves [][]parquet.Value) value.Value {
	if (c.optional || c.repeated) && leaves[c.first][0].DefinitionLevel() < c.def {
		for i := c.first; i < c.last; i++ {
			leaves[i] = leaves[i][1:]
		}
		if c.repeated {
			return value.Array()
		}
		return value.Nil
	}
	if !c.repeated {
		return c.one(leaves)
	}
	var all []value.Value
	for {
		all = append(all, c.one(leaves))
		if next := leaves[c.first]; len(next) == 0 || next[0].RepetitionLevel() != c.rep {
			return value.Array(all...)
		}
	}
}

// one takes one value of a column that is there.
func (c *column) one(leaves [][]parquet.Value) value.Value {
	switch c.shape {
	case leaf:
		v := leaves[c.first][0]
		leaves[c.first] = leaves[c.first][1:]
		return c.scalar(v)
	case list, wrapper:
		return c.fields[0].item(leaves)
	case mapping:
		return dictionary(c.fields[0].item(leaves))
	case group:
	}
	members := make([]value.Member, len(c.fields))
	for i, f := range c.fields {
		members[i] = value.Member{Key: f.name, Value: f.item(leaves)}
	}
	return value.Object(members...)
}

// dictionary is an object with the pairs of a map.
func dictionary(pairs value.Value) value.Value {
	var members []value.Member
	for _, p := range pairs.Items() {
		pair := p.Members()
		key := pair[0].Value.Text()
		if pair[0].Value.Kind() != value.KindString {
			key = pair[0].Value.JSON()
		}
		members = append(members, value.Member{Key: key, Value: pair[1].Value})
	}
	return value.Object(members...)
}
