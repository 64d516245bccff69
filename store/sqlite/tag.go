package sqlite

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"statehouse/engine/ledger"
)

// resource finds what can have tags.
const resource = "select 1 from machines where arn = ?1 union all select 1 from activities where arn = ?1"

func (c *conn) resource(arn string) error {
	var one int64
	err := c.row(resource, []any{arn}, &one)
	if errors.Is(err, ledger.ErrNotFound) {
		return refuse(err)
	}
	return err
}

// SetTags implements ledger.Tags.
func (db *DB) SetTags(ctx context.Context, arn string, tags []ledger.Tag, limit int) error {
	err := db.write(ctx, func(c *conn) error {
		if err := c.resource(arn); err != nil {
			return err
		}
		if err := c.room(arn, tags, limit); err != nil {
			return err
		}
		return setTags(c, arn, tags)
	})
	if err != nil {
		return fmt.Errorf("tag %s: %w", arn, err)
	}
	return nil
}

// room refuses tags that would be too many. It only reads.
func (c *conn) room(arn string, tags []ledger.Tag, limit int) error {
	var have int64
	if err := c.row("select count(*) from tags where resource = ?", []any{arn}, &have); err != nil {
		return err
	}
	var fresh []string
	for _, t := range tags {
		var one int64
		err := c.row("select 1 from tags where resource = ? and key = ?", []any{arn, t.Key}, &one)
		switch {
		case errors.Is(err, ledger.ErrNotFound) && !slices.Contains(fresh, t.Key):
			fresh = append(fresh, t.Key)
		case err != nil && !errors.Is(err, ledger.ErrNotFound):
			return err
		}
	}
	if limit > 0 && int(have)+len(fresh) > limit {
		return refuse(fmt.Errorf("it would have %d tags: %w", int(have)+len(fresh), ledger.ErrTooMany))
	}
	return nil
}

func setTags(c *conn, arn string, tags []ledger.Tag) error {
	for _, t := range tags {
		if _, err := c.exec(`insert into tags (resource, key, value) values (?, ?, ?)
			on conflict do update set value = excluded.value`, arn, t.Key, t.Value); err != nil {
			return err
		}
	}
	return nil
}

// DropTags implements ledger.Tags.
func (db *DB) DropTags(ctx context.Context, arn string, keys []string) error {
	err := db.write(ctx, func(c *conn) error {
		if err := c.resource(arn); err != nil {
			return err
		}
		for _, k := range keys {
			if _, err := c.exec("delete from tags where resource = ? and key = ?", arn, k); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("untag %s: %w", arn, err)
	}
	return nil
}

// TagsOf implements ledger.Tags.
func (db *DB) TagsOf(ctx context.Context, arn string) ([]ledger.Tag, error) {
	var one int
	if err := db.none(db.queryRow(ctx, resource, arn).Scan(&one), "resource", arn); err != nil {
		return nil, err
	}
	var found []ledger.Tag
	err := db.query(ctx, "select key, value from tags where resource = ? order by id", []any{arn}, func(r row) error {
		var t ledger.Tag
		err := r.Scan(&t.Key, &t.Value)
		found = append(found, t)
		return err
	})
	return found, err
}
