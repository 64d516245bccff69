package engine

import (
	"strings"

	"statehouse/engine/asl"
	"statehouse/engine/task"
	"statehouse/engine/value"
)

// Validate judges a definition as creation does: as AWS does, and by what only this server has an
// opinion about.
func (e *Engine) Validate(text, machineType string) []asl.Diagnostic {
	machineType = or(machineType, Standard)
	return e.ours(text, asl.Judge(text, machineType))
}

// Problems lists what is to be known about a draft, in which placeholders may still stand.
func (e *Engine) Problems(text, machineType string) []asl.Diagnostic {
	machineType = or(machineType, Standard)
	return e.ours(text, asl.Validate(text, machineType))
}

// ours adds what only this server has an opinion about.
func (e *Engine) ours(text string, diagnostics []asl.Diagnostic) []asl.Diagnostic {
	if strings.Contains(text, ":human:") {
		diagnostics = append(diagnostics, humanTokens(text)...)
	}
	return append(diagnostics, e.sizeWarning(text)...)
}

// humanTokens refuses task tokens in the parameters of human tasks. Only people answer
// those, in the inbox; a token in the parameters would be in the history for everybody.
func humanTokens(text string) []asl.Diagnostic {
	m, _ := asl.Parse(text)
	if m == nil {
		return nil
	}
	doc, err := value.Parse(text)
	if err != nil {
		return nil
	}
	var found []asl.Diagnostic
	eachTask(m.Root, func(s *asl.State) {
		if task.ParseResource(s.Resource).Service != "human" {
			return
		}
		state := at(doc, s.Pointer)
		for _, field := range []string{"Parameters", "Arguments"} {
			if !mentionsToken(state.Get(field)) {
				continue
			}
			found = append(found, asl.Diagnostic{
				Severity: asl.Error, Code: "SCHEMA_VALIDATION_FAILED",
				Message:  "A human task must not be given the task token ($$.Task): it is answered in the inbox only",
				Location: s.Pointer + "/" + field, Pointer: s.Pointer + "/" + field, Pos: s.Pos, End: s.Pos, State: s.Name, Field: field,
			})
		}
	})
	return found
}

func eachTask(b *asl.Block, do func(*asl.State)) {
	for _, name := range b.Order {
		s := b.States[name]
		if s.Type == asl.Task {
			do(s)
		}
		for _, inner := range s.Blocks() {
			eachTask(inner, do)
		}
	}
}

// mentionsToken finds a path to the token, or to the whole context object that holds it.
func mentionsToken(v value.Value) bool {
	switch v.Kind() {
	case value.KindString:
		text := strings.ReplaceAll(v.Text(), " ", "")
		return strings.Contains(text, "$$.Task") || strings.Contains(text, "$$[") || strings.Contains(text, "$$..") ||
			strings.Contains(text, "$$.*") || text == "$$" || strings.Contains(text, "$$,") || strings.Contains(text, "$$)") ||
			strings.Contains(text, "$states.context.Task") || strings.Contains(text, "$states.context}") || strings.Contains(text, "$states.context%")
	case value.KindArray:
		for _, item := range v.Items() {
			if mentionsToken(item) {
				return true
			}
		}
	case value.KindObject:
		for _, m := range v.Members() {
			if mentionsToken(m.Value) {
				return true
			}
		}
	case value.KindAbsent, value.KindNull, value.KindBool, value.KindNumber:
	}
	return false
}

// at follows a JSON pointer.
func at(v value.Value, pointer string) value.Value {
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	for part := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		part = unescape.Replace(part)
		if v.Kind() != value.KindArray {
			v = v.Get(part)
			continue
		}
		i := 0
		for _, digit := range part {
			i = i*10 + int(digit-'0')
		}
		v = v.At(i)
	}
	return v
}
