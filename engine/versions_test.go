package engine_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"statehouse/engine"
	"statehouse/engine/history"
	"statehouse/engine/ledger"
)

func TestVersions(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		create := engine.CreateStateMachine{Name: "one", Definition: hello, Publish: true, VersionDescription: new("first")}
		m, err := h.CreateStateMachine(t.Context(), create)
		if err != nil || m.VersionARN() != m.ARN+":1" {
			t.Fatalf("created %+v, %v", m, err)
		}
		same, err := h.CreateStateMachine(t.Context(), create)
		if err != nil || same.VersionARN() != m.VersionARN() {
			t.Errorf("the same again: %+v, %v", same, err)
		}
		create.VersionDescription = new("other")
		_, err = h.CreateStateMachine(t.Context(), create)
		_ = wantCode(t, err, "StateMachineAlreadyExists")
		create.Publish = false
		_, err = h.CreateStateMachine(t.Context(), create)
		_ = wantCode(t, err, "ValidationException")

		up, err := h.UpdateStateMachine(t.Context(), engine.UpdateStateMachine{ARN: m.ARN, Definition: new(hello2)})
		if err != nil || up.Version != 0 {
			t.Fatalf("updated %+v, %v", up, err)
		}
		_, err = h.PublishVersion(t.Context(), engine.PublishVersion{MachineARN: m.ARN, Revision: new("INITIAL")})
		if f := wantCode(t, err, "ConflictException"); f.Message != "Failed to publish the State Machine version for revision INITIAL. The current State Machine revision is "+up.RevisionID+"." {
			t.Errorf("message %q", f.Message)
		}
		v2, err := h.PublishVersion(t.Context(), engine.PublishVersion{MachineARN: m.ARN, Revision: &up.RevisionID, Description: "second"})
		if err != nil || v2.VersionARN() != m.ARN+":2" {
			t.Fatalf("published %+v, %v", v2, err)
		}
		again, err := h.PublishVersion(t.Context(), engine.PublishVersion{MachineARN: m.ARN})
		if err != nil || again.Version != 2 || again.Description != "second" {
			t.Errorf("published again: %+v, %v", again, err)
		}
		got, err := h.StateMachine(t.Context(), m.VersionARN())
		if err != nil || got.Definition != hello || got.Description != "first" || got.Version != 1 {
			t.Errorf("version 1 is %+v, %v", got, err)
		}
		_, err = h.UpdateStateMachine(t.Context(), engine.UpdateStateMachine{ARN: v2.VersionARN(), Definition: new(hello)})
		_ = wantCode(t, err, "StateMachineDoesNotExist")
		_ = wantCode(t, h.DeleteStateMachine(t.Context(), v2.VersionARN()), "ValidationException")
		_, err = h.PublishVersion(t.Context(), engine.PublishVersion{MachineARN: v2.VersionARN()})
		_ = wantCode(t, err, "ValidationException")
		_ = wantCode(t, h.DeleteVersion(t.Context(), m.ARN), "ValidationException")
		_, err = h.PublishVersion(t.Context(), engine.PublishVersion{MachineARN: m.ARN + "/label"})
		if f := wantCode(t, err, "ValidationException"); f.Reason != "API_DOES_NOT_SUPPORT_LABELED_ARNS" {
			t.Errorf("reason %q", f.Reason)
		}
		const mapped = `{"StartAt":"M","States":{"M":{"Type":"Map","Label":"each","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}},"End":true}}}`
		big := h.machine("big", mapped)
		_, err = h.StateMachine(t.Context(), big+"/none")
		_ = wantCode(t, err, "StateMachineDoesNotExist")
		_, err = h.StartExecution(t.Context(), engine.StartExecution{MachineARN: big + "/each"})
		_ = wantCode(t, err, "ValidationException")
		for range 2 { // the second time there is nothing to delete
			if err := h.DeleteVersion(t.Context(), v2.VersionARN()); err != nil {
				t.Error(err)
			}
		}
		_, err = h.StartExecution(t.Context(), engine.StartExecution{MachineARN: v2.VersionARN()})
		_ = wantCode(t, err, "StateMachineDoesNotExist")
		up, err = h.UpdateStateMachine(t.Context(), engine.UpdateStateMachine{ARN: m.ARN, Definition: new(hello2), Publish: true})
		if err != nil || up.Version != 3 {
			t.Errorf("a number came again: %+v, %v", up, err)
		}
	})
}

func TestAliases(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		m, err := h.CreateStateMachine(t.Context(), engine.CreateStateMachine{Name: "one", Definition: hello, Publish: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = h.UpdateStateMachine(t.Context(), engine.UpdateStateMachine{ARN: m.ARN, Definition: new(hello2), Publish: true}); err != nil {
			t.Fatal(err)
		}
		route := func(version string, weight int64) engine.Route {
			return engine.Route{VersionARN: m.ARN + version, Weight: weight}
		}
		prod := engine.CreateAlias{Name: "PROD", Description: "what runs", Routes: []engine.Route{route(":1", 100)}}
		a, err := h.CreateAlias(t.Context(), prod)
		if err != nil || a.ARN() != m.ARN+":PROD" {
			t.Fatalf("created %+v, %v", a, err)
		}
		time.Sleep(time.Second) // virtual
		if same, err := h.CreateAlias(t.Context(), prod); err != nil || !same.Created.Equal(a.Created) {
			t.Errorf("the same again: %+v, %v", same, err)
		}
		for as, tt := range map[string]struct {
			code, message string
			routes        []engine.Route
		}{
			"the machine itself": {"ValidationException", "Routing configuration must contain state machine version ARNs. Received: [" + m.ARN + "]", []engine.Route{route("", 100)}},
			"another alias":      {"ValidationException", "Routing configuration must contain state machine version ARNs. Received: [" + m.ARN + ":PROD]", []engine.Route{route(":PROD", 100)}},
			"99 of 100":          {"ValidationException", "Sum of routing configuration weights must equal 100. Received: [70, 29]", []engine.Route{route(":1", 70), route(":2", 29)}},
			"one version twice":  {"ValidationException", "Routing configuration must contain distinct state machine version ARNs. Received: [" + m.ARN + ":1, " + m.ARN + ":1]", []engine.Route{route(":1", 70), route(":1", 30)}},
			"no such version":    {"ResourceNotFound", "Resource not found: '" + m.ARN + ":9'", []engine.Route{route(":9", 100)}},
			"another route":      {"ConflictException", "An alias with the same name already exists: '" + m.ARN + ":PROD'", []engine.Route{route(":2", 100)}},
		} {
			name := "NEW"
			if tt.code == "ConflictException" {
				name = "PROD"
			}
			_, err := h.CreateAlias(t.Context(), engine.CreateAlias{Name: name, Routes: tt.routes})
			if f := wantCode(t, err, tt.code); f.Message != tt.message {
				t.Errorf("%s: message %q", as, f.Message)
			}
		}
		_, err = h.UpdateAlias(t.Context(), engine.UpdateAlias{ARN: a.ARN()})
		_ = wantCode(t, err, "ValidationException")
		_, err = h.UpdateAlias(t.Context(), engine.UpdateAlias{ARN: m.ARN + ":none", Description: new("")})
		_ = wantCode(t, err, "ResourceNotFound")
		if f := wantCode(t, h.DeleteVersion(t.Context(), m.ARN+":1"), "ConflictException"); f.Message !=
			"Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [PROD]" {
			t.Errorf("message %q", f.Message)
		}
		if _, err := h.UpdateAlias(t.Context(), engine.UpdateAlias{ARN: a.ARN(), Routes: []engine.Route{route(":2", 70), route(":1", 30)}}); err != nil {
			t.Fatal(err)
		}
		got, err := h.Alias(t.Context(), a.ARN())
		if err != nil || got.Description != "what runs" || len(got.Routes) != 2 || got.Routes[1] != (ledger.Route{Version: 1, Weight: 30}) {
			t.Errorf("updated to %+v, %v", got, err)
		}

		byVersion := map[int64]int{}
		for range 200 {
			x, err := h.StartExecution(t.Context(), engine.StartExecution{MachineARN: a.ARN()})
			if err != nil || x.AliasARN() != a.ARN() {
				t.Fatalf("started %+v, %v", x, err)
			}
			byVersion[x.Version]++
		}
		// 200 draws of 70 % are within 100 and 180 but once in many lives.
		if byVersion[1]+byVersion[2] != 200 || byVersion[2] < 100 || byVersion[2] > 180 {
			t.Errorf("starts by version: %v", byVersion)
		}
		for _, arn := range []string{m.ARN, m.ARN + ":1", m.ARN + ":2", a.ARN()} {
			want := map[string]int{m.ARN: 200, m.ARN + ":1": byVersion[1], m.ARN + ":2": byVersion[2], a.ARN(): 200}[arn]
			xs, _, err := h.ExecutionsOf(t.Context(), ledger.ExecutionQuery{MachineARN: arn, Page: ledger.Page{Limit: 1000}})
			if err != nil || len(xs) != want {
				t.Errorf("executions of %s: %d, %v, want %d", arn, len(xs), err, want)
			}
		}
		for _, none := range []string{":none", ":9", "x"} {
			_, _, err = h.ExecutionsOf(t.Context(), ledger.ExecutionQuery{MachineARN: m.ARN + none})
			_ = wantCode(t, err, "StateMachineDoesNotExist")
		}
		fast, err := h.CreateStateMachine(t.Context(), engine.CreateStateMachine{Name: "fast", Type: "EXPRESS", Definition: hello})
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = h.ExecutionsOf(t.Context(), ledger.ExecutionQuery{MachineARN: fast.ARN})
		_ = wantCode(t, err, "StateMachineTypeNotSupported")
		for range 2 {
			if err := h.DeleteAlias(t.Context(), a.ARN()); err != nil {
				t.Error(err)
			}
		}
		_, err = h.StartExecution(t.Context(), engine.StartExecution{MachineARN: a.ARN()})
		_ = wantCode(t, err, "StateMachineDoesNotExist")
	})
}

func TestAnExecutionOfAVersionKeepsIt(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		const wait = `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":60,"Next":"A"},"A":{"Type":"Succeed"}}}`
		m, err := h.CreateStateMachine(t.Context(), engine.CreateStateMachine{Name: "one", Definition: wait, Publish: true})
		if err != nil {
			t.Fatal(err)
		}
		a, err := h.CreateAlias(t.Context(), engine.CreateAlias{Name: "PROD", Routes: []engine.Route{{VersionARN: m.VersionARN(), Weight: 100}}})
		if err != nil {
			t.Fatal(err)
		}
		x, err := h.StartExecution(t.Context(), engine.StartExecution{MachineARN: a.ARN()})
		if err != nil {
			t.Fatal(err)
		}
		if err := h.DeleteAlias(t.Context(), a.ARN()); err != nil {
			t.Fatal(err)
		}
		if err := h.DeleteVersion(t.Context(), m.VersionARN()); err != nil {
			t.Fatal(err)
		}
		h.close()
		h.open()
		time.Sleep(2 * time.Minute) // virtual
		synctest.Wait()
		got, err := h.Execution(t.Context(), x.ARN)
		if err != nil || got.Status != "SUCCEEDED" || got.VersionARN() != m.VersionARN() || got.AliasARN() != a.ARN() {
			t.Errorf("the execution is %+v, %v", got, err)
		}
		events, err := h.History(t.Context(), x.ARN, ledger.HistoryQuery{})
		if err != nil || events[0].Type != history.ExecutionStarted || events[0].Details.StateMachineVersionArn != m.VersionARN() || events[0].Details.StateMachineAliasArn != a.ARN() {
			t.Errorf("it began with %+v, %v", events[0], err)
		}
	})
}

func TestTags(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		m, err := h.CreateStateMachine(t.Context(), engine.CreateStateMachine{Name: "one", Definition: hello, Tags: []ledger.Tag{{Key: "team", Value: "red"}}})
		if err != nil {
			t.Fatal(err)
		}
		act, err := h.CreateActivity(t.Context(), engine.CreateActivity{Name: "worker", Tags: []ledger.Tag{{Key: "team", Value: "red"}}})
		if err != nil {
			t.Fatal(err)
		}
		many := make([]ledger.Tag, 50)
		for i := range many {
			many[i].Key = fmt.Sprint("k", i)
		}
		for _, arn := range []string{m.ARN, act.ARN} {
			got, err := h.TagsOf(t.Context(), arn)
			if err != nil || len(got) != 1 || got[0] != (ledger.Tag{Key: "team", Value: "red"}) {
				t.Errorf("%s has %v, %v", arn, got, err)
			}
			f := wantCode(t, h.Tag(t.Context(), arn, many), "TooManyTags")
			if f.Resource != arn {
				t.Errorf("the resource of the fault is %q", f.Resource)
			}
			if err := h.Tag(t.Context(), arn, many[:49]); err != nil {
				t.Error(err)
			}
			if err := h.Untag(t.Context(), arn, []string{"k0", "nothing"}); err != nil {
				t.Error(err)
			}
			for _, bad := range []ledger.Tag{{Key: "aws:x"}, {Key: "a*"}, {Key: "a", Value: "<"}, {Key: bytesOf('k', 129)}, {Key: "k", Value: bytesOf('v', 257)}} {
				_ = wantCode(t, h.Tag(t.Context(), arn, []ledger.Tag{bad}), "ValidationException")
			}
		}
		_ = wantCode(t, h.Tag(t.Context(), m.ARN+"x", nil), "ResourceNotFound")
		_ = wantCode(t, h.Tag(t.Context(), m.ARN+":1", nil), "ResourceNotFound")
		_, err = h.TagsOf(t.Context(), "nothing")
		_ = wantCode(t, err, "InvalidArn")
	})
}
