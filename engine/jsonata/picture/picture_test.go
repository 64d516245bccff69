package picture

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// answer is one line of testdata/jsonata-js.jsonl: a call, and what jsonata-js 2.0.6 made of it.
type answer struct {
	Fn     string `json:"fn"`
	Args   []any  `json:"args"`
	Result any    `json:"result"`
	Undef  bool   `json:"undef"`
	NaN    bool   `json:"nan"`
	Code   string `json:"code"`
	Value  string `json:"value"`
	Crash  string `json:"crash"`
}

func (a answer) number(i int) float64 { f, _ := a.Args[i].(float64); return f }

func (a answer) text(i int) string {
	if i >= len(a.Args) {
		return ""
	}
	s, _ := a.Args[i].(string)
	return s
}

func (a answer) optional(i int) *string {
	if i >= len(a.Args) {
		return nil
	}
	return new(a.text(i))
}

func (a answer) options() map[string]string {
	options := map[string]string{}
	if len(a.Args) > 2 {
		for k, v := range a.Args[2].(map[string]any) {
			options[k] = v.(string)
		}
	}
	return options
}

// now is far from the recorded days, so that an answer that depends on it shows.
var now = time.Date(2018, 3, 16, 10, 33, 36, 617e6, time.UTC)

func (a answer) ask() (got any, err error) {
	switch a.Fn {
	case "formatNumber":
		return FormatNumber(a.number(0), a.text(1), a.options())
	case "formatInteger":
		return FormatInteger(a.number(0), a.text(1))
	case "parseInteger":
		return ParseInteger(a.text(0), a.text(1))
	case "fromMillis":
		return FormatTime(a.number(0), a.optional(1), a.optional(2))
	case "toMillis":
		if len(a.Args) == 1 {
			return ParseISO(a.text(0))
		}
		millis, ok, err := ParseTime(a.text(0), a.text(1), now)
		if !ok && err == nil {
			return nil, nil
		}
		return millis, err
	case "formatBase":
		return FormatBase(a.number(0), a.number(1))
	}
	panic("unknown function " + a.Fn)
}

func TestAnswersAreThoseOfJsonataJS(t *testing.T) {
	t.Parallel()
	file := "testdata/jsonata-js.jsonl"
	if f := os.Getenv("PICTURE_ANSWERS"); f != "" {
		file = f
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		var a answer
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatal(err)
		}
		got, err := a.ask()
		if problem := a.differs(got, err); problem != "" {
			t.Errorf("line %d: %s\n\t%s", i+1, line, problem)
		}
	}
}

func (a answer) differs(got any, err error) string {
	if a.Code != "" {
		var e *Error
		if !errors.As(err, &e) || e.Code != a.Code || e.Value != a.Value {
			return "got " + show(got, err)
		}
		return ""
	}
	if a.Crash != "" {
		return ""
	}
	f, isNumber := got.(float64)
	switch {
	case err != nil:
	case a.Undef && got == nil, a.NaN && isNumber && math.IsNaN(f), got != nil && got == a.Result:
		return ""
	}
	return "got " + show(got, err)
}

func show(got any, err error) string {
	if err != nil {
		return err.Error()
	}
	if s, ok := got.(string); ok {
		return strconv.Quote(s)
	}
	if f, ok := got.(float64); ok {
		return number(f)
	}
	return "nothing"
}

func TestEndlessPicturesEnd(t *testing.T) {
	t.Parallel()
	for _, picture := range []string{"[Y,999999999]", "[Y,*-999999999]", "[Y,9999999999999999999999]"} {
		if _, err := FormatTime(0, &picture, nil); !errors.Is(err, ErrTooLong) {
			t.Errorf("%s: %v", picture, err)
		}
	}
	if _, err := FormatInteger(1e300, "i"); !errors.Is(err, ErrTooLong) {
		t.Errorf("a Roman 1e300: %v", err)
	}
	// jsonata-js never ends here.
	for f, want := range map[float64]string{0: "0.0e0", -1234: "-1.2e3"} {
		if got, err := FormatNumber(f, "0.0e0", nil); got != want || err != nil {
			t.Errorf("%v: %q %v", f, got, err)
		}
	}
}

func FuzzPictures(f *testing.F) {
	f.Add(1234.5, "#,##0.00", "12")
	f.Add(-1.0, "[Y0001]-[M,*-3]x[Z01:01t]", "2018")
	f.Add(3e18, "Ww;o", "twelve")
	f.Fuzz(func(_ *testing.T, n float64, picture, text string) {
		_, _ = FormatNumber(n, picture, nil)
		_, _ = FormatInteger(n, picture)
		_, _ = FormatTime(n, &picture, &text)
		_, _ = ParseInteger(text, picture)
		_, _, _ = ParseTime(text, picture, now)
		_, _ = ParseISO(text)
	})
}
