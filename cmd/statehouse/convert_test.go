package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestConvert(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "order.asl.json")
	for _, c := range []struct {
		name, text string
		args       []string
		status     int
		out, err   string
	}{
		{"a machine", `{"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"id.$": "$.order.id"}, "End": true}}}`, nil, 0, `"QueryLanguage": "JSONata"`, ""},
		{"one state", `{"Type": "Wait", "SecondsPath": "$.s", "End": true}`, []string{"--state"}, 0, `$states.input.s`, ""},
		{"something that stays", `{"StartAt":"A","States":{"A":{"Type":"Pass","InputPath":"$..x","End":true}}}`, nil, 1, `$..x`, "kept: /States/A"},
		{"no definition", `{"StartAt":"A"}`, nil, 1, "", "mend it first"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			var out, errs bytes.Buffer
			status := run(t.Context(), append(append([]string{"convert"}, c.args...), file), &out, &errs)
			if status != c.status || !strings.Contains(out.String(), c.out) || !strings.Contains(errs.String(), c.err) {
				t.Errorf("status %d, want %d\n%s\n%s", status, c.status, out.String(), errs.String())
			}
		})
	}
}
