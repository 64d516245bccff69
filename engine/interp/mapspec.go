package interp

import (
	"strconv"

	"statehouse/engine/asl"
	"statehouse/engine/jsonpath"
	"statehouse/engine/value"
)

// MapSpec is what the run of a Distributed Map is told, with everything evaluated. It is
// plain data: a row can hold it as JSON.
type MapSpec struct {
	Block         asl.Path     `json:"block"` // body of the Map: the machine of the children
	Label         string       `json:"label"` // in the ARNs of the run and of the children
	ExecutionType string       `json:"type"`  // STANDARD or EXPRESS
	Items         value.Value  `json:"items,omitzero"`
	Reader        *MapResource `json:"reader,omitzero"` // instead of Items
	Batch         *MapBatch    `json:"batch,omitzero"`
	Writer        *MapResource `json:"writer,omitzero"`

	MaxConcurrency      int64    `json:"maxConcurrency,omitzero"` // 0: as many as the service allows
	ToleratedCount      *int64   `json:"toleratedCount,omitzero"`
	ToleratedPercentage *float64 `json:"toleratedPercentage,omitzero"`

	// Scene is what the ItemSelector sees beside the item, Absent when there is none: see
	// ItemMaker.
	Scene value.Value `json:"scene,omitzero"`
}

// MapResource is an ItemReader or a ResultWriter.
type MapResource struct {
	Resource  string      `json:"resource,omitzero"`
	Arguments value.Value `json:"arguments,omitzero"` // Parameters, in JSONPath
	Config    value.Value `json:"config,omitzero"`    // ReaderConfig or WriterConfig; MaxItemsPath has become MaxItems
}

// MapBatch is an ItemBatcher. Numbers that are zero were not given.
type MapBatch struct {
	MaxItems int64       `json:"maxItems,omitzero"`
	MaxBytes int64       `json:"maxBytes,omitzero"`
	Input    value.Value `json:"input,omitzero"` // BatchInput
}

// mapSpec evaluates all fields of a Distributed Map but Items and MaxConcurrency.
func (st *step) mapSpec(l language, sc *Scope, s *asl.State) (MapSpec, *failure) {
	e := mapEvaluation{st: st, sc: sc, s: s, l: l}
	spec := MapSpec{
		Block: s.Processor.Path, Label: st.labelOf(sc, s), ExecutionType: s.Processor.ExecutionType,
		ToleratedCount: e.toleratedCount(), ToleratedPercentage: e.toleratedPercentage(),
	}
	if !s.ItemReader.IsAbsent() {
		spec.Reader = e.resource(s.ItemReader, "ReaderConfig")
	}
	if !s.ItemBatcher.IsAbsent() {
		spec.Batch = e.batch(s.ItemBatcher)
	}
	if !s.ResultWriter.IsAbsent() {
		spec.Writer = e.resource(s.ResultWriter, "WriterConfig")
	}
	if s.ItemSelector != nil && e.f == nil {
		spec.Scene = st.scene(sc)
	}
	return spec, e.f
}

// mapEvaluation evaluates field after field. The first failure stays, and what comes after
// it is not evaluated.
type mapEvaluation struct {
	st *step
	sc *Scope
	s  *asl.State
	l  language
	f  *failure
}

func (e *mapEvaluation) fail(format string, args ...any) {
	if e.f == nil {
		e.f = runtime(e.sc, format, args...)
	}
}

func (e *mapEvaluation) toleratedCount() *int64 {
	n := e.s.ToleratedFailureCount
	i := e.integer(n)
	if i != nil && *i < 0 {
		e.fail("ToleratedFailureCount cannot be negative.")
	}
	return i
}

func (e *mapEvaluation) toleratedPercentage() *float64 {
	n := e.s.ToleratedFailurePercentage
	v := e.figure(n)
	if v.IsAbsent() {
		return nil
	}
	p, err := strconv.ParseFloat(shown(v), 64)
	if err != nil {
		e.fail("The %s field refers to value \"%s\" which is not a valid float%s", n.Field, shown(v), where(n))
		return nil
	}
	if !(p >= 0 && p <= 100) {
		e.fail("ToleratedFailurePercentage must be between 0 and 100.")
	}
	return &p
}

// figure is the value of a field, Absent when it is not given.
func (e *mapEvaluation) figure(n *asl.Number) value.Value {
	if e.f != nil || n == nil {
		return value.Value{}
	}
	v, f := e.l.figure(n)
	e.f = f
	return v
}

// integer is a whole number; AWS takes one from a string of digits, too.
func (e *mapEvaluation) integer(n *asl.Number) *int64 {
	v := e.figure(n)
	if v.IsAbsent() || e.f != nil {
		return nil
	}
	i, ok := wholeNumber(v)
	if !ok {
		e.fail("The %s field refers to value \"%s\" which is not a valid integer%s", n.Field, shown(v), where(n))
		return nil
	}
	return &i
}

// where names the path that a number came from, as AWS's sentences do.
func where(n *asl.Number) string {
	if n.Path == nil {
		return ""
	}
	return ": " + n.Path.String()
}

// member is the field of that name, or its …Path twin, as a number to evaluate; nil when the
// object has neither.
func (e *mapEvaluation) member(of value.Value, name string) *asl.Number {
	if v := of.Get(name); !v.IsAbsent() {
		return &asl.Number{Field: name, Literal: v}
	}
	v := of.Get(name + "Path")
	if v.IsAbsent() {
		return nil
	}
	p, err := jsonpath.Parse(v.Text())
	if err != nil {
		e.fail("%s", err.Error()) // validation has parsed it before
		return nil
	}
	return &asl.Number{Field: name + "Path", Path: p}
}

// filled evaluates a field that may hold paths or expressions.
func (e *mapEvaluation) filled(field string, v value.Value) value.Value {
	if e.f != nil || v.IsAbsent() {
		return v
	}
	v, e.f = e.l.filled(field, v)
	return v
}

// expressions evaluates an object in which any member may be a JSONata expression. In
// JSONPath only …Path fields are evaluated: see member.
func (e *mapEvaluation) expressions(field string, v value.Value) value.Value {
	if e.s.Language != asl.JSONata {
		return v
	}
	return e.filled(field, v)
}

// resource evaluates an ItemReader or a ResultWriter.
func (e *mapEvaluation) resource(of value.Value, config string) *MapResource {
	r := &MapResource{Resource: of.Get("Resource").Text()}
	field := "Parameters"
	if e.s.Language == asl.JSONata {
		field = "Arguments"
	}
	r.Arguments = e.filled(field, of.Get(field))
	r.Config = e.expressions(config, of.Get(config))
	if r.Config.IsAbsent() || e.f != nil {
		return r
	}
	n := e.integer(e.member(r.Config, "MaxItems"))
	r.Config = r.Config.Without("MaxItemsPath").Without("MaxItems")
	if n != nil {
		r.Config = r.Config.With("MaxItems", value.Int(*n))
	}
	return r
}

// batch evaluates an ItemBatcher.
func (e *mapEvaluation) batch(of value.Value) *MapBatch {
	input := e.filled("BatchInput", of.Get("BatchInput"))
	of = e.expressions("ItemBatcher", of.Without("BatchInput"))
	return &MapBatch{
		MaxItems: e.positive(e.member(of, "MaxItemsPerBatch")), MaxBytes: e.positive(e.member(of, "MaxInputBytesPerBatch")), Input: input,
	}
}

// positive is a whole number above zero, or zero when the field is not given.
func (e *mapEvaluation) positive(n *asl.Number) int64 {
	i := e.integer(n)
	switch {
	case i == nil:
		return 0
	case *i <= 0:
		e.fail("The %s field refers to value \"%d\" which is not a positive integer%s", n.Field, *i, where(n))
		return 0
	}
	return *i
}
