package form

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"statehouse/engine/value"
)

const order = `{"type":"object","required":["budgetCode","terms"],"properties":{
	"budgetCode":{"type":"string","title":"Budget code","maxLength":12},
	"discount":{"type":"number","minimum":0,"maximum":30,"default":0},
	"copies":{"type":"integer"},
	"terms":{"type":"boolean","title":"Terms read"},
	"size":{"enum":["S","M"]},
	"country":{"oneOf":[{"const":1,"title":"Sweden"},{"const":2,"title":"Norway"},{"const":3,"title":"Iceland"},{"const":4,"title":"Denmark"},{"const":5,"title":"Finland"}]},
	"extras":{"type":"array","items":{"enum":["gift","rush"]}},
	"tags":{"type":"array","items":{"type":"string"}},
	"when":{"type":"string","format":"date-time"},
	"kind":{"const":"order"},
	"ship/to":{"type":"object","properties":{"city":{"type":"string"},"zip":{"$ref":"#/$defs/zip"}}},
	"free":{"type":"array","items":{"type":"object"}}
},"$defs":{"zip":{"type":"string","title":"Postcode"}}}`

func parse(t *testing.T, text string) value.Value {
	t.Helper()
	v, err := value.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestReadCoercesBySchema(t *testing.T) {
	t.Parallel()
	f := New(parse(t, order), value.Value{})
	stockholm := time.FixedZone("", 7200)
	for _, tt := range []struct {
		name   string
		posted map[string][]string
		want   string
	}{
		{"nothing filled in", nil, `{"terms":false,"kind":"order"}`},
		{"text, numbers and boxes", map[string][]string{
			"form:/budgetCode": {"GOT-441"}, "form:/discount": {"2,5"}, "form:/copies": {"+007"}, "form:/terms": {"true"},
		}, `{"budgetCode":"GOT-441","discount":2.5,"copies":7,"terms":true,"kind":"order"}`},
		{"a number that is none stays text", map[string][]string{"form:/discount": {"a lot"}}, `{"discount":"a lot","terms":false,"kind":"order"}`},
		{"numbers keep every digit", map[string][]string{"form:/discount": {"12345678901234567890.10"}}, `{"discount":12345678901234567890.10,"terms":false,"kind":"order"}`},
		{"choices keep their type", map[string][]string{"form:/country": {"2"}, "form:/size": {"M"}, "form:/extras": {"rush", "gift"}}, `{"terms":false,"size":"M","country":2,"extras":["rush","gift"],"kind":"order"}`},
		{"lines", map[string][]string{"form:/tags": {"one\r\n\r\n two "}}, `{"terms":false,"tags":["one","two"],"kind":"order"}`},
		{"a time gets the zone", map[string][]string{"form:/when": {"2026-05-06T09:41"}}, `{"terms":false,"when":"2026-05-06T09:41:00+02:00","kind":"order"}`},
		{"an object", map[string][]string{"form:/ship~1to/zip": {"411 05"}}, `{"terms":false,"kind":"order","ship/to":{"zip":"411 05"}}`},
		{"JSON text", map[string][]string{"form:/free": {`[{"a":1}]`}}, `{"terms":false,"kind":"order","free":[{"a":1}]}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := f.Read(tt.posted, stockholm).JSON(); got != tt.want {
				t.Errorf("Read = %s\nwant   %s", got, tt.want)
			}
		})
	}
}

func render(t *testing.T, f *Form) *html.Node {
	t.Helper()
	var b strings.Builder
	if err := Summary(f).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	if err := Fields(f).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	doc, err := html.Parse(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func byAttr(doc *html.Node, key, val string) *html.Node {
	for n := range doc.Descendants() {
		if attr(n, key) == val {
			return n
		}
	}
	return nil
}

func TestFieldsAreLabelledAndTiedToTheirErrors(t *testing.T) {
	t.Parallel()
	f := New(parse(t, order), value.Value{})
	f.Fill(parse(t, `{"budgetCode":"GOT-441","country":3}`), time.UTC)
	f.Fail("/budgetCode", "This is not a budget code.")
	f.Fail("/ship~1to/city/x", "Unknown city.")
	f.Fail("", "The form is too old.")
	doc := render(t, f)

	code := byAttr(doc, "name", "form:/budgetCode")
	if attr(code, "value") != "GOT-441" || attr(code, "aria-invalid") != "true" || attr(code, "maxlength") != "12" {
		t.Errorf("budget code: %v", code.Attr)
	}
	if e := byAttr(doc, "id", attr(code, "aria-describedby")); e == nil || attr(e, "class") != "error" {
		t.Errorf("the error of the budget code is not tied to it")
	}
	for n := range doc.Descendants() {
		named := attr(n, "name") != "" && attr(n, "type") != "radio" && attr(n, "type") != "checkbox"
		if named && byAttr(doc, "for", attr(n, "id")) == nil {
			t.Errorf("%s has no label", attr(n, "name"))
		}
	}
	if o := byAttr(doc, "value", "3"); attr(o, "value") == "" || o.Data != "option" {
		t.Errorf("the country is no option: %v", o)
	}
	if len(f.Failed()) != 2 || len(f.Lost) != 1 {
		t.Errorf("failed %v, lost %v", f.Failed(), f.Lost)
	}
	if byAttr(doc, "href", "#"+f.Failed()[0].ID) == nil {
		t.Errorf("the summary has no link to the field")
	}
}

func TestUISchemaOrdersAndStyles(t *testing.T) {
	t.Parallel()
	ui := `{"type":"VerticalLayout","elements":[
		{"type":"Group","label":"Delivery","elements":[{"type":"Control","scope":"#/properties/ship~1to/properties/city"}]},
		{"type":"Control","scope":"#/properties/budgetCode","label":"Code","options":{"multi":true}}]}`
	f := New(parse(t, order), parse(t, ui))
	var got []string
	f.each(func(d *Field) { got = append(got, d.Label) })
	if want := "Delivery City Code Terms read"; strings.Join(got, " ") != want {
		t.Errorf("fields %v, want %s", got, want)
	}
	if f.Fields[1].Kind != TextArea {
		t.Errorf("the code is not a text area")
	}
	read := f.Read(map[string][]string{"form:/ship~1to/city": {"Kiruna"}, "form:/budgetCode": {"a\r\nb"}}, time.UTC)
	if want := `{"ship/to":{"city":"Kiruna"},"budgetCode":"a\nb","terms":false}`; read.JSON() != want {
		t.Errorf("Read = %s, want %s", read.JSON(), want)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"budgetCode": "Budget code", "order_id": "Order id", "URL": "URL", "a": "A"} {
		if got := words(in); got != want {
			t.Errorf("words(%q) = %q, want %q", in, got, want)
		}
	}
}
