package handlers

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"statehouse/engine"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

func (f *fake) MapRun(_ context.Context, arn string) (ledger.MapRun, error) {
	if f.mapRun == nil || arn != f.mapRun.ARN {
		return ledger.MapRun{}, &engine.Fault{Code: "ResourceNotFound", Message: "Resource not found: '" + arn + "'"}
	}
	return *f.mapRun, nil
}

func (f *fake) MapRuns(context.Context, string, ledger.Page) ([]ledger.MapRun, string, error) {
	if f.mapRun == nil {
		return nil, "", nil
	}
	return []ledger.MapRun{*f.mapRun}, "", nil
}

func (f *fake) ChildExecutions(_ context.Context, _ string, q ledger.ExecutionQuery) ([]ledger.Execution, string, error) {
	if q.Status == interp.Failed {
		return nil, "", nil
	}
	return []ledger.Execution{{ARN: f.Names().Execution("Order-review/Each", "child-1"), Name: "child-1", MachineName: "Order-review/Each", Status: interp.Succeeded, Started: f.execution.Started, Stopped: time.Now()}}, "", nil
}

func (f *fake) UpdateMapRun(_ context.Context, u engine.UpdateMapRun) error {
	f.updated = &u
	return nil
}

const mapRunPath = "/map-runs/Order-review/Each/u-1"

func withMapRun(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	s.mapRun = &ledger.MapRun{
		ARN: "arn:aws:states:us-east-1:000000000000:mapRun:Order-review/Each:u-1", ExecutionARN: s.execution.ARN,
		State: "Each order", Status: ledger.MapRunRunning, Started: time.Now().Add(-time.Minute),
		Spec: interp.MapSpec{ExecutionType: "STANDARD", Reader: &interp.MapResource{Arguments: value.Raw(`{"Bucket":"orders","Key":"all.csv"}`)}},
		MapRunProgress: ledger.MapRunProgress{
			Taken: 1500, Items: ledger.MapRunCounts{Succeeded: 1000, Running: 400, Failed: 100}, Children: ledger.MapRunCounts{Succeeded: 10, Running: 4, Failed: 1},
		},
	}
	return s
}

func TestMapRunPage(t *testing.T) {
	t.Parallel()
	s := withMapRun(t)
	page := s.get(mapRunPath)
	words := text(page.page)
	for _, want := range []string{"Each order", "1,100 items done, 1,500 read so far", "Succeeded1,00010Running4004Failed1001", "s3://orders/all.csv", "child-1", s.mapRun.ARN} {
		if !strings.Contains(words, want) {
			t.Errorf("the page does not say %q: %s", want, words)
		}
	}
	if page.Code != http.StatusOK || page.find("data-changes", "/live"+mapRunPath) == nil || page.find("href", "/executions/Order-review%2FEach/child-1") == nil {
		t.Errorf("%d: no live address or no way to the child", page.Code)
	}
	if none := text(s.get(mapRunPath + "?status=failed").page); !strings.Contains(none, "No child execution is in this state now.") {
		t.Error(none)
	}
	if parent := s.get("/executions/Order-review/order%201042"); parent.find("href", mapRunPath) == nil {
		t.Error("the execution has no link to its map run")
	}
	s.mapRun.Status, s.mapRun.Exhausted = ledger.MapRunSucceeded, true
	over := s.get(mapRunPath)
	if over.find("data-changes", "/live"+mapRunPath) != nil || over.find("name", "maxConcurrency") != nil {
		t.Error("a run that is over is followed, or its limits can be changed")
	}
	if lost := s.get("/map-runs/Order-review/Each/u-2"); lost.Code != http.StatusNotFound {
		t.Errorf("unknown run: %d", lost.Code)
	}
}

func TestAChildLeadsBackToItsMapRun(t *testing.T) {
	t.Parallel()
	s := withMapRun(t)
	s.execution.MapRunARN = s.mapRun.ARN
	child := s.get("/executions/Order-review/order%201042")
	if child.find("href", mapRunPath) == nil || child.find("aria-label", "Back to Each order") == nil {
		t.Error("the child has no way back to its map run")
	}
	if child.find("id", "again") != nil {
		t.Error("a child of a map run is offered to run again, which nobody can do")
	}
}

func TestLimitsOfAMapRunChangeWhileItRuns(t *testing.T) {
	t.Parallel()
	s := withMapRun(t)
	form := func(concurrency, count, percentage string) string {
		return url.Values{"maxConcurrency": {concurrency}, "toleratedFailureCount": {count}, "toleratedFailurePercentage": {percentage}}.Encode()
	}
	if a := s.post(mapRunPath, form("20", "", "2.5")); a.Code != http.StatusSeeOther || a.Header().Get("Location") != mapRunPath+"?saved=1" {
		t.Fatalf("%d to %s", a.Code, a.Header().Get("Location"))
	}
	if u := s.updated; u == nil || u.ARN != s.mapRun.ARN || *u.MaxConcurrency != 20 || u.ToleratedCount != nil || *u.ToleratedPercentage != 2.5 {
		t.Errorf("updated %+v", s.updated)
	}
	s.updated = nil
	for field, body := range map[string]string{
		"maxConcurrency": form("many", "", ""), "toleratedFailureCount": form("1", "-1", ""), "toleratedFailurePercentage": form("1", "1", "101"),
	} {
		a := s.post(mapRunPath, body)
		if a.Code != http.StatusUnprocessableEntity || attr(a.find("id", field), "aria-invalid") != "true" || s.updated != nil {
			t.Errorf("%s: %d, invalid %q", field, a.Code, attr(a.find("id", field), "aria-invalid"))
		}
	}
}
