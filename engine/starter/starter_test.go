package starter_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"statehouse/engine/asl"
	"statehouse/engine/starter"
	"statehouse/engine/value"
)

func TestEveryStarterIsSound(t *testing.T) {
	t.Parallel()
	list := starter.All()
	if len(list) < 7 {
		t.Fatalf("%d starters, want empty and six more", len(list))
	}
	for _, s := range list {
		t.Run(s.ID, func(t *testing.T) {
			t.Parallel()
			if s.Title == "" || s.Description == "" || s.Icon == "" {
				t.Errorf("title %q, description %q, icon %q: all are shown", s.Title, s.Description, s.Icon)
			}
			sound(t, s.Definition, s.Input)
			found, ok := starter.Find(s.ID)
			if !ok || found != s {
				t.Errorf("Find gives %v %v", found, ok)
			}
		})
	}
	if _, ok := starter.Find("nope"); ok {
		t.Error("Find gives a starter that is not there")
	}
}

func TestTheSampleIsSound(t *testing.T) {
	t.Parallel()
	s := starter.Sample()
	sound(t, s.Definition, s.Input)
	m, _ := asl.Parse(s.Definition)
	if s.Name != "Order-review" || m.Root.States["Manager approves"].Resource != "arn:aws:states:::human:createTask.sync" {
		t.Errorf("sample %q does not wait for a manager", s.Name)
	}
	for name, state := range m.Root.States {
		if strings.HasPrefix(state.Resource, "arn:aws:states:::http") {
			t.Errorf("%s needs a network", name)
		}
	}
}

// sound: the definition and the input are JSON, indented by two, and there is nothing to report.
func sound(t *testing.T, definition, input string) {
	t.Helper()
	if m, list := asl.Parse(definition); m == nil || len(list) > 0 {
		t.Errorf("diagnostics: %v", list)
	}
	if _, err := value.Parse(input); err != nil {
		t.Errorf("input: %v", err)
	}
	var long bytes.Buffer
	if err := json.Indent(&long, []byte(definition), "", "  "); err != nil {
		t.Error(err)
	}
	if words := strings.Fields(definition); strings.Join(words, "") != strings.Join(strings.Fields(long.String()), "") {
		t.Error("the definition changes when it is indented")
	}
	if strings.Contains(definition, "\t") || strings.Contains(definition, "\n   \"") {
		t.Error("the definition is not indented by two spaces")
	}
}
