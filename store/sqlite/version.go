package sqlite

import (
	"context"
	"errors"
	"fmt"
	"math"

	"statehouse/engine/ledger"
)

// PublishVersion implements ledger.Versions.
func (db *DB) PublishVersion(ctx context.Context, arn string, p ledger.Publish) (ledger.Machine, error) {
	var number int64
	err := db.write(ctx, func(c *conn) error {
		if err := c.changeable(arn); err != nil {
			return err
		}
		var revision string
		if err := c.row("select revision_id from machines where arn = ?", []any{arn}, &revision); err != nil {
			return err
		}
		if p.Revision != nil && *p.Revision != revision {
			return refuse(fmt.Errorf("it is at revision %q: %w", revision, ledger.ErrStale))
		}
		if err := c.publishable(arn, revision, p); err != nil {
			return err
		}
		var err error
		number, err = publish(c, arn, p)
		return err
	})
	if err != nil {
		return ledger.Machine{}, fmt.Errorf("publish machine %s: %w", arn, err)
	}
	return db.Version(ctx, arn, number)
}

// publishable refuses a version when there are too many. It only reads.
func (c *conn) publishable(arn, revision string, p ledger.Publish) error {
	if p.Limit == 0 {
		return nil
	}
	var others, same int64
	if err := c.row("select count(*), ifnull(sum(revision_id = ?), 0) from versions where machine = ?", []any{revision, arn}, &others, &same); err != nil {
		return err
	}
	if same == 0 && others >= int64(p.Limit) {
		return refuse(fmt.Errorf("it has %d versions: %w", others, ledger.ErrTooMany))
	}
	return nil
}

// publish makes the machine as it is now a version, unless its revision is one.
func publish(c *conn, arn string, p ledger.Publish) (int64, error) {
	var number int64
	err := c.row("select v.number from versions v join machines m on m.arn = v.machine and m.revision_id = v.revision_id where v.machine = ?",
		[]any{arn}, &number)
	if !errors.Is(err, ledger.ErrNotFound) {
		return number, err
	}
	if _, err := c.exec("update machines set versions = versions + 1 where arn = ?", arn); err != nil {
		return 0, err
	}
	if _, err := c.exec(`insert into versions (machine, number, description, definition, role_arn, revision_id, logging, tracing,
		encryption, updated, created) select arn, versions, ?, definition, role_arn, revision_id, logging, tracing,
		encryption, updated, ? from machines where arn = ?`, p.Description, micros(p.At), arn); err != nil {
		return 0, err
	}
	err = c.row("select versions from machines where arn = ?", []any{arn}, &number)
	return number, err
}

const versionColumns = `m.arn, m.name, m.type, %s, v.role_arn, v.revision_id, v.logging, v.tracing, v.encryption,
	m.deleting, v.created, v.updated, v.number, v.description from versions v join machines m on m.arn = v.machine`

var (
	wholeVersion = fmt.Sprintf(versionColumns, "d.text") + " join definitions d on d.id = v.definition"
	listVersion  = fmt.Sprintf(versionColumns, "''")
)

func scanVersion(r row) (ledger.Machine, error) {
	var m ledger.Machine
	var created, updated int64
	if err := r.Scan(&m.ARN, &m.Name, &m.Type, &m.Definition, &m.RoleARN, &m.RevisionID, &m.Logging, &m.Tracing,
		&m.Encryption, &m.Deleting, &created, &updated, &m.Version, &m.Description); err != nil {
		return ledger.Machine{}, err
	}
	m.Created, m.Updated = moment(created), moment(updated)
	return m, nil
}

// Version implements ledger.Versions.
func (db *DB) Version(ctx context.Context, arn string, number int64) (ledger.Machine, error) {
	m, err := scanVersion(db.queryRow(ctx, "select "+wholeVersion+" where v.machine = ? and v.number = ?", arn, number))
	return m, db.none(err, "version", fmt.Sprintf("%s:%d", arn, number))
}

// ListVersions implements ledger.Versions.
func (db *DB) ListVersions(ctx context.Context, q ledger.VersionQuery) ([]ledger.Machine, string, error) {
	var last int64 = math.MaxInt64
	if err := unmark(q.Page.Token, "versions", &last); err != nil {
		return nil, "", err
	}
	limit := pageLimit(q.Page.Limit)
	var found []ledger.Machine
	err := db.query(ctx, "select "+listVersion+" where v.machine = ? and v.number < ? order by v.number desc limit ?",
		[]any{q.MachineARN, last, limit + 1}, func(r row) error {
			m, err := scanVersion(r)
			found = append(found, m)
			return err
		})
	if err != nil {
		return nil, "", fmt.Errorf("list versions: %w", err)
	}
	found, next := cut(found, limit, "versions", func(x ledger.Machine) []any { return []any{x.Version} })
	return found, next, nil
}

// DeleteVersion implements ledger.Versions.
func (db *DB) DeleteVersion(ctx context.Context, arn string, number int64) error {
	err := db.write(ctx, func(c *conn) error {
		var one int64
		err := c.row("select 1 from aliases where machine = ?1 and (first = ?2 or second = ?2)", []any{arn, number}, &one)
		if err == nil {
			return refuse(fmt.Errorf("an alias leads to it: %w", ledger.ErrConflict))
		}
		if !errors.Is(err, ledger.ErrNotFound) {
			return err
		}
		n, err := c.exec("delete from versions where machine = ? and number = ?", arn, number)
		if err == nil && n == 0 {
			err = refuse(ledger.ErrNotFound)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("delete version %s:%d: %w", arn, number, err)
	}
	return nil
}
