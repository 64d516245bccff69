package form

import (
	"strings"
	"time"

	"statehouse/engine/value"
)

// Fill shows data in the fields; what it does not hold shows the schema's default.
func (f *Form) Fill(data value.Value, loc *time.Location) {
	f.each(func(d *Field) {
		if d.Kind == Group || d.Kind == Fixed {
			return
		}
		v := at(data, d.Pointer)
		if v.IsAbsent() {
			v = d.schema.Get("default")
		}
		if !v.IsAbsent() && !v.IsNull() {
			d.show(v, loc)
		}
	})
}

func (d *Field) show(v value.Value, loc *time.Location) {
	switch d.Kind {
	case Checkbox:
		d.On = v.AsBool()
	case Select, Radios:
		d.choose(func(i int) bool { return value.Equal(d.items[i], v) })
	case Checkboxes:
		d.choose(func(i int) bool { return contains(v.Items(), d.items[i]) })
	case Lines:
		var lines []string
		for _, one := range v.Items() {
			lines = append(lines, shown(one))
		}
		d.Value = strings.Join(lines, "\n")
	case JSON:
		d.Value = v.JSON()
	default:
		d.Value = shown(v)
		if at, err := time.Parse(time.RFC3339, d.Value); err == nil && d.Input == "datetime-local" {
			d.Value = at.In(loc).Format("2006-01-02T15:04")
		}
		if at, err := time.Parse("15:04:05Z07:00", d.Value); err == nil && d.Input == "time" {
			d.Value = at.Format("15:04")
		}
	}
}

func (d *Field) choose(chosen func(int) bool) {
	for i := range d.Options {
		d.Options[i].Chosen = chosen(i)
	}
}

func contains(list []value.Value, v value.Value) bool {
	for _, one := range list {
		if value.Equal(one, v) {
			return true
		}
	}
	return false
}

// at is the value that a JSON pointer names, Absent when there is none.
func at(data value.Value, pointer string) value.Value {
	for part := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		data = data.Get(strings.NewReplacer("~1", "/", "~0", "~").Replace(part))
	}
	return data
}

// Keep shows what was posted, as it was typed: an error must not cost what somebody wrote.
func (f *Form) Keep(posted map[string][]string) {
	f.each(func(d *Field) {
		texts := posted[d.Name()]
		switch d.Kind {
		case Group, Fixed:
		case Checkbox:
			d.On = len(texts) > 0
		case Select, Radios, Checkboxes:
			d.choose(func(i int) bool { return holds(texts, d.Options[i].Value) })
		default:
			if len(texts) > 0 {
				d.Value = texts[0]
			}
		}
	})
}

func holds(texts []string, text string) bool {
	for _, t := range texts {
		if t == text {
			return true
		}
	}
	return false
}

// Fail puts an error at the field that the pointer names, or at the closest one above it.
func (f *Form) Fail(pointer, message string) {
	best := (*Field)(nil)
	f.each(func(d *Field) {
		if d.Pointer == "" || d.Pointer != pointer && !strings.HasPrefix(pointer, d.Pointer+"/") {
			return
		}
		if best == nil || len(d.Pointer) > len(best.Pointer) {
			best = d
		}
	})
	switch {
	case best == nil:
		f.Lost = append(f.Lost, message)
	case best.Error == "":
		best.Error = message
	}
}

// Failed lists the fields with an error, in the order of the form.
func (f *Form) Failed() []*Field {
	var out []*Field
	f.each(func(d *Field) {
		if d.Error != "" {
			out = append(out, d)
		}
	})
	return out
}
