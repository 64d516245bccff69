package engine_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"statehouse/engine"
)

const sums = `{"QueryLanguage":"JSONata","StartAt":"Sum","States":{
  "Sum":{"Type":"Pass","Assign":{"order":{"id":7}},"Output":{"lines":"{% $states.input.lines %}"},"Next":"Use"},
  "Use":{"Type":"Succeed","Output":"{% $states.input.lines %}"}}}`

func TestCompletionKnowsWhatAStateSaw(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		ctx := t.Context()
		if _, err := h.NewWorkflow(ctx, "sums", "", ""); err != nil {
			t.Fatal(err)
		}
		d, err := h.Draft(ctx, "sums")
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := h.SaveDraft(ctx, "sums", sums, `{"lines":[{"sku":"A"}],"draft":true}`, d.Revision); err != nil {
			t.Fatal(err)
		}
		labels := func(state, expression string) (out []string) {
			t.Helper()
			_, list, err := h.Complete(ctx, engine.Complete{
				Workflow: "sums", State: state, Expression: expression, Offset: len(expression),
				Members: []string{"input", "context"}, Variables: []string{"order"},
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range list {
				out = append(out, c.Label)
			}
			return out
		}
		if got := labels("Use", "{% $states."); !slices.Equal(got, []string{"input", "context"}) {
			t.Errorf("of $states: %v", got)
		}
		if got := labels("Use", "{% $states.input."); !slices.Equal(got, []string{"lines", "draft"}) {
			t.Errorf("before the first run: %v, want the fields of the draft's input", got)
		}
		x, err := h.RunWorkflow(ctx, "sums", "one", `{"lines":[{"sku":"A"}],"more":1}`)
		if err != nil {
			t.Fatal(err)
		}
		h.wait(x.ARN)
		for expression, want := range map[string][]string{
			"{% $states.input.":             {"lines"},
			"{% $states.input.lines.":       {"sku"},
			"{% $states.context.Execution.": {"Id", "Input", "Name", "RoleArn", "StartTime"},
			"{% $order.":                    {"id"},
		} {
			if got := labels("Use", expression); !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", expression, got, want)
			}
		}
	})
}

func TestCompletionFollowsAnExecutionThatGoesOn(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		arn := h.start(h.machine("waits", `{"QueryLanguage":"JSONata","StartAt":"Wait","States":{
			"Wait":{"Type":"Wait","Seconds":60,"Output":{"late":1},"Next":"Use"},"Use":{"Type":"Succeed"}}}`), `{"early":1}`)
		fields := func() string {
			t.Helper()
			const expression = "{% $states.input."
			_, list, err := h.Complete(t.Context(), engine.Complete{Workflow: "waits", State: "Use", Expression: expression, Offset: len(expression), Members: []string{"input"}})
			if err != nil {
				t.Fatal(err)
			}
			var all []string
			for _, c := range list {
				all = append(all, c.Label)
			}
			return strings.Join(all, " ")
		}
		synctest.Wait()
		for range 2 {
			if got := fields(); got != "" {
				t.Errorf("before the state has run: %s", got)
			}
		}
		h.wait(arn)
		for range 2 {
			if got := fields(); got != "late" {
				t.Errorf("after it has run: %q, want late", got)
			}
		}
	})
}
