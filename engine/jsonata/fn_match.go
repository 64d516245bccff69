package jsonata

import (
	"math"
	"strings"

	"statehouse/engine/jsonata/regex"
)

var matchFunctions = []entry{
	{"match(str, regex, limit)", "<s-f<s:o>n?:a<o>>", wide(8, fnMatch)},
	{"contains(str, token)", "<s-(sf):b>", missing(fnContains)},
	{"replace(str, pattern, replacement, limit)", "<s-(sf)(sf)n?:s>", missing(fnReplace)},
	{"split(str, separator, limit)", "<s-(sf)n?:a<s>>", missing(fnSplit)},
}

// limit is an optional count; without it everything counts.
func (c *call) limit(i int, code string) (float64, error) {
	arg := c.whole(i)
	if arg.undefined() {
		return math.Inf(1), nil
	}
	f := arg.float()
	if f < 0 {
		return 0, fail(code, fields{"value": arg, "index": i + 1})
	}
	return f, nil
}

func fnMatch(c *call) (item, error) {
	limit, err := c.limit(2, "D3040")
	if err != nil {
		return item{}, err
	}
	f := c.arg(1).function()
	if f == nil {
		return item{}, notCallable()
	}
	out := &cell{kind: array, seq: true}
	err = c.matches(f, c.arg(0).text()).each(limit, func(h hit) error {
		r := &record{members: []member{
			{"match", str(h.Text)}, {"index", num(float64(h.Start))}, {"groups", groupItems(h.Groups)},
		}}
		c.ev.add(out, newObject(r))
		return nil
	})
	return item{cell: out}, err
}

func fnContains(c *call) (item, error) {
	if f := c.arg(1).function(); f != nil {
		if err := c.ev.room(8 * len(c.arg(0).text())); err != nil {
			return item{}, err
		}
		_, found, err := c.matches(f, c.arg(0).text()).find()
		return truth(found), err
	}
	s, part := parted(c.arg(0).text(), c.arg(1).text())
	return truth(strings.Contains(s, part)), nil
}

func fnReplace(c *call) (item, error) {
	s, by := c.arg(0).text(), c.arg(2)
	f := c.arg(1).function()
	if f == nil && c.arg(1).text() == "" {
		return item{}, fail("D3010", fields{"value": c.arg(1), "index": 2})
	}
	limit, err := c.limit(3, "D3011")
	if err != nil {
		return item{}, err
	}
	if f == nil {
		return c.replaceText(s, c.arg(1).text(), by, limit)
	}
	if err := c.ev.room(8 * len(s)); err != nil {
		return item{}, err
	}
	var out strings.Builder
	m := c.matches(f, s)
	position := 0
	err = m.each(limit, func(h hit) error {
		with, err := c.replacement(m, h, by)
		if err != nil {
			return err
		}
		before := slice(m.text, position, h.Start)
		out.WriteString(before)
		out.WriteString(with)
		position = h.Start + utf16Len(h.Text)
		return c.ev.spend(len(before) + len(with))
	})
	if err != nil {
		return item{}, err
	}
	out.WriteString(slice(m.text, position, m.text.Len()))
	return str(out.String()), c.ev.spend(out.Len())
}

// slice is JavaScript's substring.
func slice(t regex.Text, from, to int) string {
	from, to = max(0, min(from, t.Len())), max(0, min(to, t.Len()))
	return t.Slice(min(from, to), max(from, to))
}

func (c *call) replacement(m *matches, h hit, by item) (string, error) {
	f := by.function()
	if f == nil {
		return regex.Expand(by.text(), h.Match), nil
	}
	res, err := c.invoke(f, m.object(h))
	if err != nil {
		return "", err
	}
	if res.kind() != text {
		return "", fail("D3012", fields{"value": res})
	}
	return res.text(), nil
}

func (c *call) replaceText(s, old string, by item, limit float64) (item, error) {
	with := jsText(by)
	s, old = parted(s, old)
	n := strings.Count(s, old)
	if limit < float64(n) {
		n = int(math.Ceil(limit))
	}
	if err := c.ev.spend(len(s) + n*max(0, len(with)-len(old))); err != nil {
		return item{}, err
	}
	return str(strings.Replace(s, old, with, n)), nil
}

func fnSplit(c *call) (item, error) {
	limit, err := c.limit(2, "D3020")
	if err != nil {
		return item{}, err
	}
	s := c.arg(0).text()
	f := c.arg(1).function()
	if f == nil {
		return c.splitText(s, c.arg(1).text(), limit)
	}
	if err := c.ev.room(8 * len(s)); err != nil {
		return item{}, err
	}
	out := &cell{kind: array}
	m := c.matches(f, s)
	start := 0
	err = m.each(limit, func(h hit) error {
		c.ev.add(out, str(slice(m.text, start, h.Start)))
		start = h.End
		return nil
	})
	if err != nil {
		return item{}, err
	}
	if float64(item{cell: out}.size()) < limit {
		c.ev.add(out, str(slice(m.text, start, m.text.Len())))
	}
	return item{cell: out}, c.ev.spend(len(s))
}

// splitText splits by a string; by the empty one into UTF-16 units.
func (c *call) splitText(s, separator string, limit float64) (item, error) {
	most := -1
	if !math.IsInf(limit, 0) && limit < 1<<31 {
		most = int(limit)
	}
	s, separator = parted(s, separator)
	if err := c.ev.spend((strings.Count(s, separator) + 1) * itemSize); err != nil {
		return item{}, err
	}
	out := &cell{kind: array}
	if separator != "" {
		for part := range strings.SplitSeq(s, separator) {
			if most == 0 {
				break
			}
			most--
			c.ev.add(out, str(part))
		}
		return item{cell: out}, nil
	}
	for i := 0; i < len(s); {
		r, size := nextChar(s, i)
		i += size
		units := []uint16{uint16(r)}
		if r > 0xFFFF {
			units = []uint16{uint16(0xD800 + (r-0x10000)>>10), uint16(0xDC00 + (r-0x10000)&0x3FF)}
		}
		for _, u := range units {
			if most != 0 {
				most--
				c.ev.add(out, str(string(appendUnit(nil, u))))
			}
		}
	}
	return item{cell: out}, nil
}
