package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

// executionColumns are what scanExecution reads, without the payloads.
const (
	executionColumns = ownColumns + ", (select ifnull(max(last), 0) from steps where execution = e.id), " + waitingColumn

	ownColumns = `e.id, e.arn, e.name, t.machine_arn, t.machine_name, e.type, case when e.pending = 1 then 'PENDING_REDRIVE' else e.status end, e.started, e.stopped,
	e.trace_header, e.test_case, e.revision_id, e.role_arn, e.version, e.alias, e.parent_execution, e.parent_token, e.parent_pattern,
	e.error, e.cause, ifnull(e.map_run, 0), ifnull((select arn from map_runs where id = e.map_run), ''), e.items,
	ifnull((select text from loggings where id = e.logging), ''), e.redrives, e.redriven, exists (select 1 from wrecks where execution = e.id)`
	waitingColumn = "(select count(*) from human_tasks where execution = e.id and status = 'open')"
)

// scanExecution reads executionColumns and then more.
func scanExecution(r row, more ...any) (ledger.Execution, error) {
	var e ledger.Execution
	var started int64
	var stopped, version, parent, token, redriven sql.NullInt64
	var alias, pattern, failure, cause sql.NullString
	var logging string
	dest := append([]any{
		&e.ID, &e.ARN, &e.Name, &e.MachineARN, &e.MachineName, &e.Type, &e.Status, &started, &stopped,
		&e.TraceHeader, &e.TestCase, &e.RevisionID, &e.RoleARN, &version, &alias, &parent, &token, &pattern, &failure, &cause,
		&e.MapRun, &e.MapRunARN, &e.Items, &logging, &e.Redrives, &redriven, &e.Wrecked, &e.Events, &e.Waiting,
	}, more...)
	if err := r.Scan(dest...); err != nil {
		return ledger.Execution{}, err
	}
	e.Started = moment(started)
	if stopped.Valid {
		e.Stopped = moment(stopped.Int64)
	}
	if parent.Valid {
		e.Parent = &ledger.ParentRef{
			Execution: ledger.ExecutionID(parent.Int64),
			Token:     interp.Token(token.Int64),
			Pattern:   pattern.String,
		}
	}
	if redriven.Valid {
		e.Redriven = moment(redriven.Int64)
	}
	e.Logging = parseLogging(logging)
	e.Version, e.Alias = version.Int64, alias.String
	e.Error, e.Cause = pointer(failure), pointer(cause)
	return e, nil
}

// Execution implements ledger.Executions.
func (db *DB) Execution(ctx context.Context, arn string) (ledger.Execution, error) {
	e, err := scanWhole(db.queryRow(ctx, "select "+executionColumns+`, e.input, e.output
		from executions e join tallies t on t.id = e.tally where e.arn = ?`, arn))
	return e, db.none(err, "execution", arn)
}

// ExecutionByID implements ledger.Executions.
func (db *DB) ExecutionByID(ctx context.Context, id ledger.ExecutionID) (ledger.Execution, error) {
	e, err := scanWhole(db.queryRow(ctx, "select "+executionColumns+`, e.input, e.output
		from executions e join tallies t on t.id = e.tally where e.id = ?`, id))
	return e, db.none(err, "execution", fmt.Sprint(id))
}

// scanWhole reads executionColumns, input and output, and then more.
func scanWhole(r row, more ...any) (ledger.Execution, error) {
	var input, output sql.NullString
	e, err := scanExecution(r, append([]any{&input, &output}, more...)...)
	if err != nil {
		return ledger.Execution{}, err
	}
	e.Input, e.Output = raw(input), raw(output)
	return e, nil
}

// ListExecutions implements ledger.Executions.
func (db *DB) ListExecutions(ctx context.Context, q ledger.ExecutionQuery) ([]ledger.Execution, string, error) {
	index, where, args := chosen(q)
	if q.Page.Token != "" {
		var last int64
		if err := unmark(q.Page.Token, "executions", &last); err != nil {
			return nil, "", err
		}
		where += " and id < ?"
		args = append(args, last)
	}
	limit := pageLimit(q.Page.Limit)
	args = append(args, limit+1)
	// The inner query looks at an index only; rows are fetched for the page alone.
	query := "select " + executionColumns + ` from executions e join tallies t on t.id = e.tally
		where e.id in (select id from executions indexed by ` + index + ` where ` + where + ` order by id desc limit ?)
		order by e.id desc`
	var found []ledger.Execution
	err := db.query(ctx, query, args, func(r row) error {
		e, err := scanExecution(r)
		found = append(found, e)
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("list executions: %w", err)
	}
	found, next := cut(found, limit, "executions", func(x ledger.Execution) []any { return []any{x.ID} })
	return found, next, nil
}

// chosen is the condition of a query, its arguments, and the index that answers it.
func chosen(q ledger.ExecutionQuery) (index, where string, args []any) {
	index, where = "executions_by_age", "map_run is null"
	if q.MapRun != 0 {
		index, where, args = "executions_by_map_run", "map_run = ?", append(args, q.MapRun)
	}
	switch {
	case q.Status == ledger.PendingRedrive:
		where += " and pending = 1"
	case q.Status != "" && q.MapRun != 0:
		where, args = where+" and status = ? and pending = 0", append(args, q.Status)
	case q.Status != "":
		index = "executions_by_status"
		where, args = where+" and status = ?", append(args, q.Status)
	}
	if q.MachineARN != "" && q.MapRun == 0 {
		index = "executions_by_machine"
		where += " and tally = (select id from tallies where machine_arn = ?)"
		args = append(args, q.MachineARN)
	}
	if q.Version != 0 {
		index, where, args = "executions_by_version", where+" and version = ?", append(args, q.Version)
	}
	if q.Alias != "" {
		index, where, args = "executions_by_alias", where+" and alias = ?", append(args, q.Alias)
	}
	if q.Redriven != nil {
		where += " and (redrives > 0) = ?"
		args = append(args, *q.Redriven)
	}
	if q.Search != "" {
		where += ` and name like ? escape '\'`
		args = append(args, contains(q.Search))
	}
	return index, where, args
}

// CountExecutionsUpTo implements ledger.Executions.
func (db *DB) CountExecutionsUpTo(ctx context.Context, q ledger.ExecutionQuery, most int) (int, error) {
	index, where, args := chosen(q)
	var n int
	err := db.queryRow(ctx, "select count(*) from (select 1 from executions indexed by "+index+" where "+where+" limit ?)", append(args, most)...).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count executions: %w", db.explain(err))
	}
	return n, nil
}

// CountExecutions implements ledger.Executions.
func (db *DB) CountExecutions(ctx context.Context, machineARN string) (map[interp.Status]int64, error) {
	query := `select ifnull(sum(running), 0), ifnull(sum(succeeded), 0), ifnull(sum(failed), 0),
		ifnull(sum(timed_out), 0), ifnull(sum(aborted), 0) from tallies where `
	var args []any
	if machineARN != "" {
		query, args = query+"machine_arn = ?", []any{machineARN}
	} else {
		query += "labelled = 0" // children are told by their map run
	}
	var running, succeeded, failed, timedOut, aborted int64
	if err := db.queryRow(ctx, query, args...).Scan(&running, &succeeded, &failed, &timedOut, &aborted); err != nil {
		return nil, fmt.Errorf("count executions: %w", db.explain(err))
	}
	return map[interp.Status]int64{
		interp.Running: running, interp.Succeeded: succeeded, interp.Failed: failed,
		interp.TimedOut: timedOut, interp.Aborted: aborted,
	}, nil
}

// Definition implements ledger.Executions.
func (db *DB) Definition(ctx context.Context, id ledger.ExecutionID) (string, error) {
	var text string
	err := db.queryRow(ctx, "select d.text from executions e join definitions d on d.id = e.definition where e.id = ?", id).Scan(&text)
	return text, db.none(err, "execution", fmt.Sprint(id))
}

// Load implements ledger.Executions.
func (db *DB) Load(ctx context.Context, id ledger.ExecutionID) (ledger.Loaded, error) {
	l, err := db.load(ctx, id)
	if errors.Is(err, ledger.ErrClosed) {
		return ledger.Loaded{}, fmt.Errorf("execution %d: %w", id, err)
	}
	return l, db.none(err, "execution", fmt.Sprint(id))
}

// loadQuery reads all of an execution but its scopes, and whether it has any. The length
// of the history is known to the head.
const loadQuery = "select " + ownColumns + ", 0, " + waitingColumn + `, e.input, e.output, d.text, e.origin, h.revision, h.head, h.root,
	exists (select 1 from scopes where execution = e.id)
	from executions e join tallies t on t.id = e.tally join definitions d on d.id = e.definition
	left join heads h on h.execution = e.id where e.id = ?`

func (db *DB) load(ctx context.Context, id ledger.ExecutionID) (ledger.Loaded, error) {
	// Most executions that are read have no scopes but those in the first row.
	l, rows, more, err := scanLoaded(db.queryRow(ctx, loadQuery, id))
	if err == nil && more {
		l, rows, err = db.loadWide(ctx, id)
	}
	if err != nil {
		return ledger.Loaded{}, err
	}
	if l.Exec, err = interp.Restore(rows.head, rows.scopes); err != nil {
		return ledger.Loaded{}, fmt.Errorf("restore: %w", err)
	}
	l.Execution.Events = int64(l.Exec.Next.Event) - 1
	return l, nil
}

// execRows are the rows of an interp.Exec.
type execRows struct {
	head   []byte
	scopes map[interp.ScopeID][]byte
}

// scanLoaded reads what loadQuery gives, and says whether there are more scopes.
func scanLoaded(r row) (l ledger.Loaded, x execRows, more bool, err error) {
	var revision sql.NullInt64
	var origin, root []byte
	l.Execution, err = scanWhole(r, &l.Definition, &origin, &revision, &x.head, &root, &more)
	if err != nil {
		return l, x, false, err
	}
	if !revision.Valid {
		return l, x, false, ledger.ErrClosed
	}
	l.Revision = ledger.Revision(revision.Int64)
	x.scopes = map[interp.ScopeID][]byte{}
	if root != nil {
		x.scopes[interp.RootScope] = root
	}
	if origin != nil {
		x.scopes[interp.OriginScope] = origin
	}
	return l, x, more, nil
}

// loadWide reads an execution with its scopes in one transaction: head and scopes have to
// be of the same revision.
func (db *DB) loadWide(ctx context.Context, id ledger.ExecutionID) (l ledger.Loaded, x execRows, err error) {
	// Prepared first: preparing takes a connection, and so does the transaction.
	one, err := db.stmt(ctx, loadQuery)
	if err != nil {
		return l, x, err
	}
	all, err := db.stmt(ctx, "select scope, row from scopes where execution = ?")
	if err != nil {
		return l, x, err
	}
	tx, err := db.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return l, x, err
	}
	defer func() { _ = tx.Rollback() }() // it only read
	l, x, _, err = scanLoaded(tx.StmtContext(ctx, one).QueryRowContext(ctx, id))
	if err != nil {
		return l, x, err
	}
	rows, err := tx.StmtContext(ctx, all).QueryContext(ctx, id)
	if err != nil {
		return l, x, err
	}
	defer rows.Close()
	for rows.Next() {
		var scope interp.ScopeID
		var text []byte
		if err := rows.Scan(&scope, &text); err != nil {
			return l, x, err
		}
		x.scopes[scope] = text
	}
	return l, x, rows.Err()
}

// Continuing implements ledger.Executions.
func (db *DB) Continuing(ctx context.Context) ([]ledger.ExecutionID, error) {
	var ids []ledger.ExecutionID
	err := db.query(ctx, "select execution from heads where more = 1 order by execution", nil, func(r row) error {
		var id ledger.ExecutionID
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

// ClosedChildren implements ledger.Executions.
func (db *DB) ClosedChildren(ctx context.Context) ([]ledger.Execution, error) {
	var found []ledger.Execution
	err := db.query(ctx, "select "+executionColumns+`, e.input, e.output
		from children k join executions e on e.id = k.child join tallies t on t.id = e.tally
		where e.status <> 'RUNNING' order by e.id`, nil, func(r row) error {
		e, err := scanWhole(r)
		found = append(found, e)
		return err
	})
	return found, err
}

// History implements ledger.Executions.
func (db *DB) History(ctx context.Context, id ledger.ExecutionID, q ledger.HistoryQuery) ([]history.Event, error) {
	limit := bound(q.Limit)
	before := q.Before
	if before <= 0 {
		before = 1<<62 - 1
	}
	query := "select first, events from steps where execution = ? and last > ? and first < ? order by last"
	if q.Reverse {
		query += " desc"
	}
	var events []history.Event
	bytes := 0
	enough := errors.New("enough")
	err := db.query(ctx, query, []any{id, q.After, before}, func(r row) error {
		var first history.ID
		var text []byte
		if err := r.Scan(&first, &text); err != nil {
			return err
		}
		step, err := decodeEvents(first, text)
		if err != nil {
			return err
		}
		for i := range step {
			e := step[i]
			if q.Reverse {
				e = step[len(step)-1-i]
			}
			if e.ID <= q.After || e.ID >= before {
				continue
			}
			bytes += e.Size()
			if q.Bytes > 0 && bytes > q.Bytes && len(events) > 0 {
				return enough
			}
			if events = append(events, e); len(events) == limit {
				return enough
			}
		}
		return nil
	})
	if err != nil && !errors.Is(err, enough) {
		return nil, fmt.Errorf("read history of execution %d: %w", id, err)
	}
	if len(events) > 0 {
		return events, nil
	}
	var one int
	err = db.queryRow(ctx, "select 1 from executions where id = ?", id).Scan(&one)
	return nil, db.none(err, "execution", fmt.Sprint(id))
}
