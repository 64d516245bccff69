package pages

import (
	"strings"
	"testing"

	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/templates/layout"
)

func TestAMockedRunShowsAsSuch(t *testing.T) {
	t.Parallel()
	x := ledger.Execution{Name: "run", MachineName: "Order", Status: interp.Succeeded, Started: began, Stopped: now, TestCase: "Card <declined>"}
	v := NewExecutionView(now, x, "{}", nil)
	v.VirtualTime = true
	var page, list strings.Builder
	if err := Execution(layout.Frame{}, v).Render(t.Context(), &page); err != nil {
		t.Fatal(err)
	}
	rows := NewExecutionsView(now, ExecutionFilter{}, []ledger.Execution{x}, "", nil)
	if err := Executions(layout.Frame{}, rows).Render(t.Context(), &list); err != nil {
		t.Fatal(err)
	}
	for name, html := range map[string]string{"page": page.String(), "list": list.String()} {
		if !strings.Contains(html, "Mocked:") || !strings.Contains(html, "Card &lt;declined&gt;") {
			t.Errorf("the %s does not say that the run was mocked", name)
		}
	}
	if !strings.Contains(page.String(), "Virtual time") {
		t.Error("the page does not say that its time is virtual")
	}
	x.TestCase = ""
	page.Reset()
	if err := Execution(layout.Frame{}, NewExecutionView(now, x, "{}", nil)).Render(t.Context(), &page); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(page.String(), "Mocked:") || strings.Contains(page.String(), "Virtual time") {
		t.Error("a real run looks like a mocked one")
	}
}
