package asl_test

import (
	"fmt"
	"testing"

	"statehouse/engine/asl"
)

// unsound says what an interpreter would stumble over in a machine that has no errors.
func unsound(b *asl.Block) error {
	if b.States[b.StartAt] == nil || len(b.Order) != len(b.States) {
		return fmt.Errorf("block %q has no start %q or a wrong order", b.Path, b.StartAt)
	}
	for _, name := range b.Order {
		s := b.States[name]
		if err := unsoundState(b, s); err != nil {
			return fmt.Errorf("state %q: %w", name, err)
		}
		for _, inner := range s.Blocks() {
			if err := unsound(inner); err != nil {
				return err
			}
		}
	}
	return nil
}

func unsoundState(b *asl.Block, s *asl.State) error {
	for _, p := range []*asl.Selector{s.InputPath, s.OutputPath, s.ResultPath, s.ItemsPath} {
		if p != nil && !p.Null && p.Path == nil {
			return fmt.Errorf("path %q leads nowhere", p.Text)
		}
	}
	for _, n := range []*asl.Number{s.TimeoutSeconds, s.HeartbeatSeconds, s.Seconds, s.MaxConcurrency, s.ToleratedFailureCount, s.ToleratedFailurePercentage} {
		if n != nil && n.Path == nil && n.Query == nil && n.Literal.IsAbsent() {
			return fmt.Errorf("%s has no value", n.Field)
		}
	}
	targets := []string{s.Default, s.Next}
	for _, c := range s.Catch {
		targets = append(targets, c.Next)
		if len(c.ErrorEquals) == 0 {
			return fmt.Errorf("a catcher names no error")
		}
	}
	for _, r := range s.Choices {
		targets = append(targets, r.Next)
		if s.Language == asl.JSONata {
			continue
		}
		if err := unsoundTest(r.Test); err != nil {
			return err
		}
	}
	for _, to := range targets {
		if to != "" && b.States[to] == nil {
			return fmt.Errorf("target %q is not there", to)
		}
	}
	return complete(s)
}

// complete tells whether a state has what its type cannot do without.
func complete(s *asl.State) error {
	missing := map[asl.Type]bool{
		asl.Map:      s.Processor == nil || s.Language == asl.JSONPath && s.ItemsPath == nil,
		asl.Parallel: len(s.Branches) == 0,
		asl.Choice:   len(s.Choices) == 0,
		asl.Wait:     s.Seconds == nil && s.Timestamp == nil,
	}
	switch s.Type {
	case asl.Task, asl.Pass, asl.Wait, asl.Parallel, asl.Map:
		if s.End == (s.Next != "") {
			return fmt.Errorf("next %q, end %v", s.Next, s.End)
		}
	case asl.Choice, asl.Succeed, asl.Fail:
	default:
		return fmt.Errorf("type %q", s.Type)
	}
	if missing[s.Type] {
		return fmt.Errorf("a %s lacks its parts", s.Type)
	}
	return nil
}

func unsoundTest(t asl.Test) error {
	if t.Op == asl.Compare {
		if t.Variable == nil || t.Comparator == "" || t.Value.IsAbsent() == (t.ValuePath == nil) {
			return fmt.Errorf("comparison %+v", t)
		}
		return nil
	}
	if len(t.Tests) == 0 {
		return fmt.Errorf("nothing in a combination")
	}
	for _, inner := range t.Tests {
		if err := unsoundTest(inner); err != nil {
			return err
		}
	}
	return nil
}

// Whatever parses can be walked: the interpreter checks nothing again.
func TestMachinesAreSound(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"aws_accepted.jsonl", "workflows.jsonl", "lint.jsonl"} {
		for _, s := range samples(t, file) {
			if m, _ := asl.Parse(s.source()); m != nil {
				if err := unsound(m.Root); err != nil {
					t.Errorf("%s: %v", s.ID, err)
				}
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(order)
	f.Add(`{"StartAt":"\ud83d\ude00","States":{"\ud83d\ude00":{"Type":"Wait","Seconds":"${n}","Next":"${x}"},"${x}":{"Type":"Succeed","InputPath":"${p}"}}}`)
	f.Add(`{"StartAt":"A","QueryLanguage":"JSONata","States":{"A":{"Type":"Map","Items":"{% [1] %}","ItemProcessor":{"StartAt":"B","States":{"B":{"Type":"Fail"}}},"End":true}}}`)
	f.Fuzz(func(t *testing.T, text string) {
		m, list := asl.Parse(text)
		if (m == nil) != asl.HasErrors(list) {
			t.Errorf("machine %v with %v", m, list)
		}
		if m == nil {
			return
		}
		if err := unsound(m.Root); err != nil {
			t.Error(err)
		}
	})
}
