package convert

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"statehouse/engine/asl"
	"statehouse/engine/jsonata"
)

// ErrNotSound answers a text that is no sound definition; what is wrong with it the
// diagnostics of asl.Parse say.
var ErrNotSound = errors.New("the definition has faults; they come first")

// Machine converts a whole definition. When every state can be converted the definition
// itself changes its QueryLanguage; else it stays in JSONPath, and the converted states name theirs.
func Machine(text string) (Result, error) {
	m, problems := asl.Parse(text)
	if m == nil || faulty(problems) {
		return Result{}, ErrNotSound
	}
	w := &walk{text: text, variables: map[string]bool{}}
	root := parse(text)
	w.assigned(root)
	w.block(root, m.Root, "")
	r := Result{Notes: w.notes}
	whole := r.Whole()
	if m.Language == asl.JSONata {
		return Result{Text: text}, nil
	}
	w.edits, w.notes = nil, nil
	w.whole = whole
	w.block(root, m.Root, "")
	if whole {
		w.edits = append(w.edits, declare(text, root)...)
	}
	r.Text = splice(text, 0, len(text), w.edits)
	return r, nil
}

// State converts one state, the object by itself. States inside of it stay as they are.
func State(text string) (Result, error) {
	m, problems := asl.ParseState(text)
	if m == nil || faulty(problems) || m.Root.States[asl.Lone] == nil {
		return Result{}, ErrNotSound
	}
	w := &walk{text: text, variables: map[string]bool{}}
	n := parse(text)
	w.assigned(n)
	w.state(n, m.Root.States[asl.Lone], "")
	return Result{Text: splice(text, 0, len(text), w.edits), Notes: w.notes}, nil
}

func faulty(problems []asl.Diagnostic) bool {
	return slices.ContainsFunc(problems, func(d asl.Diagnostic) bool { return d.Severity == asl.Error })
}

// walk goes through the states of a definition.
type walk struct {
	text      string
	whole     bool            // the definition becomes JSONata as a whole
	variables map[string]bool // that some state assigns
	edits     []edit
	notes     []Note
}

// assigned gathers the names of variables: one that is called as a function of JSONata would
// hide it.
func (w *walk) assigned(n *node) {
	for i := range n.members {
		m := &n.members[i]
		if m.key == "Assign" {
			for j := range m.val.members {
				w.variables[strings.TrimSuffix(m.val.members[j].key, ".$")] = true
			}
		}
		w.assigned(m.val)
	}
	for _, item := range n.items {
		w.assigned(item)
	}
}

func (w *walk) block(n *node, b *asl.Block, pointer string) {
	states := n.get("States")
	for i := range states.members {
		m := &states.members[i]
		s := b.States[m.key]
		if s == nil {
			continue
		}
		at := pointer + "/States/" + escape(m.key)
		w.state(m.val, s, at)
		for _, field := range []string{"ItemProcessor", "Iterator"} {
			if inner := m.val.get(field); inner != nil {
				w.block(inner, s.Processor, at+"/"+field)
			}
		}
		if branches := m.val.get("Branches"); branches != nil {
			for k, branch := range branches.items {
				w.block(branch, s.Branches[k], fmt.Sprintf("%s/Branches/%d", at, k))
			}
		}
	}
}

func escape(key string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(key) }

// state converts one state, or leaves it when it cannot be.
func (w *walk) state(n *node, s *asl.State, pointer string) {
	if s.Language == asl.JSONata {
		if w.whole && n.get("QueryLanguage") != nil {
			ch := &change{drop: map[string]bool{"QueryLanguage": true}}
			w.edits = append(w.edits, ch.apply(w.text, n)...)
		}
		return
	}
	c := &converter{text: w.text, pointer: pointer}
	edits := c.state(n, s, w.whole)
	if hidden := w.hidden(edits); len(hidden) > 0 {
		c.notes = append(c.notes, Note{pointer, "the variable $" + hidden[0] + " hides the function of that name, which the converted state needs", true})
	}
	w.notes = append(w.notes, c.notes...)
	if !(Result{Notes: c.notes}).Whole() {
		return
	}
	w.edits = append(w.edits, edits...)
}

// hidden are the functions of JSONata that new texts call and variables hide.
func (w *walk) hidden(edits []edit) []string {
	var names []string
	for name := range w.variables {
		if !builtin[name] {
			continue
		}
		for _, e := range edits {
			if strings.Contains(e.text, "$"+name+"(") {
				names = append(names, name)
				break
			}
		}
	}
	slices.Sort(names)
	return names
}

var builtin = func() map[string]bool {
	names := map[string]bool{}
	for _, f := range jsonata.Functions() {
		names[f.Name] = true
	}
	return names
}()

// declare makes a definition's QueryLanguage JSONata.
func declare(text string, root *node) []edit {
	const language = `"QueryLanguage": "JSONata"`
	ch := &change{put: map[string]string{}}
	if root.get("QueryLanguage") != nil {
		ch.put["QueryLanguage"] = language
		return ch.apply(text, root)
	}
	first := &root.members[0]
	if first.key == "Comment" {
		ch.after, ch.add = "Comment", []string{language}
		return ch.apply(text, root)
	}
	return []edit{{first.start, first.start, language + "," + lead(text, first)}}
}
