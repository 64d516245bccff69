package exchange_test

import (
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"statehouse/engine/exchange"
	"statehouse/engine/value"
)

// FuzzRead reads anything: it ends, and what it finds is JSON that goes out and comes back.
func FuzzRead(f *testing.F) {
	archives, err := filepath.Glob("testdata/read/*.txtar")
	if err != nil || len(archives) == 0 {
		f.Fatal(err, archives)
	}
	for _, name := range archives {
		a, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range a.Files[:len(a.Files)-1] {
			f.Add(filepath.Ext(file.Name), file.Data)
		}
	}
	flow := []byte(`{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"${F}","End":true}}}`)
	f.Fuzz(func(t *testing.T, ending string, data []byte) {
		found, err := exchange.Read([]exchange.File{{Name: "file" + ending, Data: data}, {Name: "flows/order.asl.json", Data: flow}}, here)
		if err != nil {
			return
		}
		for _, m := range found.Machines {
			if m.Name == "" || m.ID == "" {
				t.Errorf("a machine without a name: %+v", m)
			}
			values := map[string]string{}
			for _, p := range m.Placeholders {
				values[p.Name] = "0"
			}
			full, err := exchange.Fill(m, values)
			if err != nil {
				t.Errorf("%s: %v", m.ID, err)
			}
			doc, err := value.Parse(full.Definition)
			if err != nil || doc.Kind() != value.KindObject || doc.Get("StartAt").IsAbsent() || doc.Get("States").IsAbsent() {
				continue // may have placeholders in placeholders
			}
			format := exchange.Formats()[len(data)%len(exchange.Formats())]
			back(t, exchange.Machine{Name: "m", Definition: full.Definition}, format, string(format))
		}
	})
}
