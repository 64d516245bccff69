package asl

import (
	"math"
	"strings"
)

// maxDelay is what MaxDelaySeconds must stay below.
const maxDelay = 31_622_400

// predefined are the error names that begin with "States.".
var predefined = map[string]bool{
	"States.ALL": true, "States.BranchFailed": true, "States.DataLimitExceeded": true, "States.ExceedToleratedFailureThreshold": true,
	"States.HeartbeatTimeout": true, "States.Http.Blocked": true, "States.Http.Socket": true, "States.IntrinsicFailure": true, "States.ItemReaderFailed": true,
	"States.NoChoiceMatched": true, "States.ParameterPathFailure": true, "States.Permissions": true,
	"States.QueryEvaluationError": true, "States.ResultPathMatchFailure": true, "States.ResultWriterFailed": true,
	"States.Runtime": true, "States.TaskFailed": true, "States.Timeout": true,
}

// retriers reads a Retry list and fills in the defaults.
func (r *reader) retriers(p place, n *node) []Retrier {
	var out []Retrier
	if !r.expect(p, n, array) {
		return nil
	}
	for i, item := range n.items {
		at := p.index(i)
		if r.expect(at, item, object) {
			out = append(out, r.retrier(at, item))
			r.wildcardLast(at, item, i == len(n.items)-1)
		}
	}
	return out
}

func (r *reader) retrier(p place, n *node) Retrier {
	out := Retrier{IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 2}
	r.required(p, n, "ErrorEquals")
	for i := range n.members {
		f := &n.members[i]
		at := p.key(f.key)
		switch f.key {
		case "ErrorEquals":
			out.ErrorEquals = r.errorNames(at, f.val)
		case "Comment":
			r.string(at, f.val)
		case "IntervalSeconds":
			r.setInteger(at, f.val, &out.IntervalSeconds, 1, maxSeconds)
		case "MaxAttempts":
			r.setInteger(at, f.val, &out.MaxAttempts, 0, maxSeconds)
		case "BackoffRate":
			if !r.openNode(f.val) {
				out.BackoffRate = r.fraction(at, f.val, 1, math.MaxFloat64)
			}
		case "MaxDelaySeconds":
			out.MaxDelaySeconds = r.seconds(at, f.val, maxDelay)
		case "JitterStrategy":
			out.FullJitter = r.oneWord(at, f.val, "NONE", "FULL") == "FULL"
		default:
			r.unsupported(p, f)
		}
	}
	return out
}

// catchers reads a Catch list.
func (r *reader) catchers(p place, n *node, q QueryLanguage) []Catcher {
	var out []Catcher
	if !r.expect(p, n, array) {
		return nil
	}
	for i, item := range n.items {
		at := p.index(i)
		if r.expect(at, item, object) {
			out = append(out, r.catcher(at, item, q))
			r.wildcardLast(at, item, i == len(n.items)-1)
		}
	}
	return out
}

func (r *reader) catcher(p place, n *node, q QueryLanguage) Catcher {
	var out Catcher
	r.required(p, n, "ErrorEquals", "Next")
	for i := range n.members {
		f := &n.members[i]
		at := p.key(f.key)
		at.sees.errorOutput = f.key == "Output" || f.key == "Assign"
		switch {
		case f.key == "ErrorEquals":
			out.ErrorEquals = r.errorNames(at, f.val)
		case f.key == "Next":
			out.Next = r.string(at, f.val)
		case f.key == "Comment":
			out.Comment = r.string(at, f.val)
		case f.key == "Assign":
			out.Assign = r.assign(at, f.val, q)
		case f.key == "ResultPath" && q == JSONPath:
			out.ResultPath = r.resultPath(at, f.val)
		case f.key == "Output" && q == JSONata:
			out.Output = r.queries(at, f.val)
		case f.key == "ResultPath", f.key == "Output":
			r.wrongLanguage(p, f, q)
		default:
			r.unsupported(p, f)
		}
	}
	return out
}

// strings reads a list of strings.
func (r *reader) strings(p place, n *node) []string {
	var out []string
	if !r.expect(p, n, array) {
		return nil
	}
	for i, item := range n.items {
		if r.expect(p.index(i), item, str) {
			out = append(out, item.text)
		}
	}
	return out
}

// errorNames reads an ErrorEquals. Names with "States." are AWS's own; one that is not among them
// never occurs, unless a Fail state of this definition raises it. AWS lets all pass, so a name that
// only goes on where a known one ends gets away with a warning.
func (r *reader) errorNames(p place, n *node) []string {
	names := r.strings(p, n)
	if n.kind == array && len(n.items) == 0 {
		r.fail(p, n.span(), "Value cannot be empty")
	}
	for i, item := range n.items {
		if item.kind != str || r.open(item.text) || known(item.text) {
			continue
		}
		msg := "The error name '" + item.text + "' is not one of the predefined errors that begin with 'States.'"
		severity := Error
		if resembles(item.text) || r.raised[item.text] {
			severity = Warning
		}
		r.report(severity, schemaFailed, p.index(i), item.span(), msg)
	}
	return names
}

// raises collects the errors that the Fail states of a definition raise.
func raises(n *node, into map[string]bool) {
	if t, e := n.get("Type"), n.get("Error"); t != nil && e != nil && t.text == string(Fail) {
		into[e.text] = true
	}
	for i := range n.members {
		raises(n.members[i].val, into)
	}
	for _, item := range n.items {
		raises(item, into)
	}
}

func known(name string) bool {
	return !strings.HasPrefix(name, "States.") || predefined[name] || strings.HasPrefix(name, "States.Http.StatusCode.")
}

func resembles(name string) bool {
	for p := range predefined {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}

// wildcardLast: States.ALL stands alone, and in the last retrier or catcher only.
func (r *reader) wildcardLast(p place, n *node, isLast bool) {
	names := n.get("ErrorEquals")
	if names == nil {
		return
	}
	for _, item := range names.items {
		if item.text != "States.ALL" || item.kind != str {
			continue
		}
		if len(names.items) > 1 || !isLast {
			r.fail(p.key("ErrorEquals"), item.span(), "States.ALL must appear alone and at end of list")
		}
	}
}
