package access_test

import (
	"slices"
	"testing"

	"statehouse/engine/access"
)

func TestMay(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		role access.Role
		op   access.Operation
		want bool
	}{
		{"a viewer sees", access.Viewer, access.SeeExecutions, true},
		{"a viewer does not decide", access.Viewer, access.DecideTask, false},
		{"an approver decides", access.Approver, access.DecideTask, true},
		{"an approver does not start", access.Approver, access.StartExecution, false},
		{"an operator starts", access.Operator, access.StartExecution, true},
		{"an operator does not edit", access.Operator, access.EditWorkflow, false},
		{"a designer publishes", access.Designer, access.Publish, true},
		{"an admin decides", access.Admin, access.DecideTask, true},
		{"nobody does what has no row", access.Admin, access.Operation("shut down"), false},
		{"an unknown role may nothing", access.Role("root"), access.SeeWorkflows, false},
		{"no role may nothing", access.Role(""), access.SeeWorkflows, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := access.May(tt.role, tt.op); got != tt.want {
				t.Errorf("May(%q, %q) = %v, want %v", tt.role, tt.op, got, tt.want)
			}
		})
	}
}

func TestViewersRowsBelongToAll(t *testing.T) {
	t.Parallel()
	for _, op := range access.Operations() {
		if !access.May(access.Viewer, op) {
			continue
		}
		for _, r := range access.Roles() {
			if !access.May(r, op) {
				t.Errorf("%q may be done by a viewer but not by %q", op, r)
			}
		}
	}
}

func TestOwnerMayEverything(t *testing.T) {
	t.Parallel()
	p := access.Owner("owner")
	for _, op := range access.Operations() {
		if !p.May(op) {
			t.Errorf("the owner may not %q", op)
		}
	}
	if (access.Principal{Name: "stranger"}).May(access.SeeWorkflows) {
		t.Error("a principal without roles may see workflows")
	}
}

func TestEveryActionHasARow(t *testing.T) {
	t.Parallel()
	op, ok := access.API("SendTaskSuccess")
	if !ok || !slices.Contains(access.Operations(), op) {
		t.Errorf("API(SendTaskSuccess) = %q, %v", op, ok)
	}
	if _, ok := access.API("Frobnicate"); ok {
		t.Error("an unknown action has a row")
	}
}
