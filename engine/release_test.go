package engine_test

import (
	"testing"

	"statehouse/engine"
	"statehouse/engine/ledger"
)

func TestReleases(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		ctx := t.Context()
		release := func(draft bool, description string) ledger.Machine {
			t.Helper()
			m, err := h.PublishWorkflowVersion(ctx, engine.Release{Name: "Order", Draft: draft, Description: description})
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
		save := func(text string) {
			t.Helper()
			d, err := h.Draft(ctx, "Order")
			base := d.Revision
			if err != nil {
				base = 0
			}
			if _, _, err := h.SaveDraft(ctx, "Order", text, `{"mine":1}`, base); err != nil {
				t.Fatal(err)
			}
		}
		save(hello)
		if m := release(true, "first"); m.Version != 1 || m.Definition != hello || m.Description != "first" {
			t.Errorf("the first: %+v", m)
		}
		save(hello2)
		// What is published is version 1 still; only the draft makes another.
		if m := release(false, "again"); m.Version != 1 || m.Description != "first" {
			t.Errorf("the same again: %+v", m)
		}
		if m := release(true, "second"); m.Version != 2 || m.Definition != hello2 {
			t.Errorf("the second: %+v", m)
		}
		save(broken)
		_, err := h.PublishWorkflowVersion(ctx, engine.Release{Name: "Order", Draft: true})
		_ = wantCode(t, err, "InvalidDefinition")
		_, err = h.PublishWorkflowVersion(ctx, engine.Release{Name: "None", Draft: true})
		_ = wantCode(t, err, engine.DraftNotFound)

		machine := h.Names().Machine("Order")
		if _, err := h.RestoreVersion(ctx, machine+":1"); err != nil {
			t.Fatal(err)
		}
		d, err := h.Draft(ctx, "Order")
		if err != nil || d.Text != hello || d.Input != `{"mine":1}` {
			t.Errorf("restored %+v, %v", d, err)
		}
		now, err := h.StateMachine(ctx, machine)
		if err != nil || now.Definition != hello2 {
			t.Errorf("restoring changed what runs: %+v, %v", now, err)
		}
		_, err = h.RestoreVersion(ctx, machine+":9")
		_ = wantCode(t, err, "StateMachineDoesNotExist")

		for range 3 {
			if _, err := h.StartExecution(ctx, engine.StartExecution{MachineARN: machine + ":2"}); err != nil {
				t.Fatal(err)
			}
		}
		for most, want := range map[int]int{2: 2, 10: 3} {
			n, err := h.CountExecutionsUpTo(ctx, ledger.ExecutionQuery{MachineARN: machine, Version: 2}, most)
			if err != nil || n != want {
				t.Errorf("counted %d up to %d, want %d: %v", n, most, want, err)
			}
		}
	})
}
