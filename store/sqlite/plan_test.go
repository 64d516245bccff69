package sqlite

import (
	"strings"
	"testing"

	"statehouse/engine/ledger"
)

// Lists, searches and the questions of every start must not read tables that grow with
// the number of executions from end to end.
func TestNothingThatGrowsIsScanned(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db := openAt(t, t.TempDir(), nil)
	defer db.Close()
	// Each question once, so that its text is among the prepared ones.
	for _, ask := range []func() error{
		func() error { _, _, err := db.ListExecutions(ctx, ledger.ExecutionQuery{}); return err },
		func() error {
			_, _, err := db.ListExecutions(ctx, ledger.ExecutionQuery{MachineARN: "m", Status: "FAILED", Search: "x"})
			return err
		},
		func() error {
			_, _, err := db.ListExecutions(ctx, ledger.ExecutionQuery{MachineARN: "m", Version: 1, Status: "FAILED"})
			return err
		},
		func() error {
			_, _, err := db.ListExecutions(ctx, ledger.ExecutionQuery{MachineARN: "m", Alias: "a"})
			return err
		},
		func() error {
			_, err := db.CountExecutionsUpTo(ctx, ledger.ExecutionQuery{MachineARN: "m", Alias: "a"}, 10)
			return err
		},
		func() error { _, _, err := db.ListVersions(ctx, ledger.VersionQuery{MachineARN: "m"}); return err },
		func() error {
			_, _, err := db.ListAliases(ctx, ledger.AliasQuery{MachineARN: "m", Version: 1})
			return err
		},
		func() error { _, _, err := db.ListWorkflows(ctx, ledger.WorkflowQuery{Search: "x"}); return err },
		func() error { _, err := db.Workflow(ctx, "x"); return err },
		func() error { _, _, err := db.ListMachines(ctx, ledger.MachineQuery{}); return err },
		func() error { _, _, err := db.ListTasks(ctx, ledger.TaskQuery{}); return err },
		func() error { _, _, err := db.ListTasks(ctx, ledger.TaskQuery{Sort: ledger.SortPriority}); return err },
		func() error { _, _, err := db.ListTasks(ctx, ledger.TaskQuery{Sort: ledger.SortNewest}); return err },
		func() error { _, _, err := db.ListTasks(ctx, ledger.TaskQuery{View: ledger.OverdueTasks}); return err },
		func() error {
			_, _, err := db.ListTasks(ctx, ledger.TaskQuery{View: ledger.DecidedTasks, Sort: ledger.SortNewest})
			return err
		},
		func() error { _, err := db.CountTasks(ctx); return err },
		func() error { _, err := db.TasksOf(ctx, 1); return err },
		func() error { _, err := db.Execution(ctx, "x"); return err },
		func() error { _, err := db.Load(ctx, 1); return err },
		func() error { _, err := db.History(ctx, 1, ledger.HistoryQuery{After: 5}); return err },
		func() error { _, err := db.History(ctx, 1, ledger.HistoryQuery{Reverse: true}); return err },
		func() error { _, err := db.JobByTaskToken(ctx, "x"); return err },
		func() error { _, err := db.NextActivityJob(ctx, "x"); return err },
		func() error { _, err := db.JobsOf(ctx, 1); return err },
		func() error { _, err := db.Unlogged(ctx, 10, 10, nil); return err },
		func() error {
			_, err := db.OpenJobs(ctx, ledger.JobQuery{After: ledger.JobKey{Execution: 1}})
			return err
		},
		func() error { _, err := db.DueTimers(ctx, db.clock(), 1); return err },
		func() error { _, err := db.Continuing(ctx); return err },
		func() error { _, err := db.Redrivable(ctx, 1); return err },
		func() error { _, err := db.RedriveOf(ctx, 1, "x"); return err },
		func() error { _, err := db.ClosedChildren(ctx); return err },
		func() error { _, _, err := db.LostItems(ctx, 1, db.clock(), db.clock()); return err },
	} {
		_ = ask() // it may find nothing
	}
	grows := map[string]bool{"e": true, "executions": true, "h": true, "human_tasks": true, "j": true, "jobs": true, "timers": true, "steps": true, "heads": true, "scopes": true}
	n := 0
	db.stmts.Range(func(query, _ any) bool {
		n++
		rows, err := db.reader.QueryContext(ctx, "explain query plan "+query.(string), make([]any, strings.Count(query.(string), "?"))...)
		if err != nil {
			t.Errorf("%s: %v", query, err)
			return true
		}
		defer rows.Close()
		for rows.Next() {
			var id, parent, unused int
			var step string
			if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
				t.Fatal(err)
			}
			// Reading an index in its order up to a limit is fine; so are partial indexes.
			words := strings.Fields(step)
			if words[0] == "SCAN" && grows[words[1]] && !strings.Contains(step, "INDEX") {
				t.Errorf("%s\n\t%s", query, step)
			}
			if strings.Contains(step, "TEMP B-TREE") && strings.Contains(query.(string), "limit") && !strings.Contains(query.(string), "union") {
				t.Errorf("%s\n\t%s", query, step)
			}
		}
		if err := rows.Err(); err != nil {
			t.Errorf("%s: %v", query, err)
		}
		return true
	})
	if n < 20 {
		t.Errorf("only %d queries were looked at", n)
	}
}
