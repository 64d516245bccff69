package form

import "github.com/a-h/templ"

// described ties a control to its help and its error.
func described(d *Field) templ.Attributes {
	out := templ.Attributes{}
	if ids := d.DescribedBy(); ids != "" {
		out["aria-describedby"] = ids
	}
	if d.Error != "" && d.Kind != Group && d.Kind != Radios && d.Kind != Checkboxes {
		out["aria-invalid"] = "true"
	}
	if d.Kind == Group || d.Kind == Radios || d.Kind == Checkboxes {
		out["tabindex"] = "-1" // a link of the error summary leads here
	}
	return out
}

// limits are hints to keyboards and pickers; the server judges.
func limits(d *Field) templ.Attributes {
	out := templ.Attributes{}
	if d.Mode != "" {
		out["inputmode"] = d.Mode
	}
	if d.MaxLen != "" {
		out["maxlength"] = d.MaxLen
	}
	if d.Place != "" {
		out["placeholder"] = d.Place
	}
	return out
}
