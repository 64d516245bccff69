package awsapi

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"statehouse/engine/value"
)

// spoiled is a request with one wrong value, and what has to be said about it.
type spoiled struct {
	path  string // of the member, as messages name it
	what  string
	body  string
	code  string
	words string // the message has them
}

// spoil breaks each constraint that the model has for a request, one at a time.
func (m serviceModel) spoil(op string, good value.Value) []spoiled {
	s := spoiler{model: m, op: op}
	s.members("", m.input(op), good, func(v value.Value) value.Value { return v })
	return s.all
}

type spoiler struct {
	model serviceModel
	op    string
	all   []spoiled
}

// rivals are members that may not be there together.
var rivals = map[string]string{"ListExecutions.mapRunArn": "stateMachineArn"}

// put makes a request out of a value at one place.
type put func(v value.Value) value.Value

func (s *spoiler) add(path, what string, body value.Value, code, words string) {
	s.all = append(s.all, spoiled{path, what, body.JSON(), code, words})
}

func (s *spoiler) members(at string, shape *modelShape, good value.Value, place put) {
	for _, x := range shape.Members {
		path := strings.TrimPrefix(at+"."+x[0], ".")
		good := good.Without(rivals[s.op+"."+path])
		inner := func(v value.Value) value.Value { return place(good.With(x[0], v)) }
		if slices.Contains(shape.Required, x[0]) {
			words := "Value null at '" + path + "' failed to satisfy constraint: Member must not be null"
			s.add(path, "missing", inner(value.Value{}), "ValidationException", words)
			s.add(path, "null", inner(value.Nil), "ValidationException", words)
		}
		was := good.Get(x[0])
		if was.IsAbsent() {
			was = s.model.sample(x[1])
		}
		s.shape(path, x[1], was, inner)
	}
}

var anyOfEachKind = []value.Value{value.String("text"), value.Int(7), value.Bool(true), value.Array(), value.Object()}

func (s *spoiler) shape(path, name string, good value.Value, place put) {
	shape := s.model.Shapes[name]
	for _, v := range anyOfEachKind {
		if kind := modelKinds[shape.Type]; v.Kind() != kind {
			s.add(path, v.Kind().String(), place(v), "SerializationException", "The member '"+path+"' must be "+article(kind)+", not "+article(v.Kind()))
		}
	}
	switch shape.Type {
	case "string":
		s.text(path, name, shape, place)
	case "integer", "long", "float":
		s.number(path, shape, place)
	case "list":
		s.list(path, shape, good, place)
	case "structure":
		s.members(path, shape, good, place)
	}
}

func (s *spoiler) text(path, name string, shape *modelShape, place put) {
	constraint := func(limit, what, text, must string) {
		code, words := "ValidationException", "at '"+path+"' failed to satisfy constraint: Member must "+must
		if e := exempt(s.op, unnumbered(path), name, limit); e != nil {
			code, words = e.code, ""
		}
		s.add(path, what, place(value.String(text)), code, words)
	}
	if n := limitOf(shape.Min); n > 0 {
		constraint("min", "too short", strings.Repeat("a", int(n)-1), fmt.Sprintf("have length greater than or equal to %d", n))
	}
	if n := limitOf(shape.Max); n > 0 {
		must := fmt.Sprintf("have length less than or equal to %d", n)
		constraint("max", "too long", strings.Repeat("a", int(n)+1), must)
		if shape.Pattern == "" {
			constraint("max", "too long in characters of three bytes", strings.Repeat("€", int(n)+1), must)
		}
	}
	if shape.Pattern != "" {
		constraint("pattern", "against the pattern", "ü€", "satisfy regular expression pattern: "+shape.Pattern)
	}
	if shape.Enum != nil {
		for _, text := range []string{"", "NOTHING_OF_THIS", strings.ToLower(shape.Enum[0]), shape.Enum[0] + " "} {
			constraint("enum", "not one of the values", text, "satisfy enum value set: [")
		}
	}
}

func (s *spoiler) number(path string, shape *modelShape, place put) {
	constraint := func(what, literal, must string) {
		s.add(path, what, place(value.Number(literal)), "ValidationException", "Value '"+literal+"' at '"+path+"' failed to satisfy constraint: Member must have value "+must)
	}
	if shape.Min != nil {
		constraint("too small", strconv.FormatInt(*shape.Min-1, 10), fmt.Sprintf("greater than or equal to %d", *shape.Min))
	}
	if shape.Max != nil {
		constraint("too large", strconv.FormatInt(*shape.Max+1, 10), fmt.Sprintf("less than or equal to %d", *shape.Max))
	}
	if shape.Type == "float" {
		constraint("huge", "1e400", "less than or equal to")
		constraint("huge and negative", "-1e400", "greater than or equal to")
		return
	}
	bits, most := 32, "2147483648"
	if shape.Type == "long" {
		bits, most = 64, "9223372036854775808"
	}
	for _, literal := range []string{"1.5", "1e400", "-1e400", "1e-400", most, "-" + most + "0"} {
		s.add(path, "no whole number", place(value.Number(literal)), "SerializationException",
			fmt.Sprintf("The member '%s' must be a whole number of %d bits, not %s", path, bits, literal))
	}
}

func (s *spoiler) list(path string, shape *modelShape, good value.Value, place put) {
	item := s.model.sample(shape.Member.Shape)
	if good.Len() > 0 {
		item = good.At(0)
	}
	must := "at '" + path + "' failed to satisfy constraint: Member must have length "
	if n := limitOf(shape.Min); n > 0 {
		s.add(path, "too short", place(value.Array(slices.Repeat([]value.Value{item}, int(n)-1)...)), "ValidationException", must+"greater than or equal to")
	}
	if n := limitOf(shape.Max); n > 0 {
		s.add(path, "too long", place(value.Array(slices.Repeat([]value.Value{item}, int(n)+1)...)), "ValidationException", must+"less than or equal to")
	}
	at := path + ".2.member"
	second := func(v value.Value) value.Value { return place(value.Array(item, v)) }
	s.add(at, "null", second(value.Nil), "ValidationException", "Value null at '"+at+"' failed to satisfy constraint: Member must not be null")
	s.shape(at, shape.Member.Shape, item, second)
}

// sample is a value that breaks no constraint.
func (m serviceModel) sample(name string) value.Value {
	s := m.Shapes[name]
	switch s.Type {
	case "string":
		if s.Enum != nil {
			return value.String(s.Enum[0])
		}
		return value.String("a")
	case "boolean":
		return value.Bool(false)
	case "list":
		return value.Array(m.sample(s.Member.Shape))
	case "structure":
		var o object
		for _, x := range s.Members {
			if slices.Contains(s.Required, x[0]) {
				o.add(x[0], m.sample(x[1]))
			}
		}
		return o.value()
	}
	return value.Int(limitOf(s.Min))
}

// unnumbered is a path as the table of exceptions has it.
func unnumbered(path string) string { return strings.ReplaceAll(path, ".2.member", ".member") }
