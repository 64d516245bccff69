package asl

import (
	"strconv"
	"strings"

	"statehouse/engine/jsonpath"
	"statehouse/engine/payload"
	"statehouse/engine/value"
)

// QueryLanguage is the language in which a state reads and shapes data.
type QueryLanguage uint8

// The two query languages.
const (
	JSONPath QueryLanguage = iota
	JSONata
)

// String is the name as definitions spell it.
func (q QueryLanguage) String() string {
	if q == JSONata {
		return "JSONata"
	}
	return "JSONPath"
}

// Type is what a state does.
type Type string

// The eight state types.
const (
	Task     Type = "Task"
	Pass     Type = "Pass"
	Choice   Type = "Choice"
	Wait     Type = "Wait"
	Succeed  Type = "Succeed"
	Fail     Type = "Fail"
	Parallel Type = "Parallel"
	Map      Type = "Map"
)

// Works tells whether a state of this type has a result of its own, from the world or from
// states inside it: then there is something to retry and to catch, and $states.result.
func (t Type) Works() bool { return t == Task || t == Parallel || t == Map }

// Position is a place in a definition's text. Line and Column count from 1; a column is a
// UTF-16 code unit, as editors count.
type Position struct {
	Offset, Line, Column int
}

// Machine is a whole definition, ready to be executed.
type Machine struct {
	Source         string
	Comment        string
	Version        string
	TimeoutSeconds *int64 // nil: no limit
	Language       QueryLanguage
	Root           *Block

	// Reads says which variables each state reads: state → names in order. States that read
	// none are not in it. The API calls it variableReferences.
	Reads map[string][]string
}

// Path leads to a block: the JSON pointer of the object that holds StartAt and States,
// empty for the whole definition, "/States/Fulfil/Branches/0" for a branch,
// "/States/Each/ItemProcessor" (or Iterator) for the body of a Map.
type Path string

// Mode says where the iterations of a Map run.
const (
	Inline      = "INLINE"
	Distributed = "DISTRIBUTED"
)

// Block is one group of states with a start: the machine, a branch, or the body of a Map.
// Transitions never leave it.
type Block struct {
	Path          Path
	StartAt       string
	Comment       string
	States        map[string]*State
	Order         []string // names of the states as written
	Mode          string   // INLINE or DISTRIBUTED; empty outside of Map
	ExecutionType string   // STANDARD or EXPRESS for DISTRIBUTED
	Language      QueryLanguage
}

// State is one state. Which fields are set depends on its type; nil, empty and
// value.Value{} mean absent.
type State struct {
	Name     string
	Type     Type
	Comment  string
	Language QueryLanguage
	Next     string
	End      bool
	Pos      Position
	Pointer  string // JSON pointer of the state in the definition

	InputPath, OutputPath, ResultPath *Selector

	// Parameters of a Map land in ItemSelector, of which they are the older name.
	Parameters, ResultSelector, ItemSelector, Arguments *payload.Template

	Result value.Value
	Output *payload.Template // JSONata
	Assign *payload.Template

	Resource                                          string
	Credentials                                       *payload.Template
	TimeoutSeconds, HeartbeatSeconds                  *Number
	Seconds                                           *Number
	Timestamp                                         *Text
	Error, Cause                                      *Text
	Choices                                           []Rule
	Default                                           string
	Branches                                          []*Block
	Processor                                         *Block
	ItemsPath                                         *Selector         // never nil in a JSONPath Map: the default is "$"
	Items                                             *payload.Template // JSONata
	MaxConcurrency                                    *Number
	ToleratedFailureCount, ToleratedFailurePercentage *Number
	Label                                             string
	ItemReader, ItemBatcher, ResultWriter             value.Value

	Retry []Retrier
	Catch []Catcher

	path Path // of the state itself: its blocks' paths begin with it
}

// Selector is a path field that may also be null, which is not the same as absent.
type Selector struct {
	Null bool
	Path *jsonpath.Path
	Text string
}

// Number is a field that is a number, a path to one, or an expression for one.
type Number struct {
	Field   string // as written: "Seconds" or "SecondsPath"
	Literal value.Value
	Path    *jsonpath.Path
	Query   *payload.Query // JSONata
}

// Text is a field that is a string, a path or intrinsic call, or an expression.
type Text struct {
	Field   string // as written: "Cause" or "CausePath"
	Literal string
	Path    *payload.Expr
	Query   *payload.Query // JSONata
}

// Retrier says which errors are tried again, and when. The defaults are filled in.
type Retrier struct {
	ErrorEquals     []string
	IntervalSeconds int64
	MaxAttempts     int64
	BackoffRate     float64
	MaxDelaySeconds *int64
	FullJitter      bool
}

// Catcher says where an error leads.
type Catcher struct {
	ErrorEquals []string
	Next        string
	ResultPath  *Selector
	Assign      *payload.Template
	Output      *payload.Template // JSONata
	Comment     string
}

// Rule is one way out of a Choice.
type Rule struct {
	Next      string
	Test      Test
	Assign    *payload.Template
	Condition *payload.Template // JSONata: an expression, or true or false
	Comment   string
	Output    *payload.Template // JSONata
}

// Op is what a Test does.
type Op uint8

// The kinds of tests.
const (
	Compare Op = iota
	And
	Or
	Not
)

// Test is a comparison, or tests joined by And, Or and Not.
type Test struct {
	Op         Op
	Tests      []Test
	Variable   *jsonpath.Path
	Comparator string // without "Path": "NumericGreaterThan" also when ValuePath is set
	Value      value.Value
	ValuePath  *jsonpath.Path
}

// Block finds the block a path leads to, nil when there is none.
func (m *Machine) Block(p Path) *Block {
	b := m.Root
	rest := string(p)
	for rest != "" && b != nil {
		b, rest = b.step(rest)
	}
	return b
}

// step follows the first state of a path into one of its blocks and gives back what is left.
func (b *Block) step(path string) (*Block, string) {
	rest, ok := strings.CutPrefix(path, "/States/")
	if !ok {
		return nil, ""
	}
	name, rest, _ := strings.Cut(rest, "/")
	s := b.States[unescape(name)]
	if s == nil {
		return nil, ""
	}
	field, rest, more := strings.Cut(rest, "/")
	switch field {
	case "ItemProcessor", "Iterator":
		if more {
			rest = "/" + rest
		}
		return s.Processor, rest
	case "Branches":
		index, rest, more := strings.Cut(rest, "/")
		i, err := strconv.Atoi(index)
		if err != nil || i < 0 || i >= len(s.Branches) {
			return nil, ""
		}
		if more {
			rest = "/" + rest
		}
		return s.Branches[i], rest
	}
	return nil, ""
}

// Blocks lists every block inside a state, none for most types.
func (s *State) Blocks() []*Block {
	if s.Processor != nil {
		return []*Block{s.Processor}
	}
	return s.Branches
}

var (
	escaper   = strings.NewReplacer("~", "~0", "/", "~1")
	unescaper = strings.NewReplacer("~1", "/", "~0", "~")
)

func escape(name string) string   { return escaper.Replace(name) }
func unescape(name string) string { return unescaper.Replace(name) }
