package interp_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"statehouse/engine/asl"
	"statehouse/engine/interp"
	"statehouse/engine/value"
)

// TestAnyMachineAndAnyInputsKeepTheirPromises draws machines and inputs, also such that
// make no sense, and checks what always holds.
func TestAnyMachineAndAnyInputsKeepTheirPromises(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := &generator{t: t}
		text := g.block(2)
		m, problems := asl.Parse(text)
		if m == nil {
			t.Fatalf("generated a bad machine: %v\n%s", problems, text)
		}
		run := func(inputs []interp.Input) (*interp.Exec, string) {
			x := interp.New(m, interp.Begin{ExecutionARN: "arn:aws:states:us-east-1:0:execution:m:e", Seed: [32]byte{7}})
			rows := map[interp.ScopeID][]byte{}
			var log strings.Builder
			at := epoch
			last := 0
			for _, in := range inputs {
				at = at.Add(time.Second)
				out := interp.Step(m, x, in, at)
				for _, e := range out.Events {
					if int(e.ID) != last+1 || e.Previous >= e.ID {
						t.Fatalf("event %d after %d points to %d", e.ID, last, e.Previous)
					}
					last++
					fmt.Fprintln(&log, printEvent(e))
				}
				for _, c := range out.Commands {
					fmt.Fprintf(&log, "%T\n", c)
				}
				for _, id := range out.Changed {
					delete(rows, id)
					if s := x.Scopes[id]; s != nil {
						rows[id], _ = s.Row()
					}
				}
				if x.Outcome != nil {
					wreck, _ := x.WreckRow()
					if wreck == nil {
						break
					}
					var err error
					if x, err = interp.RestoreWreck(wreck); err != nil {
						t.Fatal(err)
					}
					clear(rows)
					continue
				}
				head, _ := x.Head()
				restored, err := interp.Restore(head, rows)
				if err != nil {
					t.Fatal(err)
				}
				x = restored
			}
			return x, log.String()
		}
		inputs := g.inputs()
		x, first := run(inputs)
		_, second := run(inputs)
		if first != second {
			t.Fatalf("two runs differ:\n%s\n%s", first, second)
		}
		if x.Outcome != nil && len(x.Scopes) > 0 {
			t.Fatalf("%d scopes outlive the execution", len(x.Scopes))
		}
	})
}

// generator draws definitions and inputs.
type generator struct {
	t *rapid.T
	n int // names so far
}

func (g *generator) pick(label string, of ...string) string {
	return rapid.SampledFrom(of).Draw(g.t, label)
}

// block draws a small group of states, each with a way out.
func (g *generator) block(depth int) string {
	count := rapid.IntRange(1, 4).Draw(g.t, "states")
	names := make([]string, count)
	for i := range names {
		g.n++
		names[i] = fmt.Sprintf("S%d", g.n)
	}
	var states []string
	for i, name := range names {
		next := `"End":true`
		if i+1 < count {
			next = fmt.Sprintf(`"Next":%q`, names[i+1])
		}
		catch := ""
		if i+1 < count && rapid.Bool().Draw(g.t, "catch") {
			catch = fmt.Sprintf(`,"Catch":[{"ErrorEquals":[%q],"ResultPath":"$.caught","Next":%q}]`, g.pick("caught", "States.ALL", "E", "States.Timeout"), names[count-1])
		}
		if rapid.Bool().Draw(g.t, "retry") {
			catch += fmt.Sprintf(`,"Retry":[{"ErrorEquals":[%q],"MaxAttempts":%d,"JitterStrategy":"FULL"}]`, g.pick("retried", "States.ALL", "E"), rapid.IntRange(0, 2).Draw(g.t, "attempts"))
		}
		kinds := []string{"pass", "task", "wait", "assign"}
		if i+1 < count {
			kinds = append(kinds, "choice")
		} else {
			kinds = append(kinds, "last")
		}
		if depth > 0 {
			kinds = append(kinds, "parallel", "map")
		}
		var s string
		switch g.pick("kind", kinds...) {
		case "pass":
			s = `{"Type":"Pass",` + g.pick("data", `"Parameters":{"u.$":"States.UUID()","in.$":"$"}`, `"Result":[1,2,3]`, `"OutputPath":"$.a"`, `"InputPath":null`) + `,` + next + `}`
		case "assign":
			s = fmt.Sprintf(`{"Type":"Pass","Assign":{"v%d.$":"$"},%s}`, depth, next) // inner scopes do not assign the names of outer ones
		case "task":
			s = `{"Type":"Task","Resource":"` + g.pick("resource", "arn:aws:states:::http:invoke", "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "arn:aws:lambda:us-east-1:000000000000:function:f", "arn:aws:states:us-east-1:000000000000:activity:a") + `","TimeoutSeconds":60` + catch + `,` + next + `}`
		case "wait":
			s = `{"Type":"Wait",` + g.pick("until", `"Seconds":3`, `"SecondsPath":"$.n"`, `"Timestamp":"2026-01-01T00:00:05Z"`) + `,` + next + `}`
		case "choice":
			s = fmt.Sprintf(`{"Type":"Choice","Choices":[{"Variable":"$.n","NumericGreaterThan":1,"Next":%q}],"Default":%q}`, names[rapid.IntRange(0, count-1).Draw(g.t, "rule")], names[i+1])
		case "last":
			s = g.pick("last", `{"Type":"Succeed"}`, `{"Type":"Fail","Error":"E"}`)
		case "parallel":
			s = `{"Type":"Parallel","Branches":[` + g.block(depth-1) + `,` + g.block(depth-1) + `]` + catch + `,` + next + `}`
		case "map":
			s = fmt.Sprintf(`{"Type":"Map",%s"MaxConcurrency":%d,"ItemProcessor":%s%s,%s}`, g.pick("items", `"ItemsPath":"$.list",`, ``), rapid.IntRange(0, 2).Draw(g.t, "slots"), g.block(depth-1), catch, next)
		}
		states = append(states, fmt.Sprintf("%q:%s", name, s))
	}
	return fmt.Sprintf(`{"StartAt":%q,"States":{%s}}`, names[0], strings.Join(states, ","))
}

// inputs draws what the world says, with tokens that may be right.
func (g *generator) inputs() []interp.Input {
	doc := g.pick("input", `{"n":2,"list":[1,2,3],"a":{"list":[],"n":0}}`, `[1,{"n":1}]`, `"text"`, `{}`)
	v, _ := value.Parse(doc)
	list := []interp.Input{interp.Start{Input: v}}
	for range rapid.IntRange(0, 25).Draw(g.t, "inputs") {
		token := interp.Token(rapid.IntRange(0, 12).Draw(g.t, "token"))
		switch g.pick("input", "started", "submitted", "succeeded", "succeeded", "succeeded", "failed", "timedout", "timer", "timer", "continue", "stop", "redrive", "redrive") {
		case "started":
			list = append(list, interp.TaskStarted{Token: token})
		case "submitted":
			list = append(list, interp.TaskSubmitted{Token: token, Output: v})
		case "succeeded":
			list = append(list, interp.TaskSucceeded{Token: token, Output: v})
		case "failed":
			list = append(list, interp.TaskFailed{Token: token, Error: g.pick("error", "E", "F", ""), Cause: "c"})
		case "timedout":
			list = append(list, interp.TaskTimedOut{Token: token, Heartbeat: token%2 == 0})
		case "timer":
			list = append(list, interp.TimerFired{Token: token})
		case "continue":
			list = append(list, interp.Continue{})
		case "redrive":
			list = append(list, interp.Redrive{})
		case "stop":
			if rapid.IntRange(0, 9).Draw(g.t, "really") == 0 {
				list = append(list, interp.Stop{})
			}
		}
	}
	return list
}
