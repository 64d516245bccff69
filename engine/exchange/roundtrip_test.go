package exchange_test

import (
	"bufio"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"statehouse/engine/arn"
	"statehouse/engine/exchange"
	"statehouse/engine/value"
)

var placeholder = regexp.MustCompile(`\$\{[A-Za-z][A-Za-z0-9_.:-]*\}`)

// here is a server that reads and writes.
var here = exchange.Known{Names: arn.Names{Account: "123456789012", Region: "eu-west-1"}}

// definition is one of the recorded ones.
type definition struct{ id, text string }

// definitions are workflows of public samples and what AWS accepted in recordings.
func definitions(t testing.TB) []definition {
	t.Helper()
	var list []definition
	for _, name := range []string{"workflows.jsonl", "aws_accepted.jsonl"} {
		f, err := os.Open("../asl/testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close() //nolint:errcheck // only read
		in := bufio.NewScanner(f)
		in.Buffer(nil, 4<<20)
		for in.Scan() {
			var s struct {
				ID, Text   string
				Definition json.RawMessage
			}
			if err := json.Unmarshal(in.Bytes(), &s); err != nil {
				t.Fatal(err)
			}
			if s.Definition != nil {
				s.Text = string(s.Definition)
			}
			list = append(list, definition{s.ID, s.Text})
		}
	}
	if len(list) < 500 {
		t.Fatalf("%d definitions", len(list))
	}
	return list
}

// compact is a definition without white space; order and digits stay.
func compact(t testing.TB, text string) string {
	t.Helper()
	v, err := value.Parse(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return v.JSON()
}

// What is written in any format is read back as it was.
func TestReadsWhatItWrites(t *testing.T) {
	t.Parallel()
	all := definitions(t)
	for _, f := range exchange.Formats() {
		t.Run(string(f), func(t *testing.T) {
			t.Parallel()
			for _, d := range all {
				back(t, exchange.Machine{Name: "Order-review", Type: "STANDARD", Definition: d.text}, f, d.id)
			}
			t.Logf("%d definitions", len(all))
		})
	}
}

// back writes a machine, reads it, and compares the definition.
func back(t testing.TB, m exchange.Machine, f exchange.Format, id string) exchange.Machine {
	t.Helper()
	text, err := exchange.Write(m, f)
	if err != nil {
		t.Errorf("%s: %v", id, err)
		return m
	}
	found, err := exchange.Read([]exchange.File{{Name: "file" + f.Ending(), Data: text}}, here)
	if err != nil || len(found.Machines) != 1 {
		t.Errorf("%s: %d machines, %v %v\n%s", id, len(found.Machines), err, found.Notes, text)
		return m
	}
	got := found.Machines[0]
	want := compact(t, m.Definition)
	if f == exchange.Terraform { // names of variables have no dots and colons
		want = placeholder.ReplaceAllStringFunc(want, func(name string) string {
			return strings.NewReplacer(".", "_", ":", "_").Replace(name)
		})
	}
	if compact(t, got.Definition) != want {
		t.Errorf("%s: read\n%s\nwritten\n%s\nfile\n%s", id, compact(t, got.Definition), want, text)
	}
	return got
}
