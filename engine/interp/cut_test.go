package interp_test

import (
	"context"
	"errors"
	"testing"

	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/value"
)

var errGone = errors.New("the server stops")

// gone is a context that has ended because of errGone.
func gone(t *testing.T) context.Context {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errGone)
	return ctx
}

// A cut evaluation is nobody's failure: nothing catches it, and nothing of the step counts.
func TestTheEndOfTheContextCutsAStepOff(t *testing.T) {
	t.Parallel()
	for name, state := range map[string]string{
		"arguments":  `{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Arguments":"{% $states.input %}","Retry":[{"ErrorEquals":["States.ALL"]}],"Catch":[{"ErrorEquals":["States.ALL"],"Next":"B"}],"Next":"B"}`,
		"items":      `{"Type":"Map","Items":"{% [1] %}","ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Succeed"}}},"Catch":[{"ErrorEquals":["States.ALL"],"Next":"B"}],"Next":"B"}`,
		"item input": `{"Type":"Map","Items":[1,2],"ItemSelector":"{% 1 %}","ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Succeed"}}},"Catch":[{"ErrorEquals":["States.ALL"],"Next":"B"}],"Next":"B"}`,
		"a branch":   `{"Type":"Parallel","Branches":[{"StartAt":"P","States":{"P":{"Type":"Pass","Output":"{% 1 %}","End":true}}}],"Catch":[{"ErrorEquals":["States.ALL"],"Next":"B"}],"Next":"B"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, `{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":`+state+`,"B":{"Type":"Succeed"}}}`, false)
			out, err := interp.Limits{}.StepWithin(gone(t), w.m, w.x, interp.Start{Input: value.Object()}, epoch)
			if !errors.Is(err, errGone) || len(out.Events)+len(out.Commands)+len(out.Changed) > 0 {
				t.Errorf("%v, with %+v", err, out)
			}
		})
	}
}

func TestWithoutExpressionsTheEndOfTheContextChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}`, false)
	out, err := interp.Limits{}.StepWithin(gone(t), w.m, w.x, interp.Start{Input: value.Object()}, epoch)
	if err != nil || len(out.Events) != 4 {
		t.Errorf("%d events, %v", len(out.Events), err)
	}
}

// The items of a map run are not to blame either.
func TestTheEndOfTheContextCutsAnItemSelectorOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `{"QueryLanguage":"JSONata","StartAt":"M","States":{"M":{"Type":"Map","ItemSelector":"{% $states.context.Map.Item.Value + 1 %}","End":true,
		"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"P","States":{"P":{"Type":"Succeed"}}}}}}`, false)
	out := interp.Step(w.m, w.x, interp.Start{Input: value.Array(value.Int(1))}, epoch)
	start, ok := out.Commands[0].(interp.StartMapRun)
	if !ok {
		t.Fatalf("%+v", out.Commands)
	}
	maker, err := start.Spec.ItemMaker(w.m)
	if err != nil {
		t.Fatal(err)
	}
	item := interp.MapItem{Value: value.Int(1)}
	if _, err := maker.Input(gone(t), item); !errors.Is(err, errGone) {
		t.Errorf("cut off: %v", err)
	}
	if v, err := maker.Input(t.Context(), item); err != nil || v.JSON() != "2" {
		t.Errorf("afterwards: %s, %v", v.JSON(), err)
	}
}

// An execution whose expressions take long is stored in between, like one with many events.
func TestHeavyExpressionsMakeSmallSteps(t *testing.T) {
	t.Parallel()
	const heavy = `{"Type":"Pass","Output":"{% $sum($map([1..20000], function($n) { $n * 2 + $n * 3 })) %}","Next":`
	w := newWorld(t, `{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":`+heavy+`"B"},"B":`+heavy+`"C"},"C":`+heavy+`"D"},"D":`+heavy+`"E"},"E":`+heavy+`"F"},"F":`+heavy+`"G"},"G":`+heavy+`"S"},"S":{"Type":"Succeed"}}}`, false)
	steps := 0
	var last history.Event
	drive(t, w.m, w.x, interp.Start{Input: value.Object()}, func(out interp.Output) {
		steps++
		last = out.Events[len(out.Events)-1]
	})
	if steps < 2 || last.Type != history.ExecutionSucceeded || last.Details.Output.JSON() != "1000050000" {
		t.Errorf("%d steps, the last event is %s %s", steps, last.Type, last.Details.Output.JSON())
	}
}
