package value

import (
	"encoding/json"
	"testing"
	"unicode/utf8"
)

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,2.50,-0,1E5,{"b":null}],"c":"\u00e9\ud83d\ude00\n"}`, `[[[[]]]]`, `{"a":1,"a":2}`, "\"\xff\"",
		`12345678901234567890`, ` [ 1 , 2 ] `, `"\ud800"`, `[1,]`, `tru`, `"\/"`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := Parse(text)
		if err != nil {
			e := err.(*SyntaxError) //nolint:errorlint // Parse gives no other
			if e.Offset < 0 || e.Offset > len(text) || e.Line < 1 || e.Column < 1 {
				t.Errorf("%q: %+v", text, e)
			}
			return
		}
		if !json.Valid([]byte(text)) || !utf8.ValidString(text) {
			t.Fatalf("%q was accepted", text)
		}
		printed := v.JSON()
		again, err := Parse(printed)
		if err != nil || !Equal(v, again) || again.JSON() != printed {
			t.Errorf("%q prints as %q, again %q, %v", text, printed, again.JSON(), err)
		}
		if raw := Raw(text); raw.JSON() != printed || !Equal(raw, v) {
			t.Errorf("%q: raw prints %q, parsed %q", text, raw.JSON(), printed)
		}
		if fresh := rebuild(v); fresh.JSON() != printed || fresh.Size() != len(printed) || v.Size() != len(printed) {
			t.Errorf("%q: rebuilt prints %q (%d), parsed %q", text, fresh.JSON(), fresh.Size(), printed)
		}
		if Canonical(v) != Canonical(again) {
			t.Errorf("%q: canonical texts differ", text)
		}
	})
}
