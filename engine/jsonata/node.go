package jsonata

import "unique"

type nodeKind uint8

const (
	nodeEnd nodeKind = iota
	nodeString
	nodeNumber
	nodeValue
	nodeName
	nodeVariable
	nodeRegex
	nodeOperator // a word or sign that stands where an operand belongs
	nodeWildcard
	nodeDescendant
	nodeParent
	nodeBinary
	nodeNegate
	nodeArray
	nodeObject
	nodeFunction
	nodePartial
	nodeLambda
	nodeBlock
	nodeCondition
	nodeTransform
	// The resolver makes these.
	nodePath
	nodeSort
	nodeBind
	nodeApply
)

// String is the type that jsonata-js gives to such a node; errors mention it.
func (k nodeKind) String() string {
	return [...]string{
		"(end)", "string", "number", "value", "name", "variable", "regex", "operator", "wildcard", "descendant",
		"parent", "binary", "unary", "unary", "unary", "function", "partial", "lambda", "block", "condition",
		"transform", "path", "sort", "bind", "apply",
	}[k]
}

// name is an interned name of a variable.
type name = unique.Handle[string]

// node is a piece of the tree. The parser fills the upper part; the resolver the lower. After
// that nothing changes.
type node struct {
	kind nodeKind
	pos  int    // as jsonata-js counts, 0 when it has none
	text string // operator, name or content of a string
	lit  item   // string, number, true, false, null
	id   name   // of a variable

	lhs, rhs, third *node   // third: else, or what a transform deletes
	list            []*node // arguments, expressions, steps
	pairs           []pair
	terms           []term
	sig             *signature
	regex           *pattern

	op       operator
	quick    quick
	called   mark     // how a call names its function
	constant []string // the keys of an object constructor, when they are known and differ

	keepArray bool
	keepOne   bool // a path that keeps an array of one
	cons      bool // an array constructor whose result does not flatten
	tuple     bool
	thunk     bool // a lambda that stands for a tail call
	plain     bool // no predicate, group or keepArray: the value needs no second look
	simple    bool // a step that is a plain name or variable
	frame     bool // a block that binds variables
	leaf      bool // a lambda whose variables nothing holds on to when it has returned
	builtin   *native
	free      bool // a variable that nothing in the expression binds

	predicates, stages []stage
	group              *node
	focus, index       name
	parent             *slot // where a step hands itself to a parent operator
	slot               *slot // what a parent operator reads
	seeking            []*slot
	params             []name
}

// quick says that a node can be evaluated without ceremony.
type quick uint8

const (
	quickNot      quick = iota
	quickLiteral        // a string, number, true, false or null
	quickVariable       // a variable, or the context
	quickField          // the path of one name
	quickTrail          // a path of a variable and names
)

type pair struct{ key, value *node }

type term struct {
	expr       *node
	descending bool
}

// stage is what happens to the result of a step: a filter, or its places bound to a variable.
type stage struct {
	filter *node
	index  name
}

// slot is one use of the parent operator: how many levels up, and under which name the step
// there leaves the value.
type slot struct {
	label name
	level int
}

var noName name
