//go:build oracle

package oracle

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write jsonata-js's answers into "+pinnedFile)

// The answers in the file are those that jsonata-js gives today.
func TestPinnedAnswers(t *testing.T) {
	rows := readPinned(t)
	var expressions []string
	for _, p := range rows {
		expressions = append(expressions, p.Expr)
	}
	var text bytes.Buffer
	lines := json.NewEncoder(&text)
	lines.SetEscapeHTML(false)
	for i, theirs := range ask(t, expressions, true) {
		if theirs != rows[i].answer && !*update {
			t.Errorf("%s: %s, the file says %s", rows[i].Expr, show(theirs), show(rows[i].answer))
		}
		if err := lines.Encode(pinned{rows[i].Expr, theirs}); err != nil {
			t.Fatal(err)
		}
	}
	if *update {
		if err := os.WriteFile(pinnedFile, text.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
