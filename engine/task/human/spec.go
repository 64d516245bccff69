package human

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"statehouse/engine/value"
)

// Spec is what a definition says about a human task, checked.
type Spec struct {
	Title, Description, Assignee    string
	CandidateUsers, CandidateGroups []string
	Form, UISchema, Defaults        value.Value // Absent when not given
	Summary                         []Item
	Outcomes, FailOn                []string
	Due                             *time.Time
	Priority                        int
}

// Item is one line that helps to decide.
type Item struct{ Label, Value string }

// Limits that keep a task readable and its row small.
const (
	maxTitle       = 200
	maxDescription = 20000
	maxItems       = 50
	maxWord        = 80
	defaultRank    = 50
)

// Invalid says which parameter is wrong.
type Invalid struct{ Field, Why string }

// Error names the field first.
func (e *Invalid) Error() string { return e.Field + " " + e.Why }

func invalid(field, format string, args ...any) *Invalid {
	return &Invalid{Field: field, Why: fmt.Sprintf(format, args...)}
}

// Parse reads the parameters of a task. Now is what a duration in Due counts from. The
// error, an *Invalid, names the first field that is wrong.
func Parse(params value.Value, now time.Time) (Spec, error) {
	s := Spec{Outcomes: []string{"Approve", "Reject"}, Priority: defaultRank}
	if params.Kind() != value.KindObject {
		return s, invalid("Parameters", "must be an object, not %s", a(params.Kind()))
	}
	for _, m := range params.Members() {
		if err := s.set(m.Key, m.Value, now); err != nil {
			return s, err
		}
	}
	if strings.TrimSpace(s.Title) == "" {
		return s, invalid("Title", "is required")
	}
	for i, f := range s.FailOn {
		if !slices.Contains(s.Outcomes, f) {
			return s, invalid(fmt.Sprintf("FailOn[%d]", i), "is '%s', which is not one of the Outcomes: %s", f, strings.Join(s.Outcomes, ", "))
		}
	}
	if !s.Defaults.IsAbsent() && s.Form.IsAbsent() {
		return s, invalid("Defaults", "needs a Form")
	}
	if !s.UISchema.IsAbsent() && s.Form.IsAbsent() {
		return s, invalid("UISchema", "needs a Form")
	}
	return s, nil
}

// set reads one parameter.
func (s *Spec) set(key string, v value.Value, now time.Time) error {
	var err error
	switch key {
	case "Title":
		s.Title, err = text(key, v, maxTitle)
	case "Description":
		s.Description, err = text(key, v, maxDescription)
	case "Assignee":
		s.Assignee, err = text(key, v, maxWord)
	case "CandidateUsers":
		s.CandidateUsers, err = words(key, v)
	case "CandidateGroups":
		s.CandidateGroups, err = words(key, v)
	case "Form":
		s.Form, err = object(key, v)
		if err == nil && !v.IsNull() {
			err = checkSchema(v)
		}
	case "UISchema":
		s.UISchema, err = object(key, v)
	case "Defaults":
		s.Defaults, err = object(key, v)
	case "Summary":
		s.Summary, err = summary(v)
	case "Outcomes":
		s.Outcomes, err = words(key, v)
		if err == nil && len(s.Outcomes) == 0 {
			err = invalid(key, "must name at least one outcome")
		}
	case "FailOn":
		s.FailOn, err = words(key, v)
	case "Due":
		s.Due, err = due(v, now)
	case "Priority":
		s.Priority, err = priority(v)
	default:
		return invalid(key, "is not a parameter of a human task; there are Title, Description, Assignee, CandidateUsers, "+
			"CandidateGroups, Form, UISchema, Defaults, Summary, Outcomes, Due, Priority and FailOn")
	}
	return err
}

func text(field string, v value.Value, limit int) (string, error) {
	if v.Kind() != value.KindString {
		return "", invalid(field, "must be a string, not %s", a(v.Kind()))
	}
	if n := len([]rune(v.Text())); n > limit {
		return "", invalid(field, "has %d characters, at most %d are allowed", n, limit)
	}
	return v.Text(), nil
}

func words(field string, v value.Value) ([]string, error) {
	if v.Kind() != value.KindArray {
		return nil, invalid(field, "must be a list of strings, not %s", a(v.Kind()))
	}
	if v.Len() > maxItems {
		return nil, invalid(field, "has %d entries, at most %d are allowed", v.Len(), maxItems)
	}
	var list []string
	for i, item := range v.Items() {
		place := fmt.Sprintf("%s[%d]", field, i)
		word, err := text(place, item, maxWord)
		switch {
		case err != nil:
			return nil, err
		case strings.TrimSpace(word) == "":
			return nil, invalid(place, "must not be empty")
		case slices.Contains(list, word):
			return nil, invalid(place, "is '%s' a second time", word)
		}
		list = append(list, word)
	}
	return list, nil
}

func object(field string, v value.Value) (value.Value, error) {
	if v.Kind() != value.KindObject {
		return value.Value{}, invalid(field, "must be an object, not %s", a(v.Kind()))
	}
	return v, nil
}

func summary(v value.Value) ([]Item, error) {
	if v.Kind() != value.KindArray {
		return nil, invalid("Summary", "must be a list of {Label, Value}, not %s", a(v.Kind()))
	}
	if v.Len() > maxItems {
		return nil, invalid("Summary", "has %d entries, at most %d are allowed", v.Len(), maxItems)
	}
	var list []Item
	for i, item := range v.Items() {
		place := fmt.Sprintf("Summary[%d]", i)
		if item.Kind() != value.KindObject {
			return nil, invalid(place, "must be an object with Label and Value, not %s", a(item.Kind()))
		}
		for _, m := range item.Members() {
			if m.Key != "Label" && m.Key != "Value" {
				return nil, invalid(place+"."+m.Key, "is not a part of a summary line; there are Label and Value")
			}
		}
		label, err := text(place+".Label", item.Get("Label"), maxTitle)
		if err != nil {
			return nil, err
		}
		shown, err := scalar(place+".Value", item.Get("Value"))
		if err != nil {
			return nil, err
		}
		list = append(list, Item{Label: label, Value: shown})
	}
	return list, nil
}

// scalar shows a value in one line: numbers keep their literal.
func scalar(field string, v value.Value) (string, error) {
	switch v.Kind() {
	case value.KindString:
		return text(field, v, maxDescription)
	case value.KindNumber, value.KindBool:
		return v.JSON(), nil
	case value.KindNull:
		return "", nil
	case value.KindAbsent:
		return "", invalid(field, "is required")
	case value.KindArray, value.KindObject:
	}
	return "", invalid(field, "must be a string, a number or a boolean, not %s", a(v.Kind()))
}

func priority(v value.Value) (int, error) {
	n, whole := v.AsInt()
	if v.Kind() != value.KindNumber || !whole || n < 0 || n > 100 {
		return 0, invalid("Priority", "must be a whole number from 0 to 100, not %s", short(v))
	}
	return int(n), nil
}

// short quotes a value in an error.
func short(v value.Value) string {
	s := v.JSON()
	if len(s) > 60 {
		return s[:60] + "…"
	}
	return s
}

// a is the kind with its article.
func a(k value.Kind) string {
	switch k {
	case value.KindArray, value.KindObject:
		return "an " + k.String()
	case value.KindNull:
		return "null"
	case value.KindAbsent:
		return "nothing"
	case value.KindBool, value.KindNumber, value.KindString:
	}
	return "a " + k.String()
}
