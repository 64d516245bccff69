//go:build ignore

// Condense makes model.json from the service model (service-2.json) of AWS Step Functions: the operations with the
// errors that they name, and the shapes that their requests and answers are made of, without the descriptions.
//
//	go run condense.go service-2.json > model.json
package main

import (
	"bytes"
	"encoding/json"
	"log"
	"os"
)

type ref struct {
	Shape string `json:"shape"`
}

type shape struct {
	Type      string          `json:"type"`
	Required  []string        `json:"required,omitempty"`
	Members   json.RawMessage `json:"members,omitempty"` // in the order of the model
	Member    *ref            `json:"member,omitempty"`
	Key       *ref            `json:"key,omitempty"`
	Value     *ref            `json:"value,omitempty"`
	Min       *float64        `json:"min,omitempty"`
	Max       *float64        `json:"max,omitempty"`
	Pattern   string          `json:"pattern,omitempty"`
	Enum      []string        `json:"enum,omitempty"`
	Sensitive bool            `json:"sensitive,omitempty"`
}

type operation struct {
	Input  ref   `json:"input"`
	Output ref   `json:"output"`
	Errors []ref `json:"errors,omitempty"`
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: go run condense.go service-2.json > model.json")
	}
	text, err := os.ReadFile(os.Args[1])
	check(err)
	var m struct {
		Operations map[string]operation
		Shapes     map[string]shape
	}
	check(json.Unmarshal(text, &m))
	out := struct {
		Operations map[string]operation `json:"operations"`
		Shapes     map[string]shape     `json:"shapes"`
	}{m.Operations, map[string]shape{}}
	var keep func(name string)
	keep = func(name string) {
		s, ok := m.Shapes[name]
		if _, done := out.Shapes[name]; done || !ok {
			return
		}
		members, names := ordered(s.Members)
		s.Members = members
		out.Shapes[name] = s
		for _, n := range names {
			keep(n)
		}
		for _, r := range []*ref{s.Member, s.Key, s.Value} {
			if r != nil {
				keep(r.Shape)
			}
		}
	}
	for _, op := range m.Operations {
		keep(op.Input.Shape)
		keep(op.Output.Shape)
	}
	e := json.NewEncoder(os.Stdout)
	e.SetEscapeHTML(false)
	check(e.Encode(out))
}

// ordered keeps the names and shapes of members, as a list of pairs in their order.
func ordered(raw json.RawMessage) (json.RawMessage, []string) {
	if raw == nil {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	_, err := d.Token()
	check(err)
	var pairs [][2]string
	var names []string
	for d.More() {
		key, err := d.Token()
		check(err)
		var r ref
		check(d.Decode(&r))
		pairs = append(pairs, [2]string{key.(string), r.Shape})
		names = append(names, r.Shape)
	}
	out, err := json.Marshal(pairs)
	check(err)
	return out, names
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
