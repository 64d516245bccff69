package jsonpath

// StepKind says what a Step of a path is.
type StepKind uint8

// The kinds of steps that people who translate a path care about.
const (
	NameStep  StepKind = iota // a property
	IndexStep                 // an item, from the back when negative
	EveryStep                 // all items, or all values
	SliceStep                 // the items from one place up to, and without, another
	OtherStep                 // several names or indexes, a scan, a filter, a function
)

// Step is one step of a path in other words. Text is the step as Jayway's messages write it.
type Step struct {
	Kind  StepKind
	Name  string
	Index int

	From, To *int // of a slice; nil for the ends, counted from the back when negative

	Text string
}

// Steps are the steps of a path behind its root.
func (p *Path) Steps() []Step {
	steps := make([]Step, len(p.tokens))
	for i := range p.tokens {
		t := &p.tokens[i]
		s := Step{Kind: OtherStep, Text: t.String()}
		switch {
		case t.kind == property && len(t.names) == 1:
			s.Kind, s.Name = NameStep, t.names[0]
		case t.kind == index && len(t.indexes) == 1:
			s.Kind, s.Index = IndexStep, t.indexes[0]
		case t.kind == wildcard:
			s.Kind = EveryStep
		case t.kind == slice:
			s.Kind, s.From, s.To = SliceStep, t.from, t.to
		}
		steps[i] = s
	}
	return steps
}
