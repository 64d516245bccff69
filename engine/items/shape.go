package items

import (
	"time"

	"statehouse/engine/value"
)

// shape is the Transformation of a WriterConfig: what of a result is written.
type shape string

const (
	whole   shape = "NONE"    // all that DescribeExecution says of the child
	compact shape = "COMPACT" // its output
	flatten shape = "FLATTEN" // the items of its output when that is an array, else its output
)

// shapeOf is the Transformation that a ResultWriter asks for, and whether it asks for lines
// (JSONL). AWS's default is NONE for exports and COMPACT for the output of the state.
func shapeOf(o Output) (s shape, lines bool, err error) {
	s = compact
	if o.Resource != "" {
		s = whole
	}
	if t := o.Config.Get("Transformation"); !t.IsAbsent() {
		s = shape(t.Text())
	}
	if s != whole && s != compact && s != flatten {
		return "", false, unwritable("The Transformation " + string(s) + " is not supported")
	}
	switch t := o.Config.Get("OutputType").Text(); t {
	case "", "JSON":
		return s, false, nil
	case "JSONL":
		return s, true, nil
	default:
		return "", false, unwritable("The OutputType " + t + " is not supported")
	}
}

// of is what is written of a result. Children that did not succeed are written whole,
// whatever the shape.
func (s shape) of(r Result) []value.Value {
	switch {
	case s == whole || r.Status != Succeeded:
		return []value.Value{r.describe()}
	case s == flatten && r.Output.Kind() == value.KindArray:
		return r.Output.Items()
	}
	return []value.Value{r.Output}
}

// describe is the result with its metadata, members in the order of their names as AWS
// writes them. Input and output are JSON texts. Children that did not begin have an input only.
func (r Result) describe() value.Value {
	var m []value.Member
	text := func(key, s string) {
		if s != "" {
			m = append(m, value.Member{Key: key, Value: value.String(s)})
		}
	}
	document := func(key string, v value.Value) {
		if !v.IsAbsent() {
			text(key, v.JSON())
		}
		m = append(m, value.Member{Key: key + "Details", Value: included})
	}
	if r.Status == Pending {
		document("Input", r.Input)
		text("Status", string(r.Status))
		return value.Object(m...)
	}
	text("Cause", r.Cause)
	text("Error", r.Error)
	text("ExecutionArn", r.ARN)
	document("Input", r.Input)
	text("Name", r.Name)
	document("Output", r.Output)
	m = append(m, value.Member{Key: "RedriveCount", Value: value.Int(int64(r.RedriveCount))})
	text("RedriveDate", stamp(r.RedriveDate))
	text("RedriveStatus", r.RedriveStatus)
	text("RedriveStatusReason", r.RedriveReason)
	text("StartDate", stamp(r.Start))
	text("StateMachineArn", r.StateMachine)
	text("Status", string(r.Status))
	text("StopDate", stamp(r.Stop))
	return value.Object(m...)
}

var included = value.Object(value.Member{Key: "Included", Value: value.Bool(true)})

// stamp writes a time as AWS does in exports: milliseconds and Z.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}
