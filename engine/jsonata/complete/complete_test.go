package complete

import (
	"slices"
	"strings"
	"testing"

	"statehouse/engine/jsonata"
	"statehouse/engine/value"
)

var scope = Scope{
	States: value.Raw(`{"input":{"items":[{"sku":"a","qty":1},{"gift":true}],"odd key":{"x":1},"name":"Ann"},"context":{"State":{"Name":"S"}}}`),
	Variables: map[string]value.Value{
		"total": value.Int(5), "unknown": {},
	},
}

func TestEveryFunctionIsExplained(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, f := range jsonata.Functions() {
		names[f.Name] = true
		u := usages[f.Name]
		if u.help == "" || !strings.HasPrefix(u.call, "$"+f.Name+"(") || !strings.HasSuffix(u.help, ".") {
			t.Errorf("$%s has no usage or help", f.Name)
		}
	}
	for name := range usages {
		if !names[name] {
			t.Errorf("there is no $%s", name)
		}
	}
}

func TestComplete(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string // the cursor is at |
		from int
		want []string // the first candidates
	}{
		{"$states.|", 8, []string{"input", "context"}},
		{"{% $states.input.| %}", 17, []string{"items", "`odd key`", "name"}},
		{"$states.input.items.|", 20, []string{"sku", "qty", "gift"}},
		{"$states.input.items[0].q|", 23, []string{"qty"}},
		{"$states.input.items[q|", 20, []string{"qty"}},
		{"$sum($states.input.items.(q|", 26, []string{"qty"}},
		{"$states.input.`odd key`.|", 24, []string{"x"}},
		{"1 + $to|", 4, []string{"$total", "$toMillis("}},
		{"$tr|", 0, []string{"$trim("}},
		{"'$states.|", 9, nil},
		{"/* $|", 4, nil},
		{"'é😀' & $tot|", 8, []string{"$total"}},
		{"$states.missing.|", 16, nil},
	} {
		before, after, _ := strings.Cut(c.text, "|")
		from, list := scope.Complete(t.Context(), before+after, units(before))
		var got []string
		for _, candidate := range list {
			got = append(got, candidate.Text)
		}
		if from != c.from || len(got) < len(c.want) || !slices.Equal(got[:len(c.want)], c.want) || c.want == nil && got != nil {
			t.Errorf("%s: from %d %q, want %d %q", c.text, from, got, c.from, c.want)
		}
	}
}
