package engine

import (
	"strings"
	"testing"

	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

func TestLimitsHaveDefaultsOfAWS(t *testing.T) {
	t.Parallel()
	got := Limits{}.filled()
	want := Limits{Limits: interp.Limits{Payload: 262144, Variables: 10 << 20, History: 25000}, Definition: 1 << 20}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := (Limits{Definition: 4 << 20}).filled().Definition; got != 1<<20 {
		t.Errorf("a definition may have %d bytes", got)
	}
}

func TestALargeDefinitionIsWarnedAbout(t *testing.T) {
	t.Parallel()
	e := &Engine{limits: Limits{Definition: 1000}.filled()}
	of := func(n int) string {
		const frame = `{"StartAt":"A","States":{"A":{"Type":"Succeed"}},"Comment":""}`
		return strings.Replace(frame, `""`, `"`+strings.Repeat("x", n-len(frame))+`"`, 1)
	}
	for n, want := range map[int]string{700: "", 800: "The definition has 1 KiB of the 1 KiB that are allowed", 1000: "The definition has 1 KiB of the 1 KiB that are allowed"} {
		var got string
		for _, d := range e.Validate(of(n), Standard) {
			got += d.Message
		}
		if got != want {
			t.Errorf("%d bytes: %q, want %q", n, got, want)
		}
	}
	if err := e.checkDefinition(of(1001), Standard); err == nil {
		t.Error("1001 bytes are accepted")
	}
}

func TestUsageOfAnEndedExecution(t *testing.T) {
	t.Parallel()
	e := &Engine{limits: Limits{}.filled()}
	u, err := e.Usage(t.Context(), ledger.Execution{ID: 1, Status: interp.Succeeded, Events: 20000})
	if err != nil || u != (Usage{Events: 20000, MaxEvents: 25000, MaxVariables: 10 << 20, MaxPayload: 256 << 10}) || !Near(u.Events, u.MaxEvents) || Near(u.Events-1, u.MaxEvents) {
		t.Errorf("usage %+v, %v", u, err)
	}
}
