package asl_test

import (
	"fmt"
	"strings"
	"testing"

	"statehouse/engine/asl"
)

// chain is a definition with n states in a row.
func chain(n int) string {
	var b strings.Builder
	b.WriteString(`{"StartAt":"S0","States":{`)
	for i := range n {
		fmt.Fprintf(&b, `"S%d":{"Type":"Pass","Next":"S%d"},`, i, i+1)
	}
	fmt.Fprintf(&b, `"S%d":{"Type":"Succeed"}}}`, n)
	return b.String()
}

func TestALargeDefinitionParses(t *testing.T) {
	t.Parallel()
	m := parsed(t, chain(20_000))
	if len(m.Root.Order) != 20_001 {
		t.Errorf("%d states", len(m.Root.Order))
	}
}

func TestLimitsOfText(t *testing.T) {
	t.Parallel()
	long := `{"Comment":"` + strings.Repeat("c", 1<<20) + `","StartAt":"A","States":{"A":{"Type":"Succeed"}}}`
	deep := `{"StartAt":"A","States":{"A":{"Type":"Pass","End":true,"Result":` + strings.Repeat("[", 2000) + strings.Repeat("]", 2000) + `}}}`
	for word, text := range map[string]string{"1 MiB": long, "deeper than 1000": deep, "valid JSON object": " \n", "line 2": "{\n]"} {
		if message := asl.MessageOf(asl.Validate(text, "STANDARD")); !strings.Contains(message, word) {
			t.Errorf("%q does not name %q", message, word)
		}
	}
}

func TestColumnsOfLongLines(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 127, 128, 129, 500, 5000} {
		text := `{"Comment":"` + strings.Repeat("é😀", n) + `","Foo":1,"StartAt":"A","States":{"A":{"Type":"Succeed"}}}`
		d := asl.Validate(text, "STANDARD")[0]
		if want := len(`{"Comment":"","`) + 3*n; d.Field != "Foo" || d.Pos.Column != want || d.Pos.Line != 1 {
			t.Errorf("%d: %+v, want column %d", n, d, want)
		}
	}
}
