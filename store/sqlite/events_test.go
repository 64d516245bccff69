package sqlite

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"statehouse/engine/history"
	"statehouse/engine/value"
)

var byText = cmp.Comparer(func(a, b value.Value) bool { return a.IsAbsent() == b.IsAbsent() && a.JSON() == b.JSON() })

func roundTrip(t *testing.T, events []history.Event) []chunk {
	t.Helper()
	chunks := encodeEvents(events)
	var got []history.Event
	for i, c := range chunks {
		part, err := decodeEvents(c.first, c.events)
		if err != nil {
			t.Fatalf("chunk %d: %v\n%s", i, err, c.events)
		}
		if part[0].ID != c.first || part[len(part)-1].ID != c.last {
			t.Errorf("chunk %d has events %d to %d and says %d to %d", i, part[0].ID, part[len(part)-1].ID, c.first, c.last)
		}
		got = append(got, part...)
	}
	if diff := cmp.Diff(events, got, byText); diff != "" {
		t.Errorf("events came back different (-want +got):\n%s", diff)
	}
	return chunks
}

// Every member of Details comes back, also one that is added later.
func TestEveryMemberOfAnEventComesBack(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC)
	events := []history.Event{{ID: 1, Previous: 0, Type: "ExecutionStarted", At: at}}
	details := reflect.TypeFor[history.Details]()
	for i := range details.NumField() {
		e := history.Event{ID: history.ID(i + 2), Previous: history.ID(i), Type: history.Type("Type"), At: at.Add(time.Duration(i/3) * time.Microsecond)}
		field := reflect.ValueOf(&e.Details).Elem().Field(i)
		name := details.Field(i).Name
		switch field.Interface().(type) {
		case string:
			field.SetString(name + " \"\\\u2028é\x00")
		case *string:
			field.Set(reflect.ValueOf(new("")))
		case *int64:
			field.Set(reflect.ValueOf(new(int64(0))))
		case value.Value:
			field.Set(reflect.ValueOf(value.Nil))
		case []history.Variable:
			field.Set(reflect.ValueOf([]history.Variable{{Name: "a\"", Value: value.Int(1)}, {Name: "b", Value: value.Raw(`{"c":[]}`)}}))
		default:
			t.Fatalf("the test does not know the type of %s", name)
		}
		events = append(events, e)
	}
	roundTrip(t, events)
}

func TestAnEqualValueIsKeptOnce(t *testing.T) {
	t.Parallel()
	payload := value.Raw(`{"text":"` + strings.Repeat("x", 1000) + `"}`)
	var events []history.Event
	for i := range 100 {
		v := payload
		switch i % 3 {
		case 1:
			v = value.Object(payload.Members()...)
		case 2:
			v = value.Raw(fmt.Sprintf(`{"number":%d,"more":true}`, i))
		}
		events = append(events, history.Event{
			ID: history.ID(i + 1), Previous: history.ID(i), Type: "TaskStateExited", At: time.UnixMicro(1).UTC(),
			Details: history.Details{Name: "T", Input: v, Output: payload, Parameters: v, TaskCredentials: payload},
		})
	}
	chunks := roundTrip(t, events)
	if n := len(chunks[0].events); len(chunks) != 1 || n > 20_000 {
		t.Errorf("%d chunks, the first of %d bytes, want one that holds the payload once", len(chunks), n)
	}
}

func TestALongStepTakesSeveralRows(t *testing.T) {
	t.Parallel()
	var events []history.Event
	for i := range 5000 {
		events = append(events, history.Event{
			ID: history.ID(i + 1), Previous: history.ID(i / 2), Type: "PassStateEntered", At: time.UnixMicro(int64(i / 7)).UTC(),
			Details: history.Details{Name: "P", Input: value.Raw(fmt.Sprintf(`{"payload number":%d}`, i))},
		})
	}
	if chunks := roundTrip(t, events); len(chunks) < 3 {
		t.Errorf("%d chunks for 5000 events", len(chunks))
	}
	if encodeEvents(nil) != nil {
		t.Error("no events make a row")
	}
}
