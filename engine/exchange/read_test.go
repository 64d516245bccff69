package exchange_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"statehouse/engine/asl"
	"statehouse/engine/exchange"
)

var update = flag.Bool("update", false, "write what is found into testdata")

// result is the file of an archive that says what is found in the others.
const result = "found"

// Each archive in testdata has files, and what is found in them. What is found is filled with
// the suggested values, and must be a definition then.
func TestRead(t *testing.T) {
	t.Parallel()
	archives, err := filepath.Glob("testdata/read/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal(err, archives)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var files []exchange.File
			want := ""
			for _, f := range a.Files {
				if f.Name == result {
					want = string(f.Data)
					continue
				}
				files = append(files, exchange.File{Name: f.Name, Data: f.Data})
			}
			found, err := exchange.Read(files, here)
			got := told(found, err)
			for _, m := range found.Machines {
				sounds(t, m)
			}
			if *update {
				a.Files = a.Files[:len(files)]
				a.Files = append(a.Files, txtar.File{Name: result, Data: []byte(got)})
				if err := os.WriteFile(name, txtar.Format(a), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		})
	}
}

// sounds fills a machine as a person would who agrees with everything.
func sounds(t *testing.T, m exchange.Machine) {
	t.Helper()
	values := map[string]string{}
	for _, p := range m.Placeholders {
		switch {
		case p.HasDefault:
		case p.Suggestion != "":
			values[p.Name] = p.Suggestion
		case p.Kind == exchange.Number:
			values[p.Name] = "7"
		case p.Kind == exchange.ARN:
			values[p.Name] = "arn:aws:lambda:eu-west-1:123456789012:function:f"
		default:
			values[p.Name] = `a "value"`
		}
	}
	full, err := exchange.Fill(m, values)
	if err != nil {
		t.Errorf("%s: %v", m.ID, err)
		return
	}
	for _, p := range full.Placeholders {
		if i := slices.IndexFunc(m.Placeholders, func(q exchange.Placeholder) bool { return q.Name == p.Name }); i < 0 || m.Placeholders[i].Default != "${"+p.Name+"}" {
			t.Errorf("%s: still open: %v", m.ID, p)
		}
	}
	if list := asl.Validate(full.Definition, m.Type); asl.HasErrors(list) || len(list) > len(full.Placeholders) {
		t.Errorf("%s: %v\n%s", m.ID, list, full.Definition)
	}
}

// told is an Import for people.
func told(found exchange.Import, err error) string {
	var b strings.Builder
	if err != nil {
		fmt.Fprintf(&b, "error: %v\n", err)
	}
	for _, m := range found.Machines {
		fmt.Fprintf(&b, "machine %s: %s %s, %s at %s\n", m.ID, m.Type, m.Name, m.Format, m.Place)
		for _, line := range []struct{ name, text string }{{"role", m.Role}, {"logging", m.Logging}, {"tracing", m.Tracing}, {"encryption", m.Encryption}} {
			if line.text != "" {
				fmt.Fprintf(&b, "  %s: %s\n", line.name, line.text)
			}
		}
		for _, tag := range m.Tags {
			fmt.Fprintf(&b, "  tag %s=%s\n", tag.Key, tag.Value)
		}
		if m.Version {
			fmt.Fprintf(&b, "  version %q\n", m.VersionDescription)
		}
		for _, a := range m.Aliases {
			fmt.Fprintf(&b, "  alias %s %q\n", a.Name, a.Description)
		}
		for _, p := range m.Placeholders {
			fmt.Fprintf(&b, "  ${%s}: %s, %s", p.Name, p.Kind, p.About)
			if p.HasDefault {
				fmt.Fprintf(&b, ", default %q", p.Default)
			}
			if p.Suggestion != "" {
				fmt.Fprintf(&b, ", perhaps %s", p.Suggestion)
			}
			for _, u := range p.Uses {
				fmt.Fprintf(&b, ", in %s", u)
			}
			b.WriteByte('\n')
		}
		b.WriteString(m.Definition + "\n")
	}
	for _, a := range found.Activities {
		fmt.Fprintf(&b, "activity %s: %s %v\n", a.ID, a.Name, a.Tags)
	}
	for _, n := range found.Notes {
		fmt.Fprintf(&b, "note %s\n", n)
	}
	for _, w := range found.Wanted {
		fmt.Fprintf(&b, "wanted %s\n", w)
	}
	return b.String()
}
