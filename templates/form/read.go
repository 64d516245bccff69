package form

import (
	"regexp"
	"strings"
	"time"

	"statehouse/engine/value"
)

// Read makes the form's data of what was posted. Text becomes the type that the schema asks for; where it
// cannot, it stays text and the validator says what is wrong. Fields left empty are left out.
func (f *Form) Read(posted map[string][]string, loc *time.Location) value.Value {
	data, _ := object(f.Fields, posted, loc)
	return data
}

// object reads fields; the second result says whether anybody filled in any of them.
func object(fields []*Field, posted map[string][]string, loc *time.Location) (value.Value, bool) {
	out, filled := value.Object(), false
	for _, d := range fields {
		if d.Kind == Group && d.Pointer == "" { // a group of the picture only, not of the data
			inner, some := object(d.Fields, posted, loc)
			for _, m := range inner.Members() {
				out = out.With(m.Key, m.Value)
			}
			filled = filled || some
			continue
		}
		v, some := d.read(posted, loc)
		filled = filled || some
		if !v.IsAbsent() {
			out = put(out, d.Pointer, v)
		}
	}
	return out, filled
}

// put sets a value below the object that is being read. A field that a layout pulled out of its object is
// put back where its pointer says.
func put(into value.Value, pointer string, v value.Value) value.Value {
	parts := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	return set(into, parts, v)
}

func set(into value.Value, parts []string, v value.Value) value.Value {
	key := strings.NewReplacer("~1", "/", "~0", "~").Replace(parts[0])
	if len(parts) == 1 {
		return into.With(key, v)
	}
	child := into.Get(key)
	if child.Kind() != value.KindObject {
		child = value.Object()
	}
	return into.With(key, set(child, parts[1:], v))
}

func (d *Field) read(posted map[string][]string, loc *time.Location) (value.Value, bool) {
	texts := posted[d.Name()]
	text := ""
	if len(texts) > 0 {
		text = strings.ReplaceAll(texts[0], "\r\n", "\n")
	}
	switch d.Kind {
	case Fixed:
		return d.items[0], false
	case Group:
		inner, filled := object(d.Fields, posted, loc)
		if !filled && !d.Required {
			return value.Value{}, false
		}
		if inner = at(inner, d.Pointer); inner.IsAbsent() {
			inner = value.Object() // what is missing in it says more than that it is missing
		}
		return inner, filled
	case Checkbox:
		return value.Bool(len(texts) > 0), len(texts) > 0
	case Select, Radios:
		if text == "" {
			return value.Value{}, false
		}
		return d.option(text), true
	case Checkboxes:
		items := make([]value.Value, 0, len(texts))
		for _, t := range texts {
			items = append(items, d.option(t))
		}
		if len(items) == 0 && !d.Required {
			return value.Value{}, false
		}
		return value.Array(items...), len(items) > 0
	default:
		return d.typed(text, loc)
	}
}

// typed reads what was written into a field with a keyboard.
func (d *Field) typed(text string, loc *time.Location) (value.Value, bool) {
	if strings.TrimSpace(text) == "" {
		return value.Value{}, false
	}
	switch d.Kind {
	case Number:
		return number(text), true
	case Lines:
		return d.lines(text), true
	case JSON:
		if v, err := value.Parse(text); err == nil {
			return v, true
		}
	default:
	}
	return value.String(d.zoned(text, loc)), true
}

func (d *Field) option(text string) value.Value {
	for i, o := range d.Options {
		if o.Value == text {
			return d.items[i]
		}
	}
	return value.String(text)
}

func (d *Field) lines(text string) value.Value {
	numbers := typeOf(d.schema.Get("items")) != "string"
	var items []value.Value
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
		case numbers:
			items = append(items, number(line))
		default:
			items = append(items, value.String(line))
		}
	}
	return value.Array(items...)
}

var literal = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

// number reads a number as people type it: with a comma, a plus or zeros in front. What is none stays text.
func number(text string) value.Value {
	t := strings.TrimPrefix(strings.TrimSpace(text), "+")
	if strings.Count(t, ",") == 1 && !strings.Contains(t, ".") {
		t = strings.Replace(t, ",", ".", 1)
	}
	if rest := strings.TrimLeft(t, "0"); rest != t {
		if rest == "" || rest[0] < '0' || rest[0] > '9' {
			rest = "0" + rest
		}
		t = rest
	}
	if !literal.MatchString(t) {
		return value.String(text)
	}
	return value.Number(t)
}

// zoned adds the zone that a browser's date and time fields leave out.
func (d *Field) zoned(text string, loc *time.Location) string {
	switch d.Input {
	case "datetime-local":
		for _, form := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05"} {
			if at, err := time.ParseInLocation(form, text, loc); err == nil {
				return at.Format(time.RFC3339)
			}
		}
	case "time":
		for _, form := range []string{"15:04", "15:04:05"} {
			if at, err := time.ParseInLocation(form, text, loc); err == nil {
				return at.Format("15:04:05Z07:00")
			}
		}
	}
	return text
}
