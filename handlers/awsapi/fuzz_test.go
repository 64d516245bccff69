package awsapi

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"testing"
	"time"

	"statehouse/engine"
	"statehouse/engine/access"
	"statehouse/engine/ledger"
	"statehouse/engine/teststate"
)

// still is an engine that runs nothing: what is made up at random shall not call anybody.
type still struct{ *engine.Engine }

func refusesToRun() error { return fault("ExecutionLimitExceeded", "nothing runs here") }

func (still) StartExecution(context.Context, engine.StartExecution) (ledger.Execution, error) {
	return ledger.Execution{}, refusesToRun()
}

func (still) StartSyncExecution(context.Context, engine.StartExecution) (ledger.Execution, error) {
	return ledger.Execution{}, fault("StateMachineTypeNotSupported", "nothing runs here")
}

func (still) RedriveExecution(context.Context, string, string) (time.Time, error) {
	return time.Time{}, refusesToRun()
}

func (still) TestState(_ context.Context, r teststate.Request, _ *string) (*teststate.Report, error) {
	if _, err := teststate.New(r); err != nil {
		return nil, fault("ValidationException", "%v", err)
	}
	return nil, fault("ValidationException", "nothing runs here")
}

// FuzzCall sends any bytes to any operation: the answer is one that the model allows, and
// never a fault of ours.
func FuzzCall(f *testing.F) {
	d, closed := openDesk(f, f.TempDir())
	f.Cleanup(closed)
	words := d.world()
	var err error
	if d.api, err = New(Config{Engine: still{d.eng}, Who: access.Owner("owner"), Poll: time.Millisecond}); err != nil {
		f.Fatal(err)
	}
	names := slices.Sorted(maps.Keys(operations))
	for i, op := range names {
		f.Add(i, []byte(words.Replace(goods[op])))
	}
	f.Add(0, []byte(`{"name":"\ud800","tags":[{"key":"a"},null,5]}`))
	f.Fuzz(func(t *testing.T, i int, body []byte) {
		d := &desk{t: t, api: d.api}
		op := names[uint(i)%uint(len(names))]
		if a := d.post(op, string(body)); a.Status >= http.StatusInternalServerError {
			t.Errorf("%s %q: %d %s", op, body, a.Status, a.Text)
		}
	})
}
