package form

import (
	"strconv"
	"strings"

	"statehouse/engine/value"
)

func itoa(n int) string { return strconv.Itoa(n) }

// arrange follows a UI schema in the style of JSON Forms: layouts with elements, controls with a scope. Fields
// that it does not name are left out unless they are required: what must be filled in is always there.
func (f *Form) arrange(ui value.Value) {
	elements := ui.Get("elements")
	if elements.IsAbsent() && ui.Get("scope").IsAbsent() {
		return
	}
	left := map[string]*Field{}
	f.each(func(d *Field) { left[d.Pointer] = d })
	fields := f.place(ui, left)
	f.Fields = append(fields, unplaced(f.Fields, left)...)
}

func (f *Form) place(element value.Value, left map[string]*Field) []*Field {
	if scope := element.Get("scope").Text(); scope != "" {
		pointer := strings.ReplaceAll(strings.TrimPrefix(scope, "#"), "/properties/", "/")
		d := left[pointer]
		if d == nil {
			return nil
		}
		delete(left, pointer)
		d.style(element)
		return []*Field{d}
	}
	var out []*Field
	for _, e := range element.Get("elements").Items() {
		out = append(out, f.place(e, left)...)
	}
	switch element.Get("type").Text() {
	case "Group":
		f.next++
		return []*Field{{Kind: Group, ID: "field-" + itoa(f.next), Label: element.Get("label").Text(), Fields: out, Wide: true}}
	case "VerticalLayout":
		for _, d := range out {
			d.Wide = true
		}
	}
	return out
}

func (d *Field) style(control value.Value) {
	if l := control.Get("label"); l.Kind() == value.KindString {
		d.Label = l.Text()
	}
	options := control.Get("options")
	if options.Get("multi").AsBool() && d.Kind == Text {
		d.Kind, d.Wide = TextArea, true
	}
	switch options.Get("format").Text() {
	case "radio":
		if d.Kind == Select {
			d.Kind, d.Wide = Radios, true
		}
	case "select":
		if d.Kind == Radios {
			d.Kind, d.Wide = Select, false
		}
	}
	if p := options.Get("placeholder").Text(); p != "" {
		d.Place = p
	}
}

// unplaced are the fields that nobody placed and that must be filled in.
func unplaced(fields []*Field, left map[string]*Field) []*Field {
	var out []*Field
	for _, d := range fields {
		switch {
		case left[d.Pointer] == nil:
		case d.Kind == Group:
			if d.Fields = unplaced(d.Fields, left); len(d.Fields) > 0 {
				out = append(out, d)
			}
		case d.Required:
			out = append(out, d)
		}
	}
	return out
}

// each visits every field, groups before their fields.
func (f *Form) each(visit func(*Field)) {
	var walk func([]*Field)
	walk = func(fields []*Field) {
		for _, d := range fields {
			visit(d)
			walk(d.Fields)
		}
	}
	walk(f.Fields)
}
