package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"statehouse/engine/access"
	"statehouse/engine/ledger"
)

// CreateAccessKey implements ledger.AccessKeys.
func (db *DB) CreateAccessKey(ctx context.Context, k ledger.AccessKey, limit int) error {
	roles := make([]string, len(k.Roles))
	for i, r := range k.Roles {
		roles[i] = string(r)
	}
	err := db.write(ctx, func(c *conn) error {
		var n int64
		if err := c.row("select count(*) from access_keys where id = ?", []any{k.ID}, &n); err != nil {
			return err
		}
		if n > 0 {
			return refuse(ledger.ErrExists)
		}
		if err := c.row("select count(*) from access_keys where revoked is null", nil, &n); err != nil {
			return err
		}
		if limit > 0 && int(n) >= limit {
			return refuse(ledger.ErrTooMany)
		}
		_, err := c.exec("insert into access_keys (id, name, roles, sealed, created) values (?, ?, ?, ?, ?)",
			k.ID, k.Name, strings.Join(roles, " "), k.Sealed, micros(k.Created))
		return err
	})
	if err != nil {
		return fmt.Errorf("create access key %s: %w", k.ID, err)
	}
	return nil
}

const accessKeyColumns = "id, name, roles, sealed, created, used, revoked from access_keys"

func scanAccessKey(r row) (ledger.AccessKey, error) {
	var k ledger.AccessKey
	var roles string
	var created int64
	var used, revoked sql.NullInt64
	if err := r.Scan(&k.ID, &k.Name, &roles, &k.Sealed, &created, &used, &revoked); err != nil {
		return ledger.AccessKey{}, err
	}
	for r := range strings.FieldsSeq(roles) {
		k.Roles = append(k.Roles, access.Role(r))
	}
	k.Created = moment(created)
	if used.Valid {
		k.LastUsed = moment(used.Int64)
	}
	if revoked.Valid {
		k.Revoked = moment(revoked.Int64)
	}
	return k, nil
}

// AccessKey implements ledger.AccessKeys.
func (db *DB) AccessKey(ctx context.Context, id string) (ledger.AccessKey, error) {
	k, err := scanAccessKey(db.queryRow(ctx, "select "+accessKeyColumns+" where id = ?", id))
	return k, db.none(err, "access key", id)
}

// ListAccessKeys implements ledger.AccessKeys.
func (db *DB) ListAccessKeys(ctx context.Context) ([]ledger.AccessKey, error) {
	var all []ledger.AccessKey
	err := db.query(ctx, "select "+accessKeyColumns+" order by created desc, id", nil, func(r row) error {
		k, err := scanAccessKey(r)
		all = append(all, k)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list access keys: %w", err)
	}
	return all, nil
}

// RevokeAccessKey implements ledger.AccessKeys.
func (db *DB) RevokeAccessKey(ctx context.Context, id string, at time.Time) error {
	err := db.write(ctx, func(c *conn) error {
		var one int64
		err := c.row("select 1 from access_keys where id = ?", []any{id}, &one)
		if errors.Is(err, ledger.ErrNotFound) {
			return refuse(err)
		}
		if err != nil {
			return err
		}
		_, err = c.exec("update access_keys set sealed = null, revoked = ? where id = ? and revoked is null", micros(at), id)
		return err
	})
	if err != nil {
		return fmt.Errorf("revoke access key %s: %w", id, err)
	}
	return nil
}

// UseAccessKeys implements ledger.AccessKeys.
func (db *DB) UseAccessKeys(ctx context.Context, used map[string]time.Time) error {
	err := db.write(ctx, func(c *conn) error {
		for id, at := range used {
			if _, err := c.exec("update access_keys set used = ?1 where id = ?2 and ifnull(used, 0) < ?1", micros(at), id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("note the use of access keys: %w", err)
	}
	return nil
}
