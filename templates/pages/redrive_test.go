package pages

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"statehouse/engine"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

func TestRedriveView(t *testing.T) {
	t.Parallel()
	x := ledger.Execution{ARN: "arn:aws:states:us-east-1:000000000000:execution:m:e", MachineName: "m", Name: "e", Status: interp.Failed}
	for name, tt := range map[string]struct {
		plan engine.RedrivePlan
		want RedriveView
	}{
		"a few steps, one of them for three items": {
			engine.RedrivePlan{Status: ledger.Redrivable, Again: []string{"Charge", "Send", "Send", "Send"}},
			RedriveView{Action: "/executions/m/e/redrive", Again: []string{"Charge", "Send (3 times)"}},
		},
		"many steps": {
			engine.RedrivePlan{Status: ledger.Redrivable, Again: []string{"a", "b", "c", "d", "e", "f", "g", "h", "h"}},
			RedriveView{Action: "/executions/m/e/redrive", Again: []string{"a", "b", "c", "d", "e", "f"}, More: "and 2 other steps"},
		},
		"too late": {
			engine.RedrivePlan{Status: ledger.NotRedrivable, Why: "Execution redrivable period exceeded"},
			RedriveView{WhyNot: "This run cannot be redriven: it ended more than 14 days ago."},
		},
		"a child of a map run": {
			engine.RedrivePlan{Status: ledger.RedrivableByMapRun},
			RedriveView{WhyNot: "This run cannot be redriven: it belongs to a map run, and goes on with the run that started that."},
		},
	} {
		if d := cmp.Diff(tt.want, NewRedriveView(time.Now(), x, tt.plan)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
	x.Status = interp.Succeeded
	if v := NewRedriveView(time.Now(), x, engine.RedrivePlan{Status: ledger.NotRedrivable, Why: "Execution is SUCCEEDED and cannot be redriven"}); v.WhyNot != "" {
		t.Errorf("a run that succeeded says %q", v.WhyNot)
	}
	x.Redrives, x.Redriven = 2, time.Now()
	if v := NewRedriveView(time.Now(), x, engine.RedrivePlan{}); v.Count != "2 times" || !strings.HasPrefix(v.Last.Words, "today") {
		t.Errorf("two redrives: %+v", v)
	}
}
