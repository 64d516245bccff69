package awsapi

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"statehouse/engine/value"
)

// serviceModel is what AWS's own model of the service says (see testdata/NOTICE).
type serviceModel struct {
	Operations map[string]modelOperation
	Shapes     map[string]*modelShape
}

type modelOperation struct {
	Input, Output shapeRef
	Errors        []shapeRef
}

type shapeRef struct{ Shape string }

type modelShape struct {
	Type               string
	Required           []string
	Members            [][2]string // name and shape
	Member, Key, Value *shapeRef
	Min, Max           *int64
	Pattern            string
	Enum               []string
	Sensitive          bool
}

// theModel is read once.
var theModel = sync.OnceValue(func() serviceModel {
	var m serviceModel
	text, err := os.ReadFile("testdata/model.json")
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	if err != nil {
		panic(err)
	}
	return m
})

func (m serviceModel) input(op string) *modelShape { return m.Shapes[m.Operations[op].Input.Shape] }

// at follows a path of a request ("tags.member.key") to the name of its shape, "" when there is none.
func (m serviceModel) at(op, path string) string {
	name := m.Operations[op].Input.Shape
	for part := range strings.SplitSeq(path, ".") {
		s := m.Shapes[name]
		if s.Type == "list" {
			name = s.Member.Shape
			continue
		}
		i := slices.IndexFunc(s.Members, func(x [2]string) bool { return x[0] == part })
		if i < 0 {
			return ""
		}
		name = s.Members[i][1]
	}
	return name
}

// exception is a limit of the model that has an error of its own, which the engine says.
type exception struct {
	shape string   // of the model
	at    []string // operation.member; *.member: of every operation
	limit string   // "min", "max" or "min max"
	code  string
	why   string
}

var exceptions = []exception{
	{
		"Name",
		[]string{"CreateActivity.name", "CreateStateMachine.name"},
		"min max", "InvalidName", "recorded for names that AWS refuses; the rule for characters and the one for lengths are one rule",
	},
	{"Name", []string{"StartExecution.name", "StartSyncExecution.name"}, "max", "InvalidName", "as above"},
	{
		"Arn",
		[]string{
			"*.stateMachineArn", "*.stateMachineAliasArn", "*.executionArn", "*.activityArn", "*.resourceArn",
			"CreateStateMachineAlias.routingConfiguration.member.stateMachineVersionArn", "UpdateStateMachineAlias.routingConfiguration.member.stateMachineVersionArn",
		},
		"min", "InvalidArn", "recorded: Invalid ARN prefix; no text at all is no ARN either",
	},
	{"LongArn", []string{"*.mapRunArn", "*.stateMachineVersionArn"}, "min", "InvalidArn", "as Arn"},
	{"TaskToken", []string{"*.taskToken"}, "min max", "InvalidToken", "modelled for these operations: what no token looks like is no token"},
	{
		"Definition",
		[]string{"CreateStateMachine.definition", "UpdateStateMachine.definition", "TestState.definition"},
		"min max", "InvalidDefinition", "modelled for these operations; tells bytes, and where an empty text is wrong",
	},
	{
		"SensitiveData",
		[]string{"StartExecution.input", "StartSyncExecution.input", "TestState.input"},
		"max", "InvalidExecutionInput", "modelled for these operations; the limit is a setting and counts bytes of UTF-8",
	},
	{"SensitiveData", []string{"SendTaskSuccess.output"}, "max", "InvalidOutput", "as above"},
}

// exempt is the exception for a member's limit, nil when the table has to have it.
func exempt(op, path, shapeName, limit string) *exception {
	for i, e := range exceptions {
		if e.shape == shapeName && (slices.Contains(e.at, op+"."+path) || slices.Contains(e.at, "*."+path)) && slices.Contains(strings.Fields(e.limit), limit) {
			return &exceptions[i]
		}
	}
	return nil
}

// TestTheTableIsTheModel compares every fact of the model with the table, both ways.
func TestTheTableIsTheModel(t *testing.T) {
	t.Parallel()
	m := theModel()
	if len(m.Operations) != len(operations) {
		t.Errorf("%d operations, the model has %d", len(operations), len(m.Operations))
	}
	for op := range m.Operations {
		row, ok := operations[op]
		if !ok {
			t.Errorf("%s is not there", op)
			continue
		}
		compareMembers(t, m, op, "", m.input(op), row.members)
	}
	for _, e := range exceptions {
		for _, at := range e.at {
			op, path, _ := strings.Cut(at, ".")
			if op != "*" && m.at(op, path) != e.shape {
				t.Errorf("an exception is about %s, which is no %s", at, e.shape)
			}
		}
	}
}

func compareMembers(t *testing.T, m serviceModel, op, at string, s *modelShape, ms members) {
	t.Helper()
	var names, want []string
	for _, x := range ms {
		names = append(names, x.name)
	}
	for _, x := range s.Members {
		want = append(want, x[0])
	}
	if !slices.Equal(names, want) {
		t.Errorf("%s %s: members %v, the model has %v", op, at, names, want)
		return
	}
	for i, x := range ms {
		path := strings.TrimPrefix(at+"."+x.name, ".")
		if required := slices.Contains(s.Required, x.name); x.required != required {
			t.Errorf("%s.%s: required %v, the model says %v", op, path, x.required, required)
		}
		compareShape(t, m, op, path, s.Members[i][1], x.shape)
	}
}

var modelKinds = map[string]value.Kind{
	"string": value.KindString, "integer": value.KindNumber, "long": value.KindNumber, "float": value.KindNumber,
	"boolean": value.KindBool, "list": value.KindArray, "structure": value.KindObject,
}

func compareShape(t *testing.T, m serviceModel, op, path, name string, got *shape) {
	t.Helper()
	s := m.Shapes[name]
	differs := func(fact string, got, want any) {
		t.Errorf("%s.%s: %s %v, the model says %v", op, path, fact, got, want)
	}
	if got.kind != modelKinds[s.Type] {
		differs("kind", got.kind, s.Type)
		return
	}
	if got.fraction != (s.Type == "float") || got.long != (s.Type == "long") {
		differs("type of number", got, s.Type)
	}
	if want := limitOf(s.Min); got.min != want && (exempt(op, path, name, "min") == nil || got.min != 0) {
		differs("min", got.min, want)
	}
	if want := limitOf(s.Max); got.max != want && (exempt(op, path, name, "max") == nil || got.max != 0) {
		differs("max", got.max, want)
	}
	if pattern := s.Pattern; (got.pattern == nil) != (pattern == "") || got.pattern != nil && got.pattern.text != pattern {
		differs("pattern", got.pattern, pattern)
	}
	if !slices.Equal(slices.Sorted(slices.Values(got.enum)), slices.Sorted(slices.Values(s.Enum))) {
		differs("values", got.enum, s.Enum)
	}
	if got.secret != s.Sensitive {
		differs("secret", got.secret, s.Sensitive)
	}
	switch s.Type {
	case "list":
		compareShape(t, m, op, path+".member", s.Member.Shape, got.item)
	case "structure":
		compareMembers(t, m, op, path, s, got.members)
	}
}

func limitOf(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}
