package sqlite

import (
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"math"
	"strings"
	"time"

	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

// micros is how times are kept.
func micros(t time.Time) int64 { return t.UnixMicro() }

// microsUp rounds up, so that nothing is due too early.
func microsUp(t time.Time) int64 {
	n := t.UnixMicro()
	if t.Nanosecond()%1000 != 0 {
		n++
	}
	return n
}

// orNull keeps the zero time as null.
func orNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return micros(t)
}

// unlessZero keeps the zero value as null.
func unlessZero[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

func moment(n int64) time.Time { return time.UnixMicro(n).UTC() }

// text keeps Absent as null.
func text(v value.Value) any {
	if v.IsAbsent() {
		return nil
	}
	return v.JSON()
}

// blob keeps nil as null.
func blob(b []byte) any {
	if b == nil {
		return nil
	}
	return b
}

func raw(s sql.NullString) value.Value {
	if !s.Valid {
		return value.Value{}
	}
	return value.Raw(s.String)
}

func optional(s *string) any {
	if s == nil {
		return nil
	}
	return *s
}

func pointer(s sql.NullString) *string {
	if !s.Valid {
		return nil
	}
	return &s.String
}

// list keeps strings as a JSON array.
func list(s []string) string {
	if len(s) == 0 {
		return "[]"
	}
	text, _ := json.Marshal(s) // strings always can
	return string(text)
}

// contains makes a LIKE pattern (escape '\') from what somebody typed.
func contains(search string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(search) + "%"
}

// Bounds of a page.
const (
	pageDefault = 100
	pageMost    = 1000
)

func pageLimit(n int) int {
	if n <= 0 {
		return pageDefault
	}
	return min(n, pageMost)
}

// bound is a limit of a listing that is not shown to people.
func bound(n int) int {
	if n <= 0 {
		return pageMost
	}
	return min(n, math.MaxInt32)
}

// mark makes a page token: the sort key of the last row shown, and which list it is of.
func mark(list string, keys ...any) string {
	text, _ := json.Marshal(append([]any{list}, keys...)) // strings and numbers always can
	return base64.RawURLEncoding.EncodeToString(text)
}

// cut ends a page that was read with one row more than limit: it answers the rows to show, and
// the token that leads to the others, "" when there are none. keys are the sort key of a row.
func cut[T any](found []T, limit int, list string, keys func(T) []any) ([]T, string) {
	if len(found) <= limit {
		return found, ""
	}
	found = found[:limit]
	return found, mark(list, keys(found[limit-1])...)
}

// unmark reads a page token into keys (*string, *int64), which stay as they are without one.
func unmark(token, list string, keys ...any) error {
	if token == "" {
		return nil
	}
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return ledger.ErrBadToken
	}
	var parts []json.RawMessage
	if err := json.Unmarshal(text, &parts); err != nil || len(parts) != len(keys)+1 {
		return ledger.ErrBadToken
	}
	var got string
	if err := json.Unmarshal(parts[0], &got); err != nil || got != list {
		return ledger.ErrBadToken
	}
	for i, key := range keys {
		if err := json.Unmarshal(parts[i+1], key); err != nil {
			return ledger.ErrBadToken
		}
	}
	return nil
}
