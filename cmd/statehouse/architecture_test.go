package main

import (
	"bufio"
	"bytes"
	"os/exec"
	"strings"
	"testing"
)

// floors is the house as a table: a package may import packages of lower floors only
// (and packages named beside it, its own rooms). See ARCHITECTURE in each package's
// comment for why a room stands where it does.
var floors = map[string]int{
	"engine/clock": 0, "engine/value": 0, "engine/arn": 0, "engine/access": 0,
	"engine/object":  0,
	"engine/vault":   0,
	"engine/history": 1, "engine/jsonpath": 1, "engine/items": 1,
	"engine/logging": 2, "engine/logfile": 3,
	"engine/shape": 1, "engine/recorded": 0,
	"engine/intrinsic":       2,
	"engine/jsonata/picture": 1, "engine/jsonata/regex": 1, "engine/jsonata": 2, "engine/jsonata/oracle": 3, "engine/jsonata/complete": 3, "engine/convert": 5,
	"engine/payload": 3,
	"engine/asl":     4,
	"engine/interp":  5, "engine/layout": 5, "engine/starter": 5, "engine/exchange": 5,
	"engine/mock":   1,
	"engine/intake": 6, "engine/task": 6, "engine/ledger": 6,
	"engine/feed": 7, "engine/teststate": 7, "engine/sim": 7,
	"engine/scenario":      8,
	"engine/task/activity": 7, "engine/task/human": 7, "engine/task/httpcall": 7, "engine/task/execution": 7,
	"engine/runner": 8, "engine/maprun": 8, "engine/inbox": 8, "engine/courier": 8, "engine/keyring": 8, "engine/meter": 8, "engine/throttle": 0, "engine/bus": 8, "engine/trace": 0, "engine/spans": 8,
	"engine":       9,
	"store/sqlite": 10, "store/storetest": 10,
	"static": 10, "templates/ui": 10, "templates/layout": 11, "templates/form": 11, "templates/pages": 12,
	"handlers/awsapi": 13, "handlers/pages": 13, "handlers/live": 13,
	"handlers":       14,
	"cmd/statehouse": 15,
}

// strangers are pairs of top-level folders that never meet, whatever their floors.
var strangers = map[string][]string{
	"engine":    {"store", "handlers", "templates", "static", "cmd"},
	"store":     {"handlers", "templates", "static", "cmd"},
	"templates": {"store", "handlers", "cmd"},
	"handlers":  {"store", "cmd"},
	"static":    {"engine", "store", "handlers", "templates", "cmd"},
}

// core may reach neither the world nor other programs.
var core = []string{"engine/value", "engine/jsonpath", "engine/intrinsic", "engine/payload", "engine/asl", "engine/history", "engine/interp"}

func TestImportsPointDown(t *testing.T) {
	t.Parallel()
	for pkg, imports := range list(t, "{{.ImportPath}} {{join .Imports \" \"}}", "statehouse/...") {
		floor, known := floors[pkg]
		if !known && top(pkg) != "e2e" {
			t.Errorf("%s has no floor: add it to the table", pkg)
		}
		for _, i := range imports {
			below, ours := strings.CutPrefix(i, "statehouse/")
			if !ours {
				continue
			}
			if floors[below] >= floor {
				t.Errorf("%s (floor %d) imports %s (floor %d): arrows point down", pkg, floor, below, floors[below])
			}
			for _, s := range strangers[top(pkg)] {
				if top(below) == s {
					t.Errorf("%s imports %s: %s and %s never meet", pkg, below, top(pkg), s)
				}
			}
		}
	}
	for pkg := range floors {
		if len(list(t, "{{.ImportPath}} x", "statehouse/"+pkg)) == 0 {
			t.Errorf("the table names %s, which is not there", pkg)
		}
	}
}

func TestTheCoreReachesNothing(t *testing.T) {
	t.Parallel()
	forbidden := map[string]bool{"os/exec": true, "net": true, "net/http": true, "database/sql": true, "os/signal": true}
	for _, pkg := range core {
		for _, deps := range list(t, "{{.ImportPath}} {{join .Deps \" \"}}", "statehouse/"+pkg) {
			for _, d := range deps {
				if forbidden[d] {
					t.Errorf("%s depends on %s", pkg, d)
				}
			}
		}
	}
}

func top(pkg string) string { t, _, _ := strings.Cut(pkg, "/"); return t }

// list asks go list and answers, by package below the module, the words of its line.
func list(t *testing.T, format, pattern string) map[string][]string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-f", format, pattern)
	cmd.Dir = "../.."
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	packages := map[string][]string{}
	for s := bufio.NewScanner(bytes.NewReader(out)); s.Scan(); {
		words := strings.Fields(s.Text())
		packages[strings.TrimPrefix(words[0], "statehouse/")] = words[1:]
	}
	return packages
}
