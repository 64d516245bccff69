package sqlite

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"statehouse/engine/ledger"
)

// CreateMachine implements ledger.Machines.
func (db *DB) CreateMachine(ctx context.Context, m ledger.Machine, w ledger.With) (version int64, err error) {
	err = db.write(ctx, func(c *conn) error {
		var deleting int64
		err := c.row("select deleting from machines where arn = ? or name = ?", []any{m.ARN, m.Name}, &deleting)
		switch {
		case err == nil && deleting == 1:
			return refuse(fmt.Errorf("it is being deleted: %w", ledger.ErrConflict))
		case err == nil:
			return refuse(ledger.ErrExists)
		case !errors.Is(err, ledger.ErrNotFound):
			return err
		}
		definition, err := keepDefinition(c, sha256.Sum256([]byte(m.Definition)), m.Definition)
		if err != nil {
			return err
		}
		if _, err = c.exec(`insert into machines (arn, name, type, definition, role_arn, revision_id, logging, tracing,
			encryption, created, updated) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			m.ARN, m.Name, m.Type, definition, m.RoleARN, m.RevisionID, m.Logging, m.Tracing,
			m.Encryption, micros(m.Created), micros(m.Updated)); err != nil {
			return err
		}
		if err := setTags(c, m.ARN, w.Tags); err != nil || w.Publish == nil {
			return err
		}
		version, err = publish(c, m.ARN, *w.Publish)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("create machine %s: %w", m.ARN, err)
	}
	return version, nil
}

// UpdateMachine implements ledger.Machines.
func (db *DB) UpdateMachine(ctx context.Context, m ledger.Machine, w ledger.With) (version int64, err error) {
	err = db.write(ctx, func(c *conn) error {
		if err := c.changeable(m.ARN); err != nil {
			return err
		}
		if w.Publish != nil {
			if err := c.publishable(m.ARN, m.RevisionID, *w.Publish); err != nil {
				return err
			}
		}
		definition, err := keepDefinition(c, sha256.Sum256([]byte(m.Definition)), m.Definition)
		if err != nil {
			return err
		}
		if _, err = c.exec(`update machines set definition = ?, role_arn = ?, revision_id = ?, logging = ?, tracing = ?,
			encryption = ?, updated = ? where arn = ?`,
			definition, m.RoleARN, m.RevisionID, m.Logging, m.Tracing, m.Encryption, micros(m.Updated), m.ARN); err != nil {
			return err
		}
		if w.Publish != nil {
			version, err = publish(c, m.ARN, *w.Publish)
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("update machine %s: %w", m.ARN, err)
	}
	return version, nil
}

// changeable refuses a machine that is not there, or not for long.
func (c *conn) changeable(arn string) error {
	var deleting int64
	err := c.row("select deleting from machines where arn = ?", []any{arn}, &deleting)
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		return refuse(err)
	case err != nil:
		return err
	case deleting == 1:
		return refuse(fmt.Errorf("it is being deleted: %w", ledger.ErrConflict))
	}
	return nil
}

// DeleteMachine implements ledger.Machines.
func (db *DB) DeleteMachine(ctx context.Context, arn string) error {
	err := db.write(ctx, func(c *conn) error {
		n, err := c.exec("update machines set deleting = 1 where arn = ?", arn)
		if err != nil {
			return err
		}
		if n == 0 {
			return refuse(ledger.ErrNotFound)
		}
		_, err = c.exec(`delete from machines where arn = ?
			and not exists (select 1 from tallies where machine_arn = arn and running > 0)`, arn)
		return err
	})
	if err != nil {
		return fmt.Errorf("delete machine %s: %w", arn, err)
	}
	return nil
}

// DeletingMachines implements ledger.Machines.
func (db *DB) DeletingMachines(ctx context.Context) ([]string, error) {
	var list []string
	err := db.query(ctx, "select arn from machines where deleting = 1", nil, func(r row) error {
		var arn string
		err := r.Scan(&arn)
		list = append(list, arn)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list machines that are being deleted: %w", err)
	}
	return list, nil
}

const machineColumns = `m.arn, m.name, m.type, d.text, m.role_arn, m.revision_id, m.logging, m.tracing, m.encryption,
	m.deleting, m.created, m.updated from machines m join definitions d on d.id = m.definition`

func scanMachine(r row) (ledger.Machine, error) {
	var m ledger.Machine
	var created, updated int64
	if err := r.Scan(&m.ARN, &m.Name, &m.Type, &m.Definition, &m.RoleARN, &m.RevisionID, &m.Logging, &m.Tracing,
		&m.Encryption, &m.Deleting, &created, &updated); err != nil {
		return ledger.Machine{}, err
	}
	m.Created, m.Updated = moment(created), moment(updated)
	return m, nil
}

// Machine implements ledger.Machines.
func (db *DB) Machine(ctx context.Context, arn string) (ledger.Machine, error) {
	m, err := scanMachine(db.queryRow(ctx, "select "+machineColumns+" where m.arn = ?", arn))
	return m, db.none(err, "machine", arn)
}

// ListMachines implements ledger.Machines.
func (db *DB) ListMachines(ctx context.Context, q ledger.MachineQuery) ([]ledger.Machine, string, error) {
	var last string
	if err := unmark(q.Page.Token, "machines", &last); err != nil {
		return nil, "", err
	}
	limit := pageLimit(q.Page.Limit)
	var found []ledger.Machine
	err := db.query(ctx, "select "+machineColumns+` where (m.name collate nocase, m.name) > (?, ?)
		and m.name like ? escape '\' order by m.name collate nocase, m.name limit ?`,
		[]any{last, last, contains(q.Search), limit + 1}, func(r row) error {
			m, err := scanMachine(r)
			found = append(found, m)
			return err
		})
	if err != nil {
		return nil, "", fmt.Errorf("list machines: %w", err)
	}
	found, next := cut(found, limit, "machines", func(x ledger.Machine) []any { return []any{x.Name} })
	return found, next, nil
}

// SaveDraft implements ledger.Drafts.
func (db *DB) SaveDraft(ctx context.Context, d ledger.Draft, base int64) (int64, error) {
	now := db.clock()
	if d.Created.IsZero() {
		d.Created = now
	}
	if d.Updated.IsZero() {
		d.Updated = now
	}
	err := db.write(ctx, func(c *conn) error {
		if base == 0 {
			n, err := c.exec(`insert into drafts (name, text, input, type, revision, created, updated) values (?, ?, ?, ?, 1, ?, ?)
				on conflict do nothing`, d.Name, d.Text, d.Input, d.Type, micros(d.Created), micros(d.Updated))
			if err == nil && n == 0 {
				err = refuse(ledger.ErrExists)
			}
			return err
		}
		n, err := c.exec(`update drafts set text = ?1, input = ?2, type = iif(?3 = '', type, ?3), revision = revision + 1, updated = ?4
			where name = ?5 and revision = ?6`, d.Text, d.Input, d.Type, micros(d.Updated), d.Name, base)
		if err == nil && n == 0 {
			err = refuse(ledger.ErrStale)
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("save draft %s: %w", d.Name, err)
	}
	return base + 1, nil
}

func scanDraft(r row) (ledger.Draft, error) {
	var d ledger.Draft
	var created, updated int64
	if err := r.Scan(&d.Name, &d.Text, &d.Input, &d.Type, &d.Revision, &created, &updated); err != nil {
		return ledger.Draft{}, err
	}
	d.Created, d.Updated = moment(created), moment(updated)
	return d, nil
}

// Draft implements ledger.Drafts.
func (db *DB) Draft(ctx context.Context, name string) (ledger.Draft, error) {
	d, err := scanDraft(db.queryRow(ctx, "select name, text, input, type, revision, created, updated from drafts where name = ?", name))
	return d, db.none(err, "draft", name)
}

// DeleteDraft implements ledger.Drafts.
func (db *DB) DeleteDraft(ctx context.Context, name string) error {
	err := db.write(ctx, func(c *conn) error {
		n, err := c.exec("delete from drafts where name = ?", name)
		if err == nil && n == 0 {
			err = refuse(ledger.ErrNotFound)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("delete draft %s: %w", name, err)
	}
	return nil
}
