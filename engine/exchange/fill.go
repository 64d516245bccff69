package exchange

import (
	"fmt"
	"strings"

	"statehouse/engine/value"
)

// Unfilled says which placeholders of a machine have no value.
type Unfilled struct {
	Machine string
	Missing []Placeholder
}

// Error names them and where they are used.
func (e *Unfilled) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s has placeholders without a value:", e.Machine)
	for _, p := range e.Missing {
		fmt.Fprintf(&b, " ${%s}", p.Name)
		if len(p.Uses) > 0 {
			fmt.Fprintf(&b, " in %s", p.Uses[0])
		}
		b.WriteByte(',')
	}
	return strings.TrimSuffix(b.String(), ",")
}

// BadValue says that a value does not fit a placeholder.
type BadValue struct{ Machine, Name, Why string }

// Error is the machine, the placeholder and the reason.
func (e *BadValue) Error() string {
	return fmt.Sprintf("%s: the value of ${%s} %s", e.Machine, e.Name, e.Why)
}

// Fill puts values in for the placeholders of a machine. A value is looked for as
// "ID:placeholder", then as "placeholder", then it is the default. Inside of JSON strings it
// is escaped; outside it must be JSON. The value ${name} of a placeholder with that name
// leaves it open on purpose. Errors are *Unfilled, which lists all that are missing, and
// *BadValue.
func Fill(m Machine, values map[string]string) (Machine, error) {
	var missing []Placeholder
	put := map[string]string{}
	for _, p := range m.Placeholders {
		v, ok := valueFor(m.ID, p, values)
		if !ok {
			missing = append(missing, p)
			continue
		}
		put[p.Name] = v
	}
	if len(missing) > 0 {
		return m, &Unfilled{Machine: m.Name, Missing: missing}
	}
	var bad error
	m.Definition = replaced(m.Definition, func(s spot) (string, bool) {
		v, ok := put[s.name]
		switch {
		case !ok || v == reference(s.name):
			return "", false
		case s.inside:
			return escaped(v), true
		}
		if _, err := value.Parse(v); err != nil && bad == nil {
			bad = &BadValue{m.Name, s.name, fmt.Sprintf("must be a number or other JSON, as it stands outside of quotes: %q is none", v)}
		}
		return strings.TrimSpace(v), true
	})
	if bad != nil {
		return m, bad
	}
	m.Placeholders = placeholdersOf(m.Definition, func(string) *hole { return nil })
	return m, nil
}

func valueFor(id string, p Placeholder, values map[string]string) (string, bool) {
	if v, ok := values[id+":"+p.Name]; ok {
		return v, true
	}
	if v, ok := values[p.Name]; ok {
		return v, true
	}
	return p.Default, p.HasDefault
}
