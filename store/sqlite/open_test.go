package sqlite

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"statehouse/engine/ledger"
)

func open(t *testing.T, dir string) (*DB, error) {
	t.Helper()
	return Open(t.Context(), Config{Dir: dir, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
}

func TestASecondProcessIsRefused(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "made", "on the way ?#%")
	db, err := open(t, dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, dir); !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), dir) {
		t.Errorf("the second opener got %v, want ErrLocked and the folder", err)
	}
	if err := db.Ready(t.Context()); err != nil {
		t.Errorf("the first one: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := open(t, dir)
	if err != nil {
		t.Fatalf("after the first one closed: %v", err)
	}
	if err := errors.Join(again.Close(), again.Close()); err != nil {
		t.Errorf("closing twice: %v", err)
	}
	if err := again.Ready(t.Context()); err == nil {
		t.Error("a closed store is ready")
	}
	if err := again.DeleteDraft(t.Context(), "x"); !errors.Is(err, ledger.ErrUnavailable) {
		t.Errorf("a write after Close answered %v, want ErrUnavailable", err)
	}
}

func TestDurabilityIsAsserted(t *testing.T) {
	t.Parallel()
	db := openAt(t, t.TempDir(), nil)
	defer db.Close()
	for name, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"} { // 2 is full
		var got string
		err := db.write(t.Context(), func(c *conn) (err error) {
			got, err = c.pragma(name)
			return err
		})
		if err != nil || got != want {
			t.Errorf("%s is %q, want %q (%v)", name, got, want, err)
		}
	}

	// A connection that would lose commits with the power is not used.
	for _, weak := range [][]string{
		{"_journal_mode", "WAL", "_foreign_keys", "on", "_synchronous", "NORMAL"},
		{"_journal_mode", "MEMORY", "_foreign_keys", "on", "_synchronous", "FULL"},
		{"_journal_mode", "WAL", "_foreign_keys", "off", "_synchronous", "FULL"},
	} {
		c, err := newConn(db.dsn(filepath.Join(t.TempDir(), "weak.db"), "rwc", weak...))
		if err != nil {
			t.Fatal(err)
		}
		if err := assertDurable(c); !errors.Is(err, ledger.ErrUnavailable) {
			t.Errorf("%v passed: %v", weak, err)
		}
		c.close()
	}
}

func TestAnEmptyFolderGetsTheNewestSchema(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	// What a crash while the file was being made leaves behind.
	if err := os.WriteFile(filepath.Join(dir, fileName+".new"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	db := openAt(t, dir, nil)
	defer db.Close()
	texts, err := scripts()
	if err != nil {
		t.Fatal(err)
	}
	var version int
	if err := db.queryRow(t.Context(), "pragma user_version").Scan(&version); err != nil || version != len(texts) {
		t.Errorf("schema %d (%v), want %d", version, err, len(texts))
	}
	var verdict string
	if err := db.queryRow(t.Context(), "pragma integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("integrity: %q, %v", verdict, err)
	}
	info, err := os.Stat(filepath.Join(dir, fileName))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file's mode is %v (%v), want 0600", info.Mode(), err)
	}
}

func TestAFailingMigrationLeavesTheSchemaAsItWas(t *testing.T) {
	t.Parallel()
	db := openAt(t, t.TempDir(), nil)
	texts, err := scripts()
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	c, err := newConn(db.dsn(db.path, "rw"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	good := append(texts, "create table extra (a integer) strict; insert into extra values (1)")
	bad := append(good, "create table more (a integer) strict; insert into nowhere values (1)")
	if err := migrate(c, db.path, bad); err == nil {
		t.Fatal("a broken migration passed")
	}
	var n int64
	if err := c.row("pragma user_version", nil, &n); err != nil || n != int64(len(good)) {
		t.Errorf("schema %d (%v), want %d", n, err, len(good))
	}
	if err := c.row("select count(*) from extra", nil, &n); err != nil || n != 1 {
		t.Errorf("the good migration is gone: %d, %v", n, err)
	}
	if err := c.row("select count(*) from sqlite_schema where name = 'more'", nil, &n); err != nil || n != 0 {
		t.Errorf("the broken migration left its table: %d, %v", n, err)
	}
}

func TestAFileThatMakesNoSenseIsRefusedAndKept(t *testing.T) {
	t.Parallel()
	whole := func(t *testing.T, dir string) string {
		db := openAt(t, dir, nil)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		return db.path
	}
	change := func(t *testing.T, path, script string) {
		c, err := newConn("file:" + path)
		if err != nil {
			t.Fatal(err)
		}
		defer c.close()
		if err := c.script(script); err != nil {
			t.Fatal(err)
		}
	}
	write := func(t *testing.T, path string, text []byte) {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name  string
		spoil func(t *testing.T, dir string)
		want  error
	}{
		{"empty", func(t *testing.T, dir string) { write(t, filepath.Join(dir, fileName), nil) }, ErrCorrupt},
		{"text", func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, fileName), []byte(strings.Repeat("no database ", 1000)))
		}, ErrCorrupt},
		{"cut in half", func(t *testing.T, dir string) {
			path := whole(t, dir)
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Truncate(path, info.Size()/2); err != nil {
				t.Fatal(err)
			}
		}, ErrCorrupt},
		{"its pages overwritten", func(t *testing.T, dir string) {
			path := whole(t, dir)
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for i := 100; i < len(text); i++ {
				text[i] = 0xa5
			}
			write(t, path, text)
		}, ErrCorrupt},
		{"missing beside its log", func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, fileName+"-wal"), []byte("log"))
		}, ErrCorrupt},
		{"of another program", func(t *testing.T, dir string) {
			change(t, filepath.Join(dir, fileName), "create table theirs (a); pragma user_version = 1")
		}, ErrCorrupt},
		{"without a schema", func(t *testing.T, dir string) {
			change(t, filepath.Join(dir, fileName), "create table theirs (a)")
		}, ErrCorrupt},
		{"newer", func(t *testing.T, dir string) { change(t, whole(t, dir), "pragma user_version = 9999") }, ErrNewer},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			c.spoil(t, dir)
			path := filepath.Join(dir, fileName)
			before, _ := os.ReadFile(path)
			db, err := open(t, dir)
			if err == nil {
				db.Close()
			}
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), path) {
				t.Fatalf("Open answered %v, want %v and the file's name", err, c.want)
			}
			after, _ := os.ReadFile(path)
			if string(before) != string(after) {
				t.Error("the file was changed")
			}
		})
	}
}
