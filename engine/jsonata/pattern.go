package jsonata

import (
	"strings"

	"statehouse/engine/jsonata/regex"
)

// pattern is a regular expression in the text of an expression.
type pattern struct {
	*regex.Regexp
	pos int
}

func compilePattern(t token) (*pattern, *Error) {
	flags, source, _ := strings.Cut(t.text, "/")
	re, err := regex.Compile(source, flags)
	if err != nil {
		return nil, &Error{Position: t.pos, Message: err.Error()}
	}
	return &pattern{re, t.pos}, nil
}

// hit is a match, by a regular expression or by a function that plays one.
type hit struct {
	regex.Match
	whole item // what functions see of it
}

// matches walks over the matches of one matcher in one string.
type matches struct {
	ev   *evaluation
	text regex.Text
	re   *pattern
	at   int
	any  bool // there was one
	next func() (item, error)
}

func (c *call) matches(f *callable, s string) *matches {
	m := &matches{ev: c.ev, text: regex.NewText(s)}
	inside := f
	for inside.wrapped != nil {
		inside = inside.wrapped
	}
	if m.re = inside.regex; m.re == nil {
		m.next = func() (item, error) { return c.invoke(f, str(s)) }
	}
	return m
}

// find is the next match; false when there is none.
func (m *matches) find() (hit, bool, error) {
	if err := m.ev.tick(); err != nil {
		return hit{}, false, err
	}
	if m.re == nil {
		return m.ask()
	}
	if m.any && m.at >= m.text.Len() {
		return hit{}, false, nil
	}
	found, ok, err := m.re.Find(m.text, m.at, m.ev.budget.Time-m.ev.elapsed())
	switch {
	case err != nil:
		return hit{}, false, exceeded(TimeBudget)
	case !ok:
		return hit{}, false, nil
	case m.any && found.Start == found.End:
		e := fail("D1004", fields{"value": m.re.Source()})
		e.Position = m.re.pos
		return hit{}, false, e
	}
	m.any, m.at = true, found.End
	m.ev.grown(4 * itemSize)
	return hit{Match: found}, true, nil
}

// each gives the matches to do, at most so many. As in jsonata-js the one behind the last is
// looked for as well, and may be an error.
func (m *matches) each(limit float64, do func(hit) error) error {
	for n := 0; float64(n) < limit; n++ {
		h, ok, err := m.find()
		if err != nil || !ok {
			return err
		}
		if err := do(h); err != nil {
			return err
		}
		if float64(n+1) >= limit {
			_, _, err = m.find()
			return err
		}
	}
	return nil
}

// ask calls the function that stands for a regular expression.
func (m *matches) ask() (hit, bool, error) {
	if m.next == nil {
		return hit{}, false, nil
	}
	i, err := m.next()
	if err != nil || i.undefined() {
		return hit{}, false, err
	}
	if jsTruth(i) && i.get("start").kind() != number && !i.get("groups").isArray() && i.get("next").function() == nil {
		return hit{}, false, fail("T1010", nil)
	}
	h := hit{whole: i}
	h.Text = i.get("match").text()
	h.Start, h.End = int(i.get("start").float()), int(i.get("end").float())
	v := viewOf(i.get("groups"))
	for k := range v.n {
		g := v.at(k)
		h.Groups = append(h.Groups, regex.Group{Text: g.text(), Matched: g.kind() == text})
	}
	m.next = nil
	if f := i.get("next").function(); f != nil {
		m.next = func() (item, error) { return m.ev.apply(f, nil, &itemNull, nil) }
	}
	return h, true, nil
}

func groupItems(groups []regex.Group) item {
	list := make([]item, len(groups))
	for i, g := range groups {
		if g.Matched {
			list[i] = str(g.Text)
		}
	}
	return items(list...)
}

// matcher is a regular expression called as a function: the match, with a function that gives
// the next.
func (ev *evaluation) matcher(p *pattern, args []item) (item, error) {
	var subject item
	if len(args) > 0 {
		subject = args[0]
	}
	s := jsString(subject)
	if err := ev.room(8 * len(s)); err != nil {
		return item{}, err
	}
	m := &matches{ev: ev, text: regex.NewText(s), re: p}
	if len(args) > 1 {
		m.at = max(0, int(args[1].float()))
	}
	return m.step()
}

func (m *matches) step() (item, error) {
	h, ok, err := m.find()
	if !ok || err != nil {
		return item{}, err
	}
	return m.object(h), nil
}

// object is what functions see of a match.
func (m *matches) object(h hit) item {
	if !h.whole.undefined() {
		return h.whole
	}
	later := *m
	return newObject(&record{members: []member{
		{"match", str(h.Text)},
		{"start", num(float64(h.Start))},
		{"end", num(float64(h.End))},
		{"groups", groupItems(h.Groups)},
		{"next", fun(&callable{plain: true, host: func(*evaluation, []item, item) (item, error) {
			again := later
			return again.step()
		}})},
	}})
}
