package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"statehouse/engine/ledger"
)

// CreateAlias implements ledger.Aliases.
func (db *DB) CreateAlias(ctx context.Context, a ledger.Alias, limit int) error {
	err := db.write(ctx, func(c *conn) error {
		if err := c.changeable(a.MachineARN); err != nil {
			return err
		}
		var same, all int64
		if err := c.row("select ifnull(sum(name = ?), 0), count(*) from aliases where machine = ?", []any{a.Name, a.MachineARN}, &same, &all); err != nil {
			return err
		}
		switch {
		case same > 0:
			return refuse(ledger.ErrExists)
		case limit > 0 && all >= int64(limit):
			return refuse(fmt.Errorf("the machine has %d aliases: %w", all, ledger.ErrTooMany))
		}
		second, err := c.routes(a)
		if err != nil {
			return err
		}
		_, err = c.exec(`insert into aliases (machine, name, description, first, weight, second, created, updated)
			values (?, ?, ?, ?, ?, ?, ?, ?)`, a.MachineARN, a.Name, a.Description, a.Routes[0].Version, a.Routes[0].Weight, second,
			micros(a.Created), micros(a.Updated))
		return err
	})
	if err != nil {
		return fmt.Errorf("create alias %s: %w", a.ARN(), err)
	}
	return nil
}

// UpdateAlias implements ledger.Aliases.
func (db *DB) UpdateAlias(ctx context.Context, a ledger.Alias) error {
	err := db.write(ctx, func(c *conn) error {
		if err := c.changeable(a.MachineARN); err != nil {
			return err
		}
		second, err := c.routes(a)
		if err != nil {
			return err
		}
		n, err := c.exec("update aliases set description = ?, first = ?, weight = ?, second = ?, updated = ? where machine = ? and name = ?",
			a.Description, a.Routes[0].Version, a.Routes[0].Weight, second, micros(a.Updated), a.MachineARN, a.Name)
		if err == nil && n == 0 {
			err = refuse(ledger.ErrNotFound)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("update alias %s: %w", a.ARN(), err)
	}
	return nil
}

// routes refuses an alias whose versions are not there, and gives its second one, or nil.
// It only reads.
func (c *conn) routes(a ledger.Alias) (second any, err error) {
	if n := len(a.Routes); n < 1 || n > 2 {
		return nil, refuse(fmt.Errorf("an alias has one or two routes, not %d", n))
	}
	for i, r := range a.Routes {
		var one int64
		err := c.row("select 1 from versions where machine = ? and number = ?", []any{a.MachineARN, r.Version}, &one)
		if errors.Is(err, ledger.ErrNotFound) {
			return nil, refuse(fmt.Errorf("version %d: %w", r.Version, err))
		}
		if err != nil {
			return nil, err
		}
		if i == 1 {
			second = r.Version
		}
	}
	return second, nil
}

const aliasColumns = "machine, name, description, first, weight, second, created, updated from aliases"

func scanAlias(r row) (ledger.Alias, error) {
	var a ledger.Alias
	var first, weight, created, updated int64
	var second sql.NullInt64
	if err := r.Scan(&a.MachineARN, &a.Name, &a.Description, &first, &weight, &second, &created, &updated); err != nil {
		return ledger.Alias{}, err
	}
	a.Routes = []ledger.Route{{Version: first, Weight: weight}}
	if second.Valid {
		a.Routes = append(a.Routes, ledger.Route{Version: second.Int64, Weight: 100 - weight})
	}
	a.Created, a.Updated = moment(created), moment(updated)
	return a, nil
}

// Alias implements ledger.Aliases.
func (db *DB) Alias(ctx context.Context, machineARN, name string) (ledger.Alias, error) {
	a, err := scanAlias(db.queryRow(ctx, "select "+aliasColumns+" where machine = ? and name = ?", machineARN, name))
	return a, db.none(err, "alias", machineARN+":"+name)
}

// ListAliases implements ledger.Aliases.
func (db *DB) ListAliases(ctx context.Context, q ledger.AliasQuery) ([]ledger.Alias, string, error) {
	var last string
	if err := unmark(q.Page.Token, "aliases", &last); err != nil {
		return nil, "", err
	}
	limit := pageLimit(q.Page.Limit)
	query, args := "select "+aliasColumns+" where machine = ? and name > ?", []any{q.MachineARN, last}
	if q.Version != 0 {
		query, args = query+" and (first = ? or second = ?)", append(args, q.Version, q.Version)
	}
	var found []ledger.Alias
	err := db.query(ctx, query+" order by name limit ?", append(args, limit+1), func(r row) error {
		a, err := scanAlias(r)
		found = append(found, a)
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("list aliases: %w", err)
	}
	found, next := cut(found, limit, "aliases", func(x ledger.Alias) []any { return []any{x.Name} })
	return found, next, nil
}

// DeleteAlias implements ledger.Aliases.
func (db *DB) DeleteAlias(ctx context.Context, machineARN, name string) error {
	err := db.write(ctx, func(c *conn) error {
		n, err := c.exec("delete from aliases where machine = ? and name = ?", machineARN, name)
		if err == nil && n == 0 {
			err = refuse(ledger.ErrNotFound)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("delete alias %s:%s: %w", machineARN, name, err)
	}
	return nil
}
