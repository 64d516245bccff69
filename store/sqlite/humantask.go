package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"statehouse/engine/ledger"
)

// CreateTask implements ledger.HumanTasks.
func (db *DB) CreateTask(ctx context.Context, t ledger.HumanTask) error {
	summary, err := json.Marshal(t.Summary)
	if err != nil {
		return err
	}
	var due any
	if t.Due != nil {
		due = micros(*t.Due)
	}
	err = db.write(ctx, func(c *conn) error {
		var one int64
		err := c.row(jobExists, keyTwice(t.Execution, t.Token), &one)
		if errors.Is(err, ledger.ErrNotFound) {
			return refuse(ledger.ErrClosed)
		}
		if err != nil {
			return err
		}
		_, err = c.exec(`insert into human_tasks (id, execution, token, machine_name, state_name, title, description, assignee,
			candidate_users, candidate_groups, form, ui_schema, defaults, summary, outcomes, fail_on, due, priority, status, created)
			values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?)
			on conflict (execution, token) do nothing`,
			t.ID, t.Execution, t.Token, t.MachineName, t.StateName, t.Title, t.Description, t.Assignee,
			list(t.CandidateUsers), list(t.CandidateGroups), text(t.Form), text(t.UISchema), text(t.Defaults), string(summary),
			list(t.Outcomes), list(t.FailOn), due, t.Priority, micros(t.Created))
		if err != nil {
			return err
		}
		_, err = attach(c, t.Execution, t.Token)
		return err
	})
	if taken(err) {
		err = ledger.ErrExists
	}
	if err != nil {
		return fmt.Errorf("create human task %s: %w", t.ID, err)
	}
	return nil
}

const taskColumns = `h.id, h.execution, e.arn, h.token, h.machine_name, h.state_name, h.title, h.description, h.assignee,
	h.candidate_users, h.candidate_groups, h.form, h.ui_schema, h.defaults, h.summary, h.outcomes, h.fail_on, h.due, h.priority,
	h.status, h.created, h.closed, h.outcome, h.comment, h.decided_by, h.data`

func scanTask(r row) (ledger.HumanTask, error) {
	var t ledger.HumanTask
	var users, groups, summary, outcomes, failOn string
	var form, ui, defaults, data sql.NullString
	var due, closed sql.NullInt64
	var created int64
	if err := r.Scan(&t.ID, &t.Execution, &t.ExecutionARN, &t.Token, &t.MachineName, &t.StateName, &t.Title, &t.Description, &t.Assignee,
		&users, &groups, &form, &ui, &defaults, &summary, &outcomes, &failOn, &due, &t.Priority,
		&t.Status, &created, &closed, &t.Outcome, &t.Comment, &t.DecidedBy, &data); err != nil {
		return ledger.HumanTask{}, err
	}
	for _, l := range []struct {
		text string
		to   any
	}{{users, &t.CandidateUsers}, {groups, &t.CandidateGroups}, {summary, &t.Summary}, {outcomes, &t.Outcomes}, {failOn, &t.FailOn}} {
		if l.text == "[]" {
			continue
		}
		if err := json.Unmarshal([]byte(l.text), l.to); err != nil {
			return ledger.HumanTask{}, fmt.Errorf("decode human task %s: %w", t.ID, err)
		}
	}
	t.Form, t.UISchema, t.Defaults, t.Data = raw(form), raw(ui), raw(defaults), raw(data)
	t.Created = moment(created)
	if due.Valid {
		t.Due = new(moment(due.Int64))
	}
	if closed.Valid {
		t.Closed = new(moment(closed.Int64))
	}
	return t, nil
}

// Task implements ledger.HumanTasks.
func (db *DB) Task(ctx context.Context, id string) (ledger.HumanTask, error) {
	t, err := scanTask(db.queryRow(ctx, "select "+taskColumns+" from human_tasks h join executions e on e.id = h.execution where h.id = ?", id))
	return t, db.none(err, "human task", id)
}

// TasksOf implements ledger.HumanTasks.
func (db *DB) TasksOf(ctx context.Context, id ledger.ExecutionID) ([]ledger.HumanTask, error) {
	var found []ledger.HumanTask
	err := db.query(ctx, "select "+taskColumns+` from human_tasks h join executions e on e.id = h.execution
		where h.execution = ? order by h.token`, []any{id}, func(r row) error {
		t, err := scanTask(r)
		found = append(found, t)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read human tasks of execution %d: %w", id, err)
	}
	return found, nil
}

// orders are sort keys, ascending; the id makes them complete.
var orders = map[ledger.TaskSort][]string{
	"":                  {"ifnull(h.due, 9223372036854775807)", "-h.created"},
	ledger.SortDue:      {"ifnull(h.due, 9223372036854775807)", "-h.created"},
	ledger.SortPriority: {"-h.priority", "-h.created"},
	ledger.SortNewest:   {"-h.created"},
}

// ListTasks implements ledger.HumanTasks.
func (db *DB) ListTasks(ctx context.Context, q ledger.TaskQuery) ([]ledger.HumanTask, string, error) {
	where, args := "h.status = 'open'", []any{}
	switch q.View {
	case ledger.OpenTasks, "":
	case ledger.OverdueTasks:
		where += " and ifnull(h.due, 9223372036854775807) < ?"
		args = append(args, micros(db.clock()))
	case ledger.DecidedTasks:
		where = "h.status = 'decided'"
	default:
		return nil, "", fmt.Errorf("list human tasks: no view %q", q.View)
	}
	sort, ok := orders[q.Sort]
	if !ok {
		return nil, "", fmt.Errorf("list human tasks: no order %q", q.Sort)
	}
	if q.Sort == ledger.SortNewest && q.View == ledger.DecidedTasks {
		sort = []string{"-h.closed"}
	}
	order := strings.Join(sort, ", ")
	if q.Search != "" {
		where += ` and (h.title like ? escape '\' or h.machine_name like ? escape '\' or h.assignee like ? escape '\' or h.outcome like ? escape '\')`
		p := contains(q.Search)
		args = append(args, p, p, p, p)
	}
	list := "tasks " + order
	key := make([]int64, len(sort))
	keys := make([]any, len(key))
	for i := range key {
		keys[i] = &key[i]
	}
	if q.Page.Token != "" {
		var id string
		if err := unmark(q.Page.Token, list, append(keys, &id)...); err != nil {
			return nil, "", err
		}
		where += " and (" + order + ", h.id) > (?" + strings.Repeat(", ?", len(key)) + ")"
		for _, k := range key {
			args = append(args, k)
		}
		args = append(args, id)
	}
	limit := pageLimit(q.Page.Limit)
	args = append(args, limit+1)
	query := "select " + taskColumns + ", " + order + " from human_tasks h join executions e on e.id = h.execution where " +
		where + " order by " + order + ", h.id limit ?"
	var found []ledger.HumanTask
	next := ""
	err := db.query(ctx, query, args, func(r row) error {
		if len(found) == limit { // one more than asked for: there is a next page
			last := make([]any, 0, len(key)+1)
			for _, k := range key {
				last = append(last, k)
			}
			next = mark(list, append(last, found[limit-1].ID)...)
			return nil
		}
		t, err := scanTask(also{r, keys})
		found = append(found, t)
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("list human tasks: %w", err)
	}
	return found, next, nil
}

// also is a row with more columns than its reader asks for.
type also struct {
	row
	more []any
}

func (r also) Scan(dest ...any) error { return r.row.Scan(append(dest, r.more...)...) }

// CountTasks implements ledger.HumanTasks.
func (db *DB) CountTasks(ctx context.Context) (ledger.TaskCounts, error) {
	var n ledger.TaskCounts
	err := db.queryRow(ctx, `select
		(select count(*) from human_tasks where status = 'open'),
		(select count(*) from human_tasks where status = 'open' and ifnull(due, 9223372036854775807) < ?),
		(select count(*) from human_tasks where status = 'decided')`, micros(db.clock())).Scan(&n.Open, &n.Overdue, &n.Decided)
	if err != nil {
		return ledger.TaskCounts{}, fmt.Errorf("count human tasks: %w", db.explain(err))
	}
	return n, nil
}
