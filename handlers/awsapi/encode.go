package awsapi

import (
	"time"

	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

// object collects the members of an answer in order; absent values are left out.
type object []value.Member

func (o *object) add(name string, v value.Value) {
	if !v.IsAbsent() {
		*o = append(*o, value.Member{Key: name, Value: v})
	}
}

func (o *object) text(name, s string) { o.add(name, value.String(s)) }

// some adds a text that may be missing.
func (o *object) some(name string, s *string) {
	if s != nil {
		o.text(name, *s)
	}
}

func (o *object) filled(name, s string) {
	if s != "" {
		o.text(name, s)
	}
}

// raw adds a JSON text kept as it came, or the default when there is none.
func (o *object) raw(name, json, otherwise string) {
	switch {
	case json != "":
		o.add(name, value.Raw(json))
	case otherwise != "":
		o.add(name, value.Raw(otherwise))
	}
}

func (o *object) when(name string, t time.Time) {
	if !t.IsZero() {
		o.add(name, epoch(t))
	}
}

func (o object) value() value.Value { return value.Object(o...) }

// epoch prints a time as the protocol does: seconds since 1970, with milliseconds.
func epoch(t time.Time) value.Value { return value.Float(float64(t.UnixMilli()) / 1000) }

var empty = value.Object()

// page reads maxResults and nextToken.
func page(in value.Value) ledger.Page {
	return ledger.Page{Limit: pageLimit(in), Token: in.Get("nextToken").Text()}
}

// pageLimit reads maxResults (0 and absent: 100, as on AWS).
func pageLimit(in value.Value) int {
	n, _ := in.Get("maxResults").AsInt()
	if n == 0 {
		return 100
	}
	return int(n)
}

// optional gives a text member, nil when it is absent or null.
func optional(in value.Value, name string) *string {
	v := in.Get(name)
	if v.Kind() != value.KindString {
		return nil
	}
	s := v.Text()
	return &s
}

// jsonText gives a member's JSON text, "" when it is absent or null.
func jsonText(in value.Value, name string) string {
	v := in.Get(name)
	if v.IsAbsent() || v.IsNull() {
		return ""
	}
	return v.JSON()
}

// optionalJSON gives a member's JSON text, nil when it is absent or null.
func optionalJSON(in value.Value, name string) *string {
	if s := jsonText(in, name); s != "" {
		return &s
	}
	return nil
}
