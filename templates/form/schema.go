// Package form draws a JSON Schema as HTML and reads what was filled in back into JSON. It knows the part of
// JSON Schema 2020-12 that a person can fill in; what it cannot draw becomes a field for JSON text, so that no
// schema is a dead end. It judges nothing: the validator of the engine does, and its errors are shown here.
package form

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"statehouse/engine/value"
)

// Kind is how a field is drawn.
type Kind uint8

// The kinds of fields.
const (
	Text Kind = iota
	TextArea
	Number
	Checkbox
	Select
	Radios
	Checkboxes // array of enumerated values
	Lines      // array of texts, one on each line
	Fixed      // const
	Group      // object
	JSON       // anything else, as JSON text
)

// Field is one property of a schema, ready to be drawn.
type Field struct {
	Kind     Kind
	Pointer  string // of the value in the form's data: "/address/city"
	ID       string
	Label    string
	Help     string
	Input    string // type of an <input>: text, date, datetime-local, time, email, url
	Required bool
	Min, Max string
	Step     string
	MaxLen   string
	Mode     string // inputmode
	Place    string // placeholder
	Options  []Option
	Fields   []*Field // of a Group
	Wide     bool     // takes the whole row

	Value string // as typed, or the default
	On    bool   // of a Checkbox
	Error string

	schema value.Value
	whole  bool // integers only
	items  []value.Value
}

// Name is the name of the field in a posted form.
func (d *Field) Name() string { return "form:" + d.Pointer }

// DescribedBy lists the elements that explain the field.
func (d *Field) DescribedBy() string {
	var ids []string
	if d.Help != "" {
		ids = append(ids, d.ID+"-help")
	}
	if d.Error != "" {
		ids = append(ids, d.ID+"-error")
	}
	return strings.Join(ids, " ")
}

// Sentence is the error with the field's name, when the error needs one: "Budget code is required".
func (d *Field) Sentence() string {
	if r, _ := utf8.DecodeRuneInString(d.Error); unicode.IsUpper(r) {
		return d.Error
	}
	return d.Label + " " + d.Error
}

// Option is one of several values to choose from.
type Option struct {
	ID, Value, Label string
	Chosen           bool
}

// Form is a schema ready to be drawn.
type Form struct {
	Fields []*Field
	Lost   []string // errors that belong to no field

	root value.Value
	next int
}

// depth is how far objects nest before they are drawn as JSON text.
const depth = 6

// New reads a schema. An Absent schema makes a form without fields.
func New(schema, ui value.Value) *Form {
	f := &Form{root: schema}
	if schema.IsAbsent() || schema.IsNull() {
		return f
	}
	f.Fields = f.properties(schema, "", 0)
	f.arrange(ui)
	return f
}

func (f *Form) properties(schema value.Value, pointer string, level int) []*Field {
	required := map[string]bool{}
	for _, r := range schema.Get("required").Items() {
		required[r.Text()] = true
	}
	var out []*Field
	for _, m := range schema.Get("properties").Members() {
		out = append(out, f.field(m.Key, m.Value, pointer, required[m.Key], level))
	}
	return out
}

var escape = strings.NewReplacer("~", "~0", "/", "~1")

func (f *Form) field(name string, schema value.Value, parent string, required bool, level int) *Field {
	schema = f.resolve(schema)
	f.next++
	d := &Field{
		Pointer: parent + "/" + escape.Replace(name), ID: "field-" + itoa(f.next), Label: schema.Get("title").Text(),
		Help: schema.Get("description").Text(), Required: required, Input: "text", schema: schema,
	}
	if d.Label == "" {
		d.Label = words(name)
	}
	// A boolean that must be true is a box that must be ticked.
	if c := schema.Get("const"); !c.IsAbsent() && c.Kind() != value.KindBool {
		d.Kind, d.items = Fixed, []value.Value{c}
		d.Value = shown(c)
		return d
	}
	if options := enumeration(schema); len(options) > 0 {
		d.Kind = Select
		if len(options) <= 4 {
			d.Kind, d.Wide = Radios, true
		}
		d.choices(options)
		return d
	}
	switch typeOf(schema) {
	case "string":
		d.text(schema)
	case "number", "integer":
		d.number(schema)
	case "boolean":
		d.Kind, d.Wide = Checkbox, true
	case "array":
		f.array(d, schema)
	case "object":
		if schema.Get("properties").Len() == 0 || level >= depth {
			d.json()
			return d
		}
		d.Kind, d.Wide = Group, true
		d.Fields = f.properties(schema, d.Pointer, level+1)
	default:
		d.json()
	}
	if ex := schema.Get("examples").At(0); d.Place == "" && (d.Kind == Text || d.Kind == Number) && !ex.IsAbsent() {
		d.Place = "e.g. " + shown(ex)
	}
	return d
}

func (d *Field) text(schema value.Value) {
	d.MaxLen = schema.Get("maxLength").Literal()
	switch schema.Get("format").Text() {
	case "date":
		d.Input = "date"
	case "date-time":
		d.Input = "datetime-local"
	case "time":
		d.Input = "time"
	case "email", "idn-email":
		d.Input, d.Mode = "email", "email"
	case "uri", "iri", "url":
		d.Input, d.Mode = "url", "url"
	}
}

func (d *Field) number(schema value.Value) {
	d.Kind, d.Mode = Number, "decimal"
	d.Min, d.Max = schema.Get("minimum").Literal(), schema.Get("maximum").Literal()
	d.Step = "any"
	if typeOf(schema) == "integer" {
		d.whole, d.Mode, d.Step = true, "numeric", "1"
	}
	if m := schema.Get("multipleOf").Literal(); m != "" {
		d.Step = m
	}
	if d.Min != "" && strings.HasPrefix(d.Min, "-") {
		d.Mode = "" // number pads of some phones have no minus
	}
	if d.Help == "" {
		d.Help = span(d.Min, d.Max)
	}
}

func (f *Form) array(d *Field, schema value.Value) {
	d.Wide = true
	item := f.resolve(schema.Get("items"))
	if options := enumeration(item); len(options) > 0 {
		d.Kind = Checkboxes
		d.choices(options)
		return
	}
	switch typeOf(item) {
	case "string", "number", "integer":
		d.Kind = Lines
		if d.Help == "" {
			d.Help = "One on each line."
		}
	default:
		d.json()
	}
}

func (d *Field) json() {
	d.Kind, d.Wide = JSON, true
	if d.Help == "" {
		d.Help = "JSON text."
	}
}

func (d *Field) choices(options []choice) {
	for i, o := range options {
		d.items = append(d.items, o.value)
		d.Options = append(d.Options, Option{ID: d.ID + "-" + itoa(i+1), Value: shown(o.value), Label: o.label})
	}
}

type choice struct {
	value value.Value
	label string
}

// enumeration reads enum, and oneOf or anyOf whose members are all const.
func enumeration(schema value.Value) []choice {
	var out []choice
	for _, v := range schema.Get("enum").Items() {
		out = append(out, choice{v, shown(v)})
	}
	for _, key := range []string{"oneOf", "anyOf"} {
		if len(out) > 0 {
			break
		}
		for _, s := range schema.Get(key).Items() {
			c := s.Get("const")
			if c.IsAbsent() {
				return nil
			}
			label := s.Get("title").Text()
			if label == "" {
				label = shown(c)
			}
			out = append(out, choice{c, label})
		}
	}
	return out
}

// resolve follows references inside the schema: "#/$defs/address".
func (f *Form) resolve(schema value.Value) value.Value {
	for range 10 {
		ref := schema.Get("$ref").Text()
		rest, ok := strings.CutPrefix(ref, "#")
		if !ok {
			return schema
		}
		to := f.root
		for part := range strings.SplitSeq(strings.TrimPrefix(rest, "/"), "/") {
			if part != "" {
				to = to.Get(strings.NewReplacer("~1", "/", "~0", "~").Replace(part))
			}
		}
		if to.IsAbsent() {
			return schema
		}
		for _, m := range schema.Members() { // title and description beside $ref win
			if m.Key != "$ref" {
				to = to.With(m.Key, m.Value)
			}
		}
		schema = to
	}
	return schema
}

// typeOf is the type a person fills in: the first that is not null, or what the keywords tell.
func typeOf(schema value.Value) string {
	t := schema.Get("type")
	if t.Kind() == value.KindString {
		return t.Text()
	}
	for _, one := range t.Items() {
		if one.Text() != "null" {
			return one.Text()
		}
	}
	switch {
	case schema.Get("const").Kind() == value.KindBool:
		return "boolean"
	case !schema.Get("properties").IsAbsent():
		return "object"
	case !schema.Get("items").IsAbsent():
		return "array"
	case !schema.Get("minimum").IsAbsent(), !schema.Get("maximum").IsAbsent():
		return "number"
	case !schema.Get("format").IsAbsent(), !schema.Get("pattern").IsAbsent(), !schema.Get("maxLength").IsAbsent(), !schema.Get("minLength").IsAbsent():
		return "string"
	}
	return ""
}

// shown is a value as a person reads it: text without quotes, everything else as JSON.
func shown(v value.Value) string {
	if v.Kind() == value.KindString {
		return v.Text()
	}
	return v.JSON()
}

// words makes a label of a property's name: "budgetCode" and "budget_code" are "Budget code".
func words(name string) string {
	var b strings.Builder
	last := ' '
	for _, r := range name {
		switch {
		case r == '_' || r == '-' || r == '.':
			r = ' '
		case unicode.IsUpper(r) && (unicode.IsLower(last) || unicode.IsDigit(last)):
			b.WriteRune(' ')
			r = unicode.ToLower(r)
		}
		if b.Len() == 0 {
			r = unicode.ToUpper(r)
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

func span(low, high string) string {
	switch {
	case low != "" && high != "":
		return low + " to " + high
	case low != "":
		return low + " or more"
	case high != "":
		return high + " or less"
	}
	return ""
}
