package sqlite

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"statehouse/engine/ledger"
)

// beginItems is the first write of some children of a map run.
type beginItems struct {
	ctx      context.Context
	g        ledger.ItemGroup
	children []*create
	size     int
}

// BeginItems implements ledger.MapRuns.
func (db *DB) BeginItems(ctx context.Context, g ledger.ItemGroup) ([]ledger.ExecutionID, error) {
	w := &beginItems{ctx: ctx, g: g, size: 1024}
	hashes := map[string][32]byte{} // children share one definition
	for _, n := range g.Children {
		s, err := newStep(n.Exec, n.Out, n.Settled, n.Started, n.Timers, db.clock())
		if err != nil {
			return nil, err
		}
		s.logged, s.forget = n.Logged, n.Forget
		hash, ok := hashes[n.Definition]
		if !ok {
			hash = sha256.Sum256([]byte(n.Definition))
			hashes[n.Definition] = hash
		}
		child := &create{ctx: ctx, e: n.Execution, definition: n.Definition, hash: hash, step: s}
		w.children = append(w.children, child)
		w.size += child.bytes()
	}
	if err := db.do(ctx, w); err != nil {
		return nil, fmt.Errorf("begin items of map run %d: %w", g.Run, err)
	}
	ids := make([]ledger.ExecutionID, len(w.children))
	for i, child := range w.children {
		ids[i] = child.id
	}
	return ids, nil
}

func (w *beginItems) bytes() int { return w.size }

func (w *beginItems) apply(c *conn) error {
	if err := w.ctx.Err(); err != nil {
		return refuse(err)
	}
	n, err := c.exec("update map_runs set taken = ?, exhausted = ? where id = ? and taken = ? and exhausted = 0 and status = 'RUNNING'",
		w.g.Taken, w.g.Exhausted, w.g.Run, w.g.Base)
	if err != nil {
		return err
	}
	if n == 0 {
		return w.why(c)
	}
	for _, child := range w.children {
		m, err := c.labelled(child.e.MachineARN, child.e.MachineName)
		if err != nil {
			return err
		}
		if err := child.insert(c, m); err != nil {
			return err
		}
	}
	return nil
}

// why tells why the run was not where the caller thought.
func (w *beginItems) why(c *conn) error {
	var status string
	err := c.row("select status from map_runs where id = ?", []any{w.g.Run}, &status)
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		return refuse(err)
	case err != nil:
		return err
	case status != string(ledger.MapRunRunning):
		return refuse(ledger.ErrClosed)
	}
	return refuse(ledger.ErrStale)
}

// labelled finds the tally of the machine that children have in their names, or makes it.
func (c *conn) labelled(arn, name string) (known, error) {
	if m, ok := c.memo.machines[arn]; ok {
		return m, nil
	}
	var m known
	err := c.row("select id from tallies where machine_arn = ?", []any{arn}, &m.tally)
	if errors.Is(err, ledger.ErrNotFound) {
		m.tally, err = c.insert("insert into tallies (machine_arn, machine_name, labelled) values (?, ?, 1)", arn, name)
	}
	if err != nil {
		return known{}, err
	}
	c.remember(arn, m)
	return m, nil
}

// MapResults implements ledger.MapRuns.
func (db *DB) MapResults(ctx context.Context, id ledger.MapRunID, after ledger.ExecutionID, limit, bytes int) ([]ledger.Execution, error) {
	var found []ledger.Execution
	size, enough := 0, errors.New("enough")
	err := db.query(ctx, "select "+ownColumns+`, 0, 0, e.input, e.output
		from executions e indexed by executions_by_map_run join tallies t on t.id = e.tally
		where e.map_run = ? and e.id > ? order by e.id limit ?`, []any{id, after, bound(limit)}, func(r row) error {
		x, err := scanWhole(r)
		if err != nil {
			return err
		}
		found = append(found, x)
		if size += x.Input.Size() + x.Output.Size(); bytes > 0 && size > bytes {
			return enough
		}
		return nil
	})
	if err != nil && !errors.Is(err, enough) {
		return nil, fmt.Errorf("read results of map run %d: %w", id, err)
	}
	return found, nil
}

// PendingItems implements ledger.MapRuns.
func (db *DB) PendingItems(ctx context.Context, id ledger.MapRunID, limit int) ([]ledger.ExecutionID, error) {
	ids, err := db.children(ctx, "map_run = ? and pending = 1 order by id limit ?", id, bound(limit))
	if err != nil {
		return nil, fmt.Errorf("read pending items of map run %d: %w", id, err)
	}
	return ids, nil
}

// RestartItem implements ledger.MapRuns.
func (db *DB) RestartItem(ctx context.Context, n ledger.New) error {
	s, err := newStep(n.Exec, n.Out, n.Settled, n.Started, n.Timers, db.clock())
	if err != nil {
		return err
	}
	s.logged, s.forget = n.Logged, n.Forget
	w := &redrive{ctx: ctx, id: n.Execution.ID, step: s, at: db.clock(), restart: true}
	if err := db.do(ctx, w); err != nil {
		return fmt.Errorf("restart execution %d: %w", n.Execution.ID, err)
	}
	return nil
}

// RunningItems implements ledger.MapRuns.
func (db *DB) RunningItems(ctx context.Context, id ledger.MapRunID, after ledger.ExecutionID, limit int) ([]ledger.ExecutionID, error) {
	ids, err := db.children(ctx, "map_run = ? and id > ? and status = 'RUNNING' order by id limit ?", id, after, bound(limit))
	if err != nil {
		return nil, fmt.Errorf("read running items of map run %d: %w", id, err)
	}
	return ids, nil
}

// children lists executions of a map run, by the rest of a query of their rows.
func (db *DB) children(ctx context.Context, where string, args ...any) ([]ledger.ExecutionID, error) {
	var ids []ledger.ExecutionID
	err := db.query(ctx, "select id from executions indexed by executions_by_map_run where "+where, args, func(r row) error {
		var child ledger.ExecutionID
		err := r.Scan(&child)
		ids = append(ids, child)
		return err
	})
	return ids, err
}
