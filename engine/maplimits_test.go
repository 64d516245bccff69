package engine_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"statehouse/engine"
	"statehouse/engine/interp"
	"statehouse/engine/object"
)

// The setting for the size of payloads also holds for what goes into the children of a
// Distributed Map, into its batches, and for the results that come out of it.
func TestTheLimitOfPayloadsHoldsForDistributedMaps(t *testing.T) {
	bubble(t, calling(echo), func(t *testing.T, h *house) {
		h.limits = engine.Limits{Limits: interp.Limits{Payload: 1 << 20}}
		h.restart()
		large := `["` + strings.Repeat("x", 300<<10) + `",{"n":1}]`
		for name, fields := range map[string]string{
			"items":   `"ItemSelector":{"v.$":"$$.Map.Item.Value"},`,
			"batches": `"ItemBatcher":{"MaxItemsPerBatch":2},`,
		} {
			x := h.wait(h.start(h.machine("Large-"+name, each(fields)), large))
			wantStatus(t, x, interp.Succeeded)
			if n := x.Output.Size(); n < 300<<10 {
				t.Errorf("%s: the results have %d bytes", name, n)
			}
		}
		h.limits.Payload = 1000
		h.restart()
		x := h.wait(h.start(h.machine("Small", each(`"ItemSelector":{"a.$":"$$.Map.Item.Value","b.$":"$$.Map.Item.Value"},`)), `[{"text":"`+strings.Repeat("x", 600)+`"}]`))
		wantStatus(t, x, interp.Failed)
		if x.Error == nil || *x.Error != "States.DataLimitExceeded" {
			t.Errorf("an input beyond the limit: %v", x.Error)
		}
	})
}

// faulty is a store whose objects bring down whoever reads them.
type faulty struct{ object.Store }

func (faulty) Open(context.Context, string, string, object.Get) (io.ReadCloser, object.Info, error) {
	panic("a reader with a fault")
}

func TestAPanicFailsTheMapRunOnly(t *testing.T) {
	bubble(t, calling(echo), func(t *testing.T, h *house) {
		h.objects = faulty{object.None{}}
		h.restart()
		x := h.wait(h.start(h.machine("M", each(`"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSON"},"Parameters":{"Bucket":"bucket","Key":"k"}},`)), `{}`))
		wantStatus(t, x, interp.Failed)
		if x.Error == nil || *x.Error != "States.Runtime" || !strings.Contains(*x.Cause, "The server's log has the stack") {
			t.Errorf("%v: %v", x.Error, x.Cause)
		}
		wantStatus(t, h.wait(h.start(h.machine("Next", each("")), `[{"n":1}]`)), interp.Succeeded)
	})
}
