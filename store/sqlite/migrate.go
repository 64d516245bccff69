package sqlite

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
)

// application marks our files in SQLite's header ("SthL").
const application = 0x5374684c

//go:embed migrations/*.sql
var migrations embed.FS

// scripts are the migrations in order: script i leads to schema version i+1. Their files
// are numbered and never edited after a release.
func scripts() ([]string, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var texts []string
	for i, name := range names { // Glob sorts
		if want := fmt.Sprintf("migrations/%04d_", i+1); !strings.HasPrefix(name, want) {
			return nil, fmt.Errorf("migration %s should begin with %s", name, want)
		}
		text, err := migrations.ReadFile(name)
		if err != nil {
			return nil, err
		}
		texts = append(texts, string(text))
	}
	return texts, nil
}

// migrate brings the schema up to date, each script in a transaction of its own.
func migrate(c *conn, path string, texts []string) error {
	var version int64
	if err := c.row("pragma user_version", nil, &version); err != nil {
		return err
	}
	if version > int64(len(texts)) {
		return fmt.Errorf("%w: %s has schema %d, this release knows %d", ErrNewer, path, version, len(texts))
	}
	for i := int(version); i < len(texts); i++ {
		script := fmt.Sprintf("begin immediate;\n%s;\npragma application_id = %d;\npragma user_version = %d;\ncommit;",
			texts[i], application, i+1)
		if err := c.script(script); err != nil {
			if !c.c.AutoCommit() {
				_ = c.script("rollback")
			}
			return fmt.Errorf("migrate %s to schema %d: %w", path, i+1, err)
		}
	}
	return nil
}
