package convert

import (
	"fmt"
	"slices"
	"strings"

	"statehouse/engine/asl"
	"statehouse/engine/jsonpath"
)

// converter converts one state. It gathers notes; one that keeps the state as it was makes the
// rest of the work void.
type converter struct {
	text    string
	pointer string
	notes   []Note
}

func (p *place) note(format string, args ...any) {
	p.notes = append(p.notes, Note{Pointer: p.pointer, Reason: fmt.Sprintf(format, args...)})
}

// keep notes why the state cannot be converted.
func (p *place) keep(format string, args ...any) expr {
	p.notes = append(p.notes, Note{Pointer: p.pointer, Reason: fmt.Sprintf(format, args...), Kept: true})
	return expr{text: "null", atom: true}
}

// state gives the edits that convert a state. Unless the whole definition becomes JSONata, the
// state names its QueryLanguage.
func (c *converter) state(n *node, s *asl.State, whole bool) []edit {
	top := &place{converter: c, pointer: c.pointer, input: raw}
	taken := top.selected("InputPath", s.InputPath, raw)
	work := top.seeing(taken)
	ch := &change{drop: map[string]bool{"QueryLanguage": whole}, put: map[string]string{}}
	out := work.outcome(n, s, taken)
	var edits []edit

	for i := range n.members {
		m := &n.members[i]
		at := work.in(m.key)
		switch m.key {
		case "InputPath", "OutputPath", "ResultPath", "ResultSelector":
			ch.drop[m.key] = true
		case "Result":
			ch.drop[m.key] = s.Type == asl.Pass
		case "Parameters":
			at.parameters(s, m, ch)
		case "ItemSelector", "Credentials":
			ch.put[m.key] = quote(m.key) + ": " + at.template(m.val)
		case "Assign":
			ch.put[m.key] = quote(m.key) + ": " + out.at(at).template(m.val)
		case "ItemsPath", "SecondsPath", "TimestampPath", "TimeoutSecondsPath", "HeartbeatSecondsPath", "ErrorPath", "CausePath",
			"MaxConcurrencyPath", "ToleratedFailureCountPath", "ToleratedFailurePercentagePath":
			at.field(s, m, ch)
		case "ItemReader", "ItemBatcher", "ResultWriter":
			edits = append(edits, at.storage(m.val)...)
		case "Catch":
			for k, catcher := range m.val.items {
				edits = append(edits, at.in(fmt.Sprint(k)).catcher(catcher, &s.Catch[k])...)
			}
		case "Retry":
			for k := range s.Retry {
				at.in(fmt.Sprint(k)).errors(s.Retry[k].ErrorEquals)
			}
		case "Choices":
			for k, rule := range m.val.items {
				edits = append(edits, at.in(fmt.Sprint(k)).rule(rule, &s.Choices[k], out.text)...)
			}
		}
	}
	if s.Type == asl.Task || s.Type == asl.Parallel {
		if n.get("Parameters") == nil && taken.base.text != raw.base.text {
			ch.member("Arguments", taken.base.query(), n, "InputPath")
		}
	}
	if s.Type == asl.Map && n.get("ItemsPath") == nil && n.get("ItemReader") == nil && taken.base.text != raw.base.text {
		ch.member("Items", taken.base.query(), n, "InputPath")
	}
	if out.text != "" {
		ch.member("Output", out.text, n, "ResultPath", "ResultSelector", "Result", "Parameters", "OutputPath", "InputPath")
	}
	ch.after = "Type"
	if !whole {
		ch.language(n)
	}
	return append(edits, ch.apply(c.text, n)...)
}

// language makes a state's QueryLanguage JSONata.
func (ch *change) language(n *node) {
	const language = `"QueryLanguage": "JSONata"`
	if n.get("QueryLanguage") != nil {
		ch.put["QueryLanguage"] = language
		return
	}
	ch.add = append([]string{language}, ch.add...)
}

// member puts a new member in the place of the first of the others that goes, or behind Type.
func (ch *change) member(key, val string, n *node, instead ...string) {
	for _, name := range instead {
		if n.get(name) != nil && ch.drop[name] && ch.put[name] == "" {
			ch.put[name] = quote(key) + ": " + val
			return
		}
	}
	ch.add = append(ch.add, quote(key)+": "+val)
}

// selected is what InputPath, OutputPath or ItemsPath makes of a document.
func (p *place) selected(field string, s *asl.Selector, doc source) source {
	switch {
	case s == nil:
		return doc
	case s.Null:
		return nothing
	case s.Path.Root() == jsonpath.Input && len(s.Path.Steps()) == 0:
		return doc
	}
	return source{base: p.seeing(doc).in(field).path(s.Path)}
}

// outcome is how a state is left: the text of Output, empty when it is the default, and what
// "$" is in Assign.
type outcome struct {
	text   string
	assign source
}

func (o outcome) at(p *place) *place { return p.seeing(o.assign) }

func (p *place) outcome(n *node, s *asl.State, taken source) outcome {
	var r source     // what the state makes
	standard := true // r is what JSONata puts out by default
	switch s.Type {
	case asl.Fail:
		return outcome{assign: taken}
	case asl.Choice, asl.Wait, asl.Succeed:
		r, standard = taken, taken.base.text == raw.base.text
	case asl.Pass:
		r, standard = p.passed(n, taken)
	case asl.Task, asl.Parallel, asl.Map:
		r = result
		if sel := n.get("ResultSelector"); sel != nil {
			r, standard = source{template: sel, at: p.in("ResultSelector").seeing(result)}, false
		}
	}
	placed := r
	if s.ResultPath != nil && s.Type != asl.Choice && s.Type != asl.Wait && s.Type != asl.Succeed {
		placed = p.in("ResultPath").placed(s.ResultPath, r)
		if s.ResultPath.Null || len(s.ResultPath.Path.Steps()) > 0 {
			standard = s.Type == asl.Pass && s.ResultPath.Null
		}
	}
	final := p.selected("OutputPath", s.OutputPath, placed)
	if final.template == nil && (placed.template != nil || final.base.text != placed.base.text) {
		standard = false
	}
	o := outcome{assign: r}
	switch {
	case standard:
	case final.template != nil:
		o.text = final.at.template(final.template)
	case final.base.text == nothing.base.text:
		o.text = "{}"
	default:
		o.text = final.base.query()
	}
	return o
}

// passed is what a Pass makes of its input.
func (p *place) passed(n *node, taken source) (source, bool) {
	if r := n.get("Result"); r != nil {
		return source{template: r, at: p.in("Result").plain()}, false
	}
	if t := n.get("Parameters"); t != nil {
		return source{template: t, at: p.in("Parameters").seeing(taken)}, false
	}
	return taken, taken.base.text == raw.base.text
}

// placed puts a result where ResultPath says in the raw input. $merge makes objects that are
// missing on the way, and fails where a value is none.
func (p *place) placed(s *asl.Selector, r source) source {
	if s.Null {
		return raw
	}
	steps := s.Path.Steps()
	if len(steps) == 0 {
		return r
	}
	e := r.base
	if r.template != nil {
		e = r.at.expression(r.template)
	}
	return source{base: p.merged(raw.base.text, steps, e, s.Path)}
}

func (p *place) merged(into string, steps []jsonpath.Step, e expr, path *jsonpath.Path) expr {
	if steps[0].Kind != jsonpath.NameStep {
		return p.keep("JSONata cannot replace the item at %s of %s", steps[0].Text, path)
	}
	inner := e
	if len(steps) > 1 {
		inner = p.merged(into+"."+name(steps[0].Name), steps[1:], e, path)
	}
	return expr{text: "$merge([" + into + ", {" + quote(steps[0].Name) + ": " + inner.text + "}])", atom: true, needs: inner.needs}
}

// parameters become Arguments, or the ItemSelector of a Map.
func (p *place) parameters(s *asl.State, m *member, ch *change) {
	switch s.Type {
	case asl.Pass:
		ch.drop[m.key] = true
	case asl.Map:
		ch.put[m.key] = `"ItemSelector": ` + p.template(m.val)
	default:
		ch.put[m.key] = `"Arguments": ` + p.template(m.val)
	}
}

// field is a field whose name ends in Path and has a counterpart without.
func (p *place) field(s *asl.State, m *member, ch *change) {
	key := strings.TrimSuffix(m.key, "Path")
	e := p.leaf(m.val)
	switch m.key {
	case "ErrorPath", "CausePath":
		e = p.seeing(raw).leaf(m.val)
	case "SecondsPath", "MaxConcurrencyPath", "ToleratedFailureCountPath", "ToleratedFailurePercentagePath":
		e = join("$number("+e.text+")", true, e) // a string of digits will do in JSONPath
		p.note("a number with a fraction fails in JSONPath and is rounded down in JSONata")
	case "ItemsPath":
		key = "Items"
		if s.ItemsPath.Null {
			e = nothing.base
		}
		if e.text == raw.base.text {
			ch.drop[m.key] = true
			return
		}
	}
	ch.put[m.key] = quote(key) + ": " + e.query()
}

// storage converts ItemReader, ItemBatcher or ResultWriter.
func (p *place) storage(n *node) []edit {
	ch := &change{put: map[string]string{}}
	var edits []edit
	for i := range n.members {
		m := &n.members[i]
		at := p.in(m.key)
		switch m.key {
		case "Parameters":
			ch.put[m.key] = `"Arguments": ` + at.template(m.val)
		case "BatchInput":
			ch.put[m.key] = `"BatchInput": ` + at.template(m.val)
		case "MaxItemsPerBatchPath", "MaxInputBytesPerBatchPath", "MaxItemsPath":
			ch.put[m.key] = quote(strings.TrimSuffix(m.key, "Path")) + ": " + at.leaf(m.val).query()
		case "ReaderConfig":
			edits = append(edits, at.storage(m.val)...)
		}
	}
	return append(edits, ch.apply(p.text, n)...)
}

// catcher converts a Catcher.
func (p *place) catcher(n *node, c *asl.Catcher) []edit {
	p.errors(c.ErrorEquals)
	ch := &change{drop: map[string]bool{"ResultPath": true}, put: map[string]string{}, after: n.members[0].key}
	if a := n.get("Assign"); a != nil {
		ch.put["Assign"] = `"Assign": ` + p.in("Assign").seeing(errorOutput).template(a)
	}
	if c.ResultPath != nil {
		if out := p.in("ResultPath").placed(c.ResultPath, errorOutput); out.base.text != errorOutput.base.text {
			ch.put["ResultPath"] = `"Output": ` + out.base.query()
		}
	}
	return ch.apply(p.text, n)
}

// pathErrors are errors that JSONata does not make.
var pathErrors = []string{"States.ParameterPathFailure", "States.ResultPathMatchFailure", "States.IntrinsicFailure", "States.Runtime"}

func (p *place) errors(names []string) {
	for _, name := range names {
		if slices.Contains(pathErrors, name) {
			p.note("%s is an error of JSONPath; in JSONata it is States.QueryEvaluationError", name)
		}
	}
}

// rule converts a rule of a Choice.
func (p *place) rule(n *node, r *asl.Rule, output string) []edit {
	ch := &change{drop: map[string]bool{}, put: map[string]string{}}
	first := ""
	for i := range n.members {
		switch key := n.members[i].key; key {
		case "Next", "Comment":
		case "Assign":
			ch.put[key] = `"Assign": ` + p.in(key).template(n.members[i].val)
		default:
			ch.drop[key] = true
			if first == "" {
				first = key
			}
		}
	}
	ch.put[first] = `"Condition": ` + p.condition(&r.Test, nil).query()
	if output != "" {
		ch.after, ch.add = first, []string{`"Output": ` + output}
	}
	return ch.apply(p.text, n)
}
