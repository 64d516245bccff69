package engine_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"statehouse/engine"
	"statehouse/engine/asl"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

const (
	hello  = `{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}`
	hello2 = `{"StartAt":"A","States":{"A":{"Type":"Pass","Result":2,"End":true}}}`
	broken = `{"StartAt":"A","States":{"A":{"Type":"Pass"}}}`
)

func TestStateMachines(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		create := func(c engine.CreateStateMachine) (ledger.Machine, error) { return h.CreateStateMachine(t.Context(), c) }
		m, err := create(engine.CreateStateMachine{Name: "one", Definition: hello})
		if err != nil {
			t.Fatal(err)
		}
		if m.Type != "STANDARD" || m.RevisionID != "" || m.RoleARN != "arn:aws:iam::000000000000:role/statehouse" {
			t.Errorf("created %+v", m)
		}
		time.Sleep(time.Second) // virtual
		same, err := create(engine.CreateStateMachine{Name: "one", Definition: hello, RoleARN: "arn:aws:iam::1:role/other"})
		if err != nil || !same.Created.Equal(m.Created) {
			t.Errorf("the same again: %+v, %v", same, err)
		}
		_, err = create(engine.CreateStateMachine{Name: "one", Definition: hello2})
		if f := wantCode(t, err, "StateMachineAlreadyExists"); f.Message != "State Machine Already Exists: '"+m.ARN+"'" {
			t.Errorf("message %q", f.Message)
		}
		for _, tt := range []struct {
			name, code, has string
			c               engine.CreateStateMachine
		}{
			{"a broken definition", "InvalidDefinition", "/States/A", engine.CreateStateMachine{Name: "x", Definition: broken}},
			{"no JSON", "InvalidDefinition", "line 1", engine.CreateStateMachine{Name: "x", Definition: `{StartAt:A}`}},
			{"too long", "InvalidDefinition", "1 MiB", engine.CreateStateMachine{Name: "x", Definition: strings.Repeat(" ", 1<<20+1)}},
			{"no name", "InvalidName", "80", engine.CreateStateMachine{Definition: hello}},
			{"a long name", "InvalidName", "80", engine.CreateStateMachine{Name: bytesOf('x', 81), Definition: hello}},
			{"a name with a colon", "InvalidName", "Invalid Name: 'a:b'", engine.CreateStateMachine{Name: "a:b", Definition: hello}},
			{"a name with a wide space", "InvalidName", "Invalid Name", engine.CreateStateMachine{Name: "a\u3000b", Definition: hello}},
			{"an unknown type", "ValidationException", "'type'", engine.CreateStateMachine{Name: "x", Definition: hello, Type: "TURBO"}},
			{"a role that is none", "InvalidArn", "Role", engine.CreateStateMachine{Name: "x", Definition: hello, RoleARN: "me"}},
			{"logging to nowhere", "InvalidLoggingConfiguration", "Must specify exactly one Log Destination.", engine.CreateStateMachine{Name: "x", Definition: hello, Logging: `{"level":"ALL"}`}},
			{"waiting in an EXPRESS machine", "InvalidDefinition", "Express state machine does not support '.sync' service integration", engine.CreateStateMachine{
				Name: "x", Type: "EXPRESS",
				Definition: `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync","Parameters":{"StateMachineArn":"x"},"End":true}}}`,
			}},
		} {
			_, err := create(tt.c)
			if f := wantCode(t, err, tt.code); !strings.Contains(f.Message, tt.has) {
				t.Errorf("%s: message %q does not have %q", tt.name, f.Message, tt.has)
			}
		}

		_, err = h.UpdateStateMachine(t.Context(), engine.UpdateStateMachine{ARN: m.ARN})
		_ = wantCode(t, err, "MissingRequiredParameter")
		_, err = h.UpdateStateMachine(t.Context(), engine.UpdateStateMachine{ARN: m.ARN + ":2", Definition: new(hello2)})
		_ = wantCode(t, err, "StateMachineDoesNotExist")
		up, err := h.UpdateStateMachine(t.Context(), engine.UpdateStateMachine{ARN: m.ARN, Definition: new(hello2)})
		if err != nil || up.RevisionID == "" || up.Definition != hello2 {
			t.Fatalf("updated: %+v, %v", up, err)
		}
		again, err := h.UpdateStateMachine(t.Context(), engine.UpdateStateMachine{ARN: m.ARN, Definition: new(hello2)})
		if err != nil || again.RevisionID != up.RevisionID {
			t.Errorf("an update that changes nothing: %+v, %v", again, err)
		}
		if err := h.DeleteStateMachine(t.Context(), m.ARN+"x"); err != nil {
			t.Errorf("deleting what is not there: %v", err)
		}
		_ = wantCode(t, h.DeleteStateMachine(t.Context(), ""), "InvalidArn")
	})
}

func TestRunningExecutionsKeepTheirDefinition(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		const v1 = `{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":10,"Next":"B"},"B":{"Type":"Pass","Result":1,"End":true}}}`
		const v2 = `{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":10,"Next":"B"},"B":{"Type":"Pass","Result":2,"End":true}}}`
		m := h.machine("one", v1)
		first := h.start(m, `{}`)
		if _, err := h.UpdateStateMachine(t.Context(), engine.UpdateStateMachine{ARN: m, Definition: new(v2)}); err != nil {
			t.Fatal(err)
		}
		second := h.start(m, `{}`)
		if err := h.DeleteStateMachine(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		_, err := h.StartExecution(t.Context(), engine.StartExecution{MachineARN: m})
		_ = wantCode(t, err, "StateMachineDeleting")
		_, err = h.CreateStateMachine(t.Context(), engine.CreateStateMachine{Name: "one", Definition: v1})
		_ = wantCode(t, err, "StateMachineDeleting")
		h.restart()
		wantOutput(t, h.wait(first), `1`)
		wantOutput(t, h.wait(second), `2`)
		_, err = h.StateMachine(t.Context(), m)
		_ = wantCode(t, err, "StateMachineDoesNotExist")
		then, err := h.StateMachineForExecution(t.Context(), first)
		if err != nil || then.Definition != v1 {
			t.Errorf("the machine then: %+v, %v", then, err)
		}
	})
}

func TestDrafts(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		d, err := h.NewWorkflow(t.Context(), "mine", "hello", "")
		if err != nil || d.Revision != 1 || d.Text == "" {
			t.Fatalf("new: %+v, %v", d, err)
		}
		_, err = h.NewWorkflow(t.Context(), "mine", "hello", "")
		_ = wantCode(t, err, engine.WorkflowExists)
		_, err = h.NewWorkflow(t.Context(), "other", "hello", "TURBO")
		_ = wantCode(t, err, "ValidationException")
		if fast, err := h.NewWorkflow(t.Context(), "fast", "hello", "EXPRESS"); err != nil || fast.Type != "EXPRESS" {
			t.Errorf("an EXPRESS draft: %+v, %v", fast, err)
		} else if m, err := h.Publish(t.Context(), "fast"); err != nil || m.Type != "EXPRESS" {
			t.Errorf("published as %+v, %v", m, err)
		}
		_, err = h.NewWorkflow(t.Context(), "other", "no such starter", "")
		_ = wantCode(t, err, "ValidationException")
		_, err = h.NewWorkflow(t.Context(), "a b", "hello", "")
		_ = wantCode(t, err, "InvalidName")

		saved, diagnostics, err := h.SaveDraft(t.Context(), "mine", `{"StartAt":`, `{"n":1}`, 1)
		if err != nil || saved.Revision != 2 || len(diagnostics) == 0 {
			t.Fatalf("a broken text: %+v, %v, %v", saved, diagnostics, err)
		}
		h.restart()
		if d, err := h.Draft(t.Context(), "mine"); err != nil || d.Text != `{"StartAt":` || d.Input != `{"n":1}` {
			t.Errorf("after a restart: %+v, %v", d, err)
		}
		now, _, err := h.SaveDraft(t.Context(), "mine", `other`, ``, 1)
		_ = wantCode(t, err, engine.DraftStale)
		if now.Revision != 2 || now.Text != `{"StartAt":` {
			t.Errorf("the stored one is %+v", now)
		}
		if same, _, err := h.SaveDraft(t.Context(), "mine", `{"StartAt":`, `{"n":1}`, 1); err != nil || same.Revision != 2 {
			t.Errorf("the same text again: %+v, %v", same, err)
		}
		_, _, err = h.SaveDraft(t.Context(), "mine", strings.Repeat(" ", 1<<20+1), ``, 2)
		_ = wantCode(t, err, "ValidationException")
		_, _, err = h.SaveDraft(t.Context(), "nobody", `{}`, ``, 3)
		_ = wantCode(t, err, engine.DraftNotFound)

		_, err = h.RunWorkflow(t.Context(), "mine", "", `{}`)
		if f := wantCode(t, err, "InvalidDefinition"); len(f.Diagnostics) == 0 {
			t.Error("no diagnostics")
		}
		if _, _, err = h.SaveDraft(t.Context(), "mine", hello, `{}`, 2); err != nil {
			t.Fatal(err)
		}
		_, err = h.RunWorkflow(t.Context(), "mine", "a/b", `{}`)
		_ = wantCode(t, err, "InvalidName")
		_, err = h.RunWorkflow(t.Context(), "mine", "", `{`)
		_ = wantCode(t, err, "InvalidExecutionInput")
		if w, err := h.Workflow(t.Context(), "mine"); err != nil || w.Machine != nil {
			t.Errorf("a run that was refused has published: %+v, %v", w, err)
		}
		x, err := h.RunWorkflow(t.Context(), "mine", "first", ``)
		if err != nil {
			t.Fatal(err)
		}
		wantOutput(t, h.wait(x.ARN), `{}`)
		if _, _, err = h.SaveDraft(t.Context(), "mine", hello2, `{}`, 3); err != nil {
			t.Fatal(err)
		}
		again, err := h.RunAgain(t.Context(), x.ARN)
		if err != nil {
			t.Fatal(err)
		}
		wantOutput(t, h.wait(again.ARN), `{}`)
		x, err = h.RunWorkflow(t.Context(), "mine", "", ``)
		if err != nil {
			t.Fatal(err)
		}
		wantOutput(t, h.wait(x.ARN), `2`)

		if err := h.DeleteWorkflow(t.Context(), "mine"); err != nil {
			t.Fatal(err)
		}
		_ = wantCode(t, h.DeleteWorkflow(t.Context(), "mine"), engine.DraftNotFound)
		_, err = h.Workflow(t.Context(), "mine")
		_ = wantCode(t, err, engine.DraftNotFound)
		wantStatus(t, h.execution(x.ARN), interp.Succeeded)
	})
}

func TestWorkflowsOfTheAPIHaveADraftToo(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		h.machine("api", hello)
		d, err := h.Draft(t.Context(), "api")
		if err != nil || d.Text != hello || d.Revision != 0 {
			t.Fatalf("draft %+v, %v", d, err)
		}
		if d, _, err = h.SaveDraft(t.Context(), "api", hello2, ``, d.Revision); err != nil || d.Revision != 1 {
			t.Fatalf("saved %+v, %v", d, err)
		}
		if m, err := h.Publish(t.Context(), "api"); err != nil || m.Definition != hello2 {
			t.Errorf("published %+v, %v", m, err)
		}
		_, err = h.NewWorkflow(t.Context(), "api", "", "")
		_ = wantCode(t, err, engine.WorkflowExists)
	})
}

func TestReadyAndStats(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		h.wait(h.start(h.machine("hello", hello), `{}`))
		synctest.Wait()
		if r := h.Ready(t.Context()); len(r) > 0 {
			t.Errorf("not ready: %v", r)
		}
		if s := h.Stats(); s.Started != 1 || s.Succeeded != 1 || s.Events != 4 {
			t.Errorf("stats %+v", s)
		}
		h.stop()
		if err := <-h.ran; err != nil {
			t.Fatal(err)
		}
		h.ran <- nil
		if r := h.Ready(t.Context()); len(r) == 0 {
			t.Error("ready after it stopped")
		}
		_, err := h.StartExecution(t.Context(), engine.StartExecution{MachineARN: h.Names().Machine("hello")})
		_ = wantCode(t, err, engine.ServiceUnavailable)
	})
}

// What is saved is what is read again, byte for byte, whatever the spacing and the placeholders.
func TestADraftComesBackAsItWasSaved(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		text := "{ \"StartAt\" :\t\"A\",\r\n \"States\": {\"A\": {\"Type\":\"Wait\", \"Seconds\": \"${Pause}\", \"End\":true}}, \"Comment\": \"\\u00e9 é\" }\n\n"
		saved, found, err := h.SaveDraft(t.Context(), "kept", text, `{}`, 0)
		if err != nil || saved.Text != text || len(found) != 1 || found[0].Code != "UNRESOLVED_PLACEHOLDER" {
			t.Errorf("saved %q with %v, %v", saved.Text, found, err)
		}
		if again, err := h.Draft(t.Context(), "kept"); err != nil || again.Text != text {
			t.Errorf("read %q, %v", again.Text, err)
		}
	})
}

// A draft may wait for the values of its placeholders. A state machine does not: AWS refuses it.
func TestPlaceholdersAreFilledInBeforePublishing(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		const draft = `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":"${Pause}","End":true}}}`
		_, found, err := h.SaveDraft(t.Context(), "slow", draft, `{}`, 0)
		if err != nil || len(found) != 1 || found[0].Severity != asl.Warning || !strings.Contains(found[0].Message, "${Pause}") {
			t.Errorf("the draft: %+v, %v", found, err)
		}
		_, err = h.Publish(t.Context(), "slow")
		if f := wantCode(t, err, "InvalidDefinition"); !strings.Contains(f.Message, "Expected value of type Integer at /States/W/Seconds") || !strings.Contains(f.Message, "${Pause}") {
			t.Errorf("publishing: %s", f.Message)
		}
		if list := h.Validate(draft, ""); !asl.HasErrors(list) {
			t.Errorf("validation: %+v", list)
		}
	})
}
