package storetest

import (
	"fmt"
	"testing"
	"time"

	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

func versions(t *testing.T, w *world) {
	ctx := t.Context()
	first := ledger.Machine{
		ARN: machineARN("Order"), Name: "Order", Type: "STANDARD", Definition: passOnly, RoleARN: "role",
		Logging: `{"level":"ALL"}`, Tracing: `{"enabled":true}`, Encryption: `{"type":"AWS_OWNED_KEY"}`, Created: begin, Updated: begin,
	}
	n, err := w.store.CreateMachine(ctx, first, ledger.With{Publish: &ledger.Publish{Description: "the first", At: begin.Add(time.Second)}})
	must(t, err)
	same(t, "number of the first version", n, int64(1))
	v1 := first
	v1.Version, v1.Description, v1.Created = 1, "the first", begin.Add(time.Second)
	got, err := w.store.Version(ctx, first.ARN, 1)
	must(t, err)
	same(t, "first version", got, v1)

	got, err = w.store.PublishVersion(ctx, first.ARN, ledger.Publish{Description: "again", At: begin.Add(time.Hour), Limit: 1})
	must(t, err)
	same(t, "a revision that was published before", got, v1)

	second := first
	second.Definition, second.RevisionID, second.RoleARN, second.Updated = taskThenDone, "r2", "role2", begin.Add(time.Hour)
	must(t, w.update(second))
	_, err = w.store.PublishVersion(ctx, first.ARN, ledger.Publish{Revision: new(""), At: begin})
	answers(t, "PublishVersion of an old revision", err, ledger.ErrStale)
	_, err = w.store.PublishVersion(ctx, first.ARN, ledger.Publish{At: begin, Limit: 1})
	answers(t, "PublishVersion of one too many", err, ledger.ErrTooMany)
	got, err = w.store.PublishVersion(ctx, first.ARN, ledger.Publish{Revision: new("r2"), At: begin.Add(2 * time.Hour), Limit: 2})
	must(t, err)
	v2 := second
	v2.Version, v2.Created = 2, begin.Add(2*time.Hour)
	same(t, "second version", got, v2)
	got, err = w.store.Version(ctx, first.ARN, 1)
	must(t, err)
	same(t, "first version after an update", got, v1)

	must(t, w.store.DeleteVersion(ctx, first.ARN, 2))
	answers(t, "DeleteVersion again", w.store.DeleteVersion(ctx, first.ARN, 2), ledger.ErrNotFound)
	_, err = w.store.Version(ctx, first.ARN, 2)
	answers(t, "Version after deleting it", err, ledger.ErrNotFound)
	got, err = w.store.PublishVersion(ctx, first.ARN, ledger.Publish{At: begin})
	must(t, err)
	same(t, "number after a deleted version", got.Version, int64(3))

	for i := 4; i < 10; i++ {
		second.RevisionID = fmt.Sprint("r", i)
		n, err := w.store.UpdateMachine(ctx, second, ledger.With{Publish: &ledger.Publish{At: begin}})
		must(t, err)
		same(t, "number with an update", n, int64(i))
	}
	second.RevisionID = "r10"
	_, err = w.store.UpdateMachine(ctx, second, ledger.With{Publish: &ledger.Publish{At: begin, Limit: 8}})
	answers(t, "UpdateMachine with a version too many", err, ledger.ErrTooMany)
	now, err := w.store.Machine(ctx, first.ARN)
	must(t, err)
	same(t, "revision after an update that was refused", now.RevisionID, "r9")

	var numbers []int64
	q := ledger.VersionQuery{MachineARN: first.ARN, Page: ledger.Page{Limit: 3}}
	for {
		page, next, err := w.store.ListVersions(ctx, q)
		must(t, err)
		for _, v := range page {
			numbers = append(numbers, v.Version)
			if v.Definition != "" {
				t.Error("a list of versions carries definitions")
			}
		}
		if next == "" {
			break
		}
		q.Page.Token = next
	}
	same(t, "versions, newest first", numbers, []int64{9, 8, 7, 6, 5, 4, 3, 1})

	_, err = w.store.PublishVersion(ctx, machineARN("nobody"), ledger.Publish{At: begin})
	answers(t, "PublishVersion without a machine", err, ledger.ErrNotFound)
	must(t, w.store.DeleteMachine(ctx, first.ARN))
	_, err = w.store.Version(ctx, first.ARN, 1)
	answers(t, "Version of a deleted machine", err, ledger.ErrNotFound)
}

func aliases(t *testing.T, w *world) {
	ctx := t.Context()
	m := w.machine("Order", passOnly)
	a := ledger.Alias{MachineARN: m, Name: "PROD", Description: "what runs", Routes: []ledger.Route{{Version: 1, Weight: 100}}, Created: begin, Updated: begin}
	answers(t, "CreateAlias without the version", w.store.CreateAlias(ctx, a, 0), ledger.ErrNotFound)
	_, err := w.store.PublishVersion(ctx, m, ledger.Publish{At: begin})
	must(t, err)
	must(t, w.store.CreateAlias(ctx, a, 1))
	got, err := w.store.Alias(ctx, m, "PROD")
	must(t, err)
	same(t, "created alias", got, a)
	answers(t, "CreateAlias with a taken name", w.store.CreateAlias(ctx, a, 1), ledger.ErrExists)
	b := a
	b.Name = "prod"
	answers(t, "CreateAlias of one too many", w.store.CreateAlias(ctx, b, 1), ledger.ErrTooMany)
	must(t, w.store.CreateAlias(ctx, b, 2))
	answers(t, "DeleteVersion that an alias leads to", w.store.DeleteVersion(ctx, m, 1), ledger.ErrConflict)

	now, err := w.store.Machine(ctx, m)
	must(t, err)
	now.RevisionID = "r2"
	_, err = w.store.UpdateMachine(ctx, now, ledger.With{Publish: &ledger.Publish{At: begin}})
	must(t, err)
	a.Description, a.Routes, a.Updated = "", []ledger.Route{{Version: 2, Weight: 70}, {Version: 1, Weight: 30}}, begin.Add(time.Hour)
	must(t, w.store.UpdateAlias(ctx, a))
	got, err = w.store.Alias(ctx, m, "PROD")
	must(t, err)
	same(t, "updated alias", got, a)
	none := a
	none.Name = "none"
	answers(t, "UpdateAlias without one", w.store.UpdateAlias(ctx, none), ledger.ErrNotFound)
	none = a
	none.Routes = []ledger.Route{{Version: 9, Weight: 100}}
	answers(t, "UpdateAlias without the version", w.store.UpdateAlias(ctx, none), ledger.ErrNotFound)

	c := b
	c.Name = "beta"
	must(t, w.store.CreateAlias(ctx, c, 0))
	for _, tc := range []struct {
		what string
		q    ledger.AliasQuery
		want []string
	}{
		{"all", ledger.AliasQuery{MachineARN: m}, []string{"PROD", "beta", "prod"}},
		{"page by page", ledger.AliasQuery{MachineARN: m, Page: ledger.Page{Limit: 1}}, []string{"PROD", "beta", "prod"}},
		{"of a version", ledger.AliasQuery{MachineARN: m, Version: 2}, []string{"PROD"}},
		{"of another", ledger.AliasQuery{MachineARN: m, Version: 1, Page: ledger.Page{Limit: 2}}, []string{"PROD", "beta", "prod"}},
		{"of no machine", ledger.AliasQuery{MachineARN: machineARN("nobody")}, nil},
	} {
		var names []string
		for {
			page, next, err := w.store.ListAliases(ctx, tc.q)
			must(t, err)
			for _, a := range page {
				names = append(names, a.Name)
			}
			if next == "" {
				break
			}
			tc.q.Page.Token = next
		}
		same(t, "aliases, "+tc.what, names, tc.want)
	}

	must(t, w.store.DeleteAlias(ctx, m, "PROD"))
	answers(t, "DeleteAlias again", w.store.DeleteAlias(ctx, m, "PROD"), ledger.ErrNotFound)
	must(t, w.store.DeleteVersion(ctx, m, 2))
	must(t, w.store.DeleteMachine(ctx, m))
	_, err = w.store.Alias(ctx, m, "prod")
	answers(t, "Alias of a deleted machine", err, ledger.ErrNotFound)
}

func versionRuns(t *testing.T, w *world) {
	ctx := t.Context()
	m := w.machine("Order", taskThenDone)
	var ids []ledger.ExecutionID
	for i := range 6 {
		n := w.newRun(m, fmt.Sprint("e", i), taskThenDone).first(taskThenDone, `{}`)
		n.Execution.Version = int64(i % 3) // 0: by the machine itself
		if i == 5 {
			n.Execution.Alias = "PROD"
		}
		id, err := w.store.Create(ctx, n)
		must(t, err)
		ids = append(ids, id)
		e, err := w.store.Execution(ctx, n.Execution.ARN)
		must(t, err)
		if e.Version != n.Execution.Version || e.Alias != n.Execution.Alias {
			t.Errorf("%s is of version %d and alias %q, want %d and %q", e.Name, e.Version, e.Alias, n.Execution.Version, n.Execution.Alias)
		}
	}
	for _, tc := range []struct {
		what string
		q    ledger.ExecutionQuery
		want []ledger.ExecutionID
	}{
		{"of a version", ledger.ExecutionQuery{MachineARN: m, Version: 2}, []ledger.ExecutionID{ids[5], ids[2]}},
		{"of a version, running", ledger.ExecutionQuery{MachineARN: m, Version: 1, Status: interp.Running}, []ledger.ExecutionID{ids[4], ids[1]}},
		{"of a version, failed", ledger.ExecutionQuery{MachineARN: m, Version: 1, Status: interp.Failed}, nil},
		{"of an alias", ledger.ExecutionQuery{MachineARN: m, Alias: "PROD"}, []ledger.ExecutionID{ids[5]}},
		{"page by page", ledger.ExecutionQuery{MachineARN: m, Version: 1, Page: ledger.Page{Limit: 1}}, []ledger.ExecutionID{ids[4], ids[1]}},
	} {
		var got []ledger.ExecutionID
		for {
			page, next, err := w.store.ListExecutions(ctx, tc.q)
			must(t, err)
			for _, e := range page {
				got = append(got, e.ID)
			}
			if next == "" {
				break
			}
			tc.q.Page.Token = next
		}
		same(t, "executions "+tc.what, got, tc.want)
		n, err := w.store.CountExecutionsUpTo(ctx, tc.q, 100)
		must(t, err)
		same(t, "the number of executions "+tc.what, n, len(tc.want))
		n, err = w.store.CountExecutionsUpTo(ctx, tc.q, 1)
		must(t, err)
		same(t, "the number up to 1", n, min(1, len(tc.want)))
	}
}

func tags(t *testing.T, w *world) {
	ctx := t.Context()
	m := w.machine("Order", passOnly)
	a := ledger.Activity{ARN: workerARN, Name: "worker", Created: begin}
	must(t, w.store.CreateActivity(ctx, a, nil))
	for _, arn := range []string{m, a.ARN} {
		got, err := w.store.TagsOf(ctx, arn)
		must(t, err)
		same(t, "tags of something new", got, []ledger.Tag(nil))
		must(t, w.store.SetTags(ctx, arn, []ledger.Tag{{Key: "team", Value: "red"}, {Key: "Team", Value: ""}}, 2))
		must(t, w.store.SetTags(ctx, arn, []ledger.Tag{{Key: "team", Value: "blue"}}, 2))
		answers(t, "SetTags of one too many", w.store.SetTags(ctx, arn, []ledger.Tag{{Key: "cost"}, {Key: "team"}}, 2), ledger.ErrTooMany)
		must(t, w.store.SetTags(ctx, arn, []ledger.Tag{{Key: "cost", Value: "1"}, {Key: "cost", Value: "2"}}, 3))
		got, err = w.store.TagsOf(ctx, arn)
		must(t, err)
		same(t, "tags", got, []ledger.Tag{{Key: "team", Value: "blue"}, {Key: "Team", Value: ""}, {Key: "cost", Value: "2"}})
		must(t, w.store.DropTags(ctx, arn, []string{"cost", "nothing", "cost"}))
		got, err = w.store.TagsOf(ctx, arn)
		must(t, err)
		same(t, "tags after dropping one", got, []ledger.Tag{{Key: "team", Value: "blue"}, {Key: "Team", Value: ""}})
	}
	must(t, w.store.DeleteMachine(ctx, m))
	must(t, w.store.DeleteActivity(ctx, a.ARN))
	for _, arn := range []string{m, a.ARN} {
		_, err := w.store.TagsOf(ctx, arn)
		answers(t, "TagsOf something that is gone", err, ledger.ErrNotFound)
		answers(t, "SetTags of something that is gone", w.store.SetTags(ctx, arn, nil, 0), ledger.ErrNotFound)
		answers(t, "DropTags of something that is gone", w.store.DropTags(ctx, arn, nil), ledger.ErrNotFound)
	}
	_, err := w.store.CreateMachine(ctx, ledger.Machine{ARN: m, Name: "Order", Type: "STANDARD", Definition: passOnly, Created: begin, Updated: begin},
		ledger.With{Tags: []ledger.Tag{{Key: "new", Value: "yes"}}})
	must(t, err)
	got, err := w.store.TagsOf(ctx, m)
	must(t, err)
	same(t, "tags of a machine with an old name", got, []ledger.Tag{{Key: "new", Value: "yes"}})
}

func machineARN(name string) string {
	return "arn:aws:states:us-east-1:000000000000:stateMachine:" + name
}
