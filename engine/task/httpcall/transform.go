package httpcall

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"statehouse/engine/value"
)

// transform says how a body becomes text.
type transform struct {
	urlEncoded bool
	arrays     string // INDICES, REPEAT, COMMAS, BRACKETS
}

func readTransform(v value.Value) (transform, error) {
	t := transform{arrays: "INDICES"}
	if v.IsAbsent() || v.IsNull() {
		return t, nil
	}
	if v.Kind() != value.KindObject {
		return t, wrong("Transform", "must be an object")
	}
	for _, m := range v.Members() {
		switch m.Key {
		case "RequestBodyEncoding":
			switch m.Value.Text() {
			case "NONE":
			case "URL_ENCODED":
				t.urlEncoded = true
			default:
				return t, wrong("Transform.RequestBodyEncoding", "must be NONE or URL_ENCODED")
			}
		case "RequestEncodingOptions":
			format := m.Value.Get("ArrayFormat")
			if format.IsAbsent() {
				continue
			}
			if !slices.Contains([]string{"INDICES", "REPEAT", "COMMAS", "BRACKETS"}, format.Text()) {
				return t, wrong("Transform.RequestEncodingOptions.ArrayFormat", "must be INDICES, REPEAT, COMMAS or BRACKETS")
			}
			t.arrays = format.Text()
		default:
			return t, wrong("Transform."+m.Key, "does not exist")
		}
	}
	return t, nil
}

// encode writes an object as a form: inner objects with brackets, a[b]=1, and lists in
// the format that was asked for.
func (t transform) encode(v value.Value) (string, error) {
	var parts []string
	for _, m := range v.Members() {
		t.write(&parts, url.QueryEscape(m.Key), m.Value)
	}
	return strings.Join(parts, "&"), nil
}

func (t transform) write(parts *[]string, key string, v value.Value) {
	switch v.Kind() {
	case value.KindObject:
		for _, m := range v.Members() {
			t.write(parts, key+"["+url.QueryEscape(m.Key)+"]", m.Value)
		}
	case value.KindArray:
		t.list(parts, key, v.Items())
	case value.KindNull, value.KindAbsent:
		*parts = append(*parts, key+"=")
	case value.KindString:
		*parts = append(*parts, key+"="+url.QueryEscape(v.Text()))
	case value.KindNumber, value.KindBool:
		*parts = append(*parts, key+"="+url.QueryEscape(v.JSON()))
	}
}

func (t transform) list(parts *[]string, key string, items []value.Value) {
	if t.arrays == "COMMAS" {
		var texts []string
		for _, item := range items {
			text, ok := scalar(item)
			if !ok {
				text = item.JSON()
			}
			texts = append(texts, url.QueryEscape(text))
		}
		*parts = append(*parts, key+"="+strings.Join(texts, ","))
		return
	}
	for i, item := range items {
		name := key
		switch t.arrays {
		case "INDICES":
			name += "[" + strconv.Itoa(i) + "]"
		case "BRACKETS":
			name += "[]"
		}
		t.write(parts, name, item)
	}
}
