package awsapi

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"statehouse/engine/value"
)

// TestEveryBrokenBodyIsRefused sends each operation what no decoder can read, made from a
// request that would succeed.
func TestEveryBrokenBodyIsRefused(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", 100000) + strings.Repeat("]", 100000)
	atDesk(t, func(t *testing.T, d *desk) {
		words := d.world()
		synctest.Wait()
		before := d.inventory(words)
		for _, op := range slices.Sorted(maps.Keys(operations)) {
			good := words.Replace(goods[op])
			bodies := map[string]string{
				"nothing but white space": "  ", "two documents": good + good, "a comma at the end": good[:len(good)-1] + ",}",
				"an unknown member that is very deep": `{"zzz":` + deep + "," + good[1:],
				"a number that is none":               `{"zzz":01}`, "a NaN": `{"zzz":NaN}`, "a comment": "/* */" + good,
				"a byte order mark": "\ufeff" + good, "a control character": "{\"zzz\":\"\x01\"}", "UTF-16": "{\x00}\x00",
			}
			for _, m := range operations[op].members {
				bodies["'"+m.name+"' twice"] = `{"` + m.name + `":null,"` + m.name + `":null}`
				bodies["'"+m.name+"' in bytes that are not UTF-8"] = `{"` + m.name + "\":\"a\xff\xfeb\"}"
			}
			for cut := 1; cut < len(good)-1; cut += 1 + len(good)/20 {
				bodies[fmt.Sprint("cut off after ", cut)] = good[:cut]
			}
			for what, body := range bodies {
				a := d.post(op, body)
				if a.Status != http.StatusBadRequest || a.Code != "SerializationException" || len(a.Message) > 500 {
					t.Errorf("%s, %s: got %d %s %.300q", op, what, a.Status, a.Code, a.Message)
				}
				if member, ok := strings.CutSuffix(what, " twice"); ok && !strings.Contains(a.Message, strings.Trim(member, "'")) {
					t.Errorf("%s, %s: the words do not say which: %s", op, what, a.Message)
				}
			}
		}
		if after := d.inventory(words); after != before {
			t.Errorf("something changed:\n%s\nbefore:\n%s", after, before)
		}
	})
}

// TestHalfCharactersBreakNothing sends halves of surrogate pairs, which JSON can write and
// UTF-8 cannot.
func TestHalfCharactersBreakNothing(t *testing.T) {
	t.Parallel()
	atDesk(t, func(t *testing.T, d *desk) {
		words := d.world()
		for _, op := range slices.Sorted(maps.Keys(operations)) {
			good, err := value.Parse(words.Replace(goods[op]))
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range operations[op].members {
				if m.shape.kind != value.KindString {
					continue
				}
				for _, half := range []string{`\ud800`, `a\udfffb`, `\udc00\ud800`, `\u0000`, `\uffff`} {
					body := strings.Replace(good.With(m.name, value.String("HALF")).JSON(), "HALF", half, 1)
					if a := d.post(op, body); a.Status >= http.StatusInternalServerError {
						t.Errorf("%s with %s in '%s': %d %s", op, half, m.name, a.Status, a.Text)
					}
				}
			}
		}
	})
}

// TestManyViolationsAreOneMessage breaks all members of each operation at once: AWS tells
// all of it, in the order of its model.
func TestManyViolationsAreOneMessage(t *testing.T) {
	t.Parallel()
	several := 0
	for _, op := range slices.Sorted(maps.Keys(operations)) {
		m, all, order := theModel(), value.Object(), []string(nil)
		for _, x := range m.input(op).Members {
			i := slices.IndexFunc(m.spoil(op, value.Object()), func(b spoiled) bool {
				return b.path == x[0] && b.code == "ValidationException"
			})
			if i < 0 {
				continue
			}
			bad, err := value.Parse(m.spoil(op, value.Object())[i].body)
			if err != nil {
				t.Fatal(err)
			}
			all, order = all.With(x[0], bad.Get(x[0])), append(order, x[0])
		}
		if len(order) == 0 {
			continue
		}
		// What AWS does not know it does not look at, as clients may be newer than it is.
		err := operations[op].members.check(all.With("zzz", value.Int(5)))
		if err == nil {
			t.Errorf("%s takes %.300s", op, all.JSON())
			continue
		}
		if len(order) > 1 {
			several++
		}
		message := err.Error()
		told := strings.Count(message, "failed to satisfy constraint") // an empty text may break two
		if want := fmt.Sprintf("ValidationException: %d validation error", told); told < len(order) || !strings.HasPrefix(message, want) {
			t.Errorf("%s: %.300s, want %s", op, message, want)
		}
		for _, name := range order {
			_, rest, found := strings.Cut(message, "at '"+name+"' failed to satisfy constraint: Member must ")
			if !found {
				t.Errorf("%s: '%s' is not told, or not in its order: %.300s", op, name, message)
			}
			message = rest
		}
	}
	if several < 15 {
		t.Errorf("only %d operations had several", several)
	}
}

// TestWhatIsLeftOutMayBeNull sends null for each optional member, and the values at the very
// edge of what is allowed.
func TestWhatIsLeftOutMayBeNull(t *testing.T) {
	t.Parallel()
	m := theModel()
	for _, op := range slices.Sorted(maps.Keys(operations)) {
		good, err := value.Parse(goods[op])
		if err != nil {
			t.Fatal(err)
		}
		for i, x := range operations[op].members {
			var fine []value.Value
			if !x.required {
				fine = append(fine, value.Nil)
			}
			s := m.Shapes[m.input(op).Members[i][1]]
			switch {
			case s.Type == "string" && s.Max != nil && s.Pattern == "" && *s.Max <= 32768:
				fine = append(fine, value.String(strings.Repeat("€", int(*s.Max)))) // limits count characters
			case s.Type == "integer" || s.Type == "long" || s.Type == "float":
				fine = append(fine, value.Number("-0"), value.Number("0.0"), value.Int(limitOf(s.Max)))
			}
			for _, v := range fine {
				if err := operations[op].members.check(good.With(x.name, v)); err != nil {
					t.Errorf("%s with '%s' %.20s: %v", op, x.name, v.JSON(), err)
				}
			}
		}
	}
}
