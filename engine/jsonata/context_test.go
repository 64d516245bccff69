package jsonata

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestContextReads(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"phone":                                {"phone"},
		"phone[0].number":                      {"phone"},
		"aaa + bbb + aaa":                      {"aaa", "bbb"},
		"$.phone":                              {"$"},
		"$":                                    {"$"},
		"$$.a":                                 {"$$"},
		"$states.input.phone":                  nil,
		"$states.input[phone > $$.a]":          {"$$"},
		"$states.input.items^(price).{'a': b}": nil,
		"$map($states.input, function($x) { $x.phone + b })": {"b"},
		"(phone).number":               {"phone"},
		"{'a': b, c: 1}":               {"b", "c"},
		"$states.input{a: b}":          nil,
		"$states.input ~> |a|{'b':c}|": nil,
		"'x' in [y]":                   {"y"},
		"$x := 1":                      nil,
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			e, err := Compile(text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, e.ContextReads()); diff != "" {
				t.Error(diff)
			}
		})
	}
}
