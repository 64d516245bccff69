package awsapi

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"statehouse/engine/value"
)

func TestViolationsAreToldAllAtOnce(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ op, body, code, message string }{
		"one number": {
			"ListActivities", `{"maxResults":1001}`, "ValidationException",
			"1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000",
		},
		"a missing member and a short list": {
			"CreateStateMachineAlias", `{"routingConfiguration":[]}`, "ValidationException",
			"2 validation errors detected: Value null at 'name' failed to satisfy constraint: Member must not be null; " +
				"Value '[]' at 'routingConfiguration' failed to satisfy constraint: Member must have length greater than or equal to 1",
		},
		"inside a list": {
			"TagResource", `{"resourceArn":"x","tags":[{"key":"a","value":"b"},{"key":"","value":"b"}]}`, "ValidationException",
			"1 validation error detected: Value '' at 'tags.2.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1",
		},
		"a secret is not repeated": {
			"PublishStateMachineVersion", `{"stateMachineArn":"x","description":"` + strings.Repeat("s", 257) + `"}`, "ValidationException",
			"1 validation error detected: Value at 'description' failed to satisfy constraint: Member must have length less than or equal to 256",
		},
		"an alias of digits": {
			"CreateStateMachineAlias", `{"name":"123","routingConfiguration":[{"stateMachineVersionArn":"x","weight":100}]}`, "ValidationException",
			`1 validation error detected: Value '123' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$`,
		},
		"a fraction of a page": {
			"ListActivities", `{"maxResults":1.5}`, "SerializationException", "The member 'maxResults' must be a whole number, not 1.5",
		},
		"a list of texts where objects belong": {
			"TagResource", `{"resourceArn":"x","tags":["a"]}`, "SerializationException", "The member 'tags.1.member' must be an object, not a string",
		},
	} {
		in, err := value.Parse(tc.body)
		if err != nil {
			t.Fatal(err)
		}
		err = operations[tc.op].members.check(in)
		if want := tc.code + ": " + tc.message; err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", name, err, want)
		}
	}
}

// TestEveryConstraintIsChecked breaks each constraint of each operation, one at a time.
func TestEveryConstraintIsChecked(t *testing.T) {
	t.Parallel()
	tried := 0
	for _, op := range slices.Sorted(maps.Keys(operations)) {
		ms := operations[op].members
		good := ms.sample()
		if err := ms.check(good); err != nil {
			t.Fatalf("%s refuses its own sample %s: %v", op, good.JSON(), err)
		}
		for _, b := range ms.spoiled() {
			tried++
			err := ms.check(b.v)
			if err == nil {
				t.Errorf("%s takes %.200s, where '%s' is wrong", op, b.v.JSON(), b.path)
				continue
			}
			if !strings.Contains(err.Error(), "'"+b.path+"'") {
				t.Errorf("%s with a wrong '%s': %v", op, b.path, err)
			}
			if strings.HasPrefix(err.Error(), "ValidationException: 1 validation error detected: Value") || strings.HasPrefix(err.Error(), "SerializationException: ") {
				continue
			}
			t.Errorf("%s with a wrong '%s' answers %v", op, b.path, err)
		}
	}
	if tried < 300 {
		t.Errorf("only %d bad values were tried", tried)
	}
}

// TestWrongMembersNeverReachTheEngine sends what the table refuses to an engine that
// panics when it is called.
func TestWrongMembersNeverReachTheEngine(t *testing.T) {
	t.Parallel()
	for _, op := range slices.Sorted(maps.Keys(operations)) {
		for _, b := range operations[op].members.spoiled() {
			status, out := call(t, fake{}, op, b.v.JSON(), nil)
			if status != http.StatusBadRequest {
				t.Errorf("%s with a wrong '%s': %d %v", op, b.path, status, out)
			}
		}
	}
}

// sample is a request that breaks no constraint and leaves nothing out.
func (ms members) sample() value.Value {
	var o object
	for _, m := range ms {
		o.add(m.name, m.shape.sample())
	}
	return o.value()
}

func (s *shape) sample() value.Value {
	switch s.kind {
	case value.KindString:
		if s.enum != nil {
			return value.String(s.enum[0])
		}
		return value.String("a")
	case value.KindNumber:
		return value.Int(s.min)
	case value.KindBool:
		return value.Bool(true)
	case value.KindArray:
		return value.Array(s.item.sample())
	default:
		return s.members.sample()
	}
}

// bad is a value that breaks one constraint, at a path inside it.
type bad struct {
	path string
	v    value.Value
}

// spoiled gives requests with one wrong value each.
func (ms members) spoiled() []bad {
	var all []bad
	good := ms.sample()
	for _, m := range ms {
		if m.required {
			all = append(all, bad{m.name, good.Without(m.name)})
		}
		for _, b := range m.shape.spoiled() {
			all = append(all, bad{m.name + b.path, good.With(m.name, b.v)})
		}
	}
	return all
}

func (s *shape) spoiled() []bad {
	other := value.String("a")
	if s.kind == value.KindString {
		other = value.Int(1)
	}
	all := []bad{{"", other}}
	when := func(constrained bool, v value.Value) {
		if constrained {
			all = append(all, bad{"", v})
		}
	}
	switch s.kind {
	case value.KindString:
		when(s.max > 0, value.String(strings.Repeat("a", int(s.max)+1)))
		when(s.enum != nil, value.String("NOTHING_OF_THIS"))
		when(s.min > 0 && s.pattern == nil, value.String(""))
		when(s.pattern != nil, value.String("é"))
	case value.KindNumber:
		when(true, value.Int(s.min-1))
		when(s.max > 0, value.Int(s.max+1))
		when(!s.fraction, value.Float(float64(s.min)+0.5))
	case value.KindArray:
		when(s.min > 0, value.Array())
		when(s.max > 0, value.Array(slices.Repeat([]value.Value{s.item.sample()}, int(s.max)+1)...))
		for _, b := range s.item.spoiled() {
			all = append(all, bad{".1.member" + b.path, value.Array(b.v)})
		}
	case value.KindObject:
		for _, b := range s.members.spoiled() {
			all = append(all, bad{"." + b.path, b.v})
		}
	case value.KindAbsent, value.KindNull, value.KindBool:
	}
	return all
}
