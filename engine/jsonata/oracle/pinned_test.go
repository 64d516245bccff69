package oracle

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"
)

const pinnedFile = "testdata/pinned.jsonl"

// pinned is an expression on which we once differed from jsonata-js, with its answer.
type pinned struct {
	Expr string `json:"expr"`
	answer
}

func readPinned(t *testing.T) (all []pinned) {
	t.Helper()
	f, err := os.Open(pinnedFile)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var p pinned
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

// The answers come from jsonata-js: a new row needs its expression only, and TestPinnedAnswers
// with -update, which needs Node, writes the rest.
func TestPinned(t *testing.T) {
	t.Parallel()
	for _, p := range readPinned(t) {
		if ours := evaluate(t, p.Expr); !agree(ours, p.answer) {
			t.Errorf("%s\n\tours:   %s\n\ttheirs: %s", p.Expr, show(ours), show(p.answer))
		}
	}
}
