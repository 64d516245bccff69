package jsonata

import (
	"strconv"
	"unicode/utf8"
	"unique"

	"statehouse/engine/value"
)

// kind says what an item is. Up to object the numbers are those of value.Kind.
type kind uint8

const (
	undefined kind = iota
	null
	boolean
	number
	text
	array
	object
	function
	tuple // a set of bindings in the stream of a path with @, # or %
)

// item is what expressions work on: a JSON value as it was read, a calculated number, or
// something made by the evaluation. The zero item is undefined.
type item struct {
	json value.Value
	num  float64
	cell *cell
}

// cell holds what value.Value does not: calculated numbers, sequences, objects under
// construction, functions. Cells belong to one evaluation.
type cell struct {
	kind  kind
	seq   bool // a sequence: one item alone stands for itself
	keep  bool // a sequence that stays an array when it has one item
	cons  bool // made by an array constructor in a path: does not flatten
	outer bool // wraps the input, when that is an array
	tuple bool // a stream of tuples
	bare  bool // a stream of tuples that was sorted: expressions see its tuples as objects

	// The items of an array stand in one of these: as JSON as long as they are nothing else, written
	// out, or as a range.
	json  []value.Value
	items []item
	span  *span

	obj *record
	fn  *callable
	tup *frame
	str string // text that has half a surrogate pair in it
}

// span is a range of integers that nobody has written out.
type span struct {
	first float64
	count int
}

var calculated = &cell{kind: number}

func (i item) kind() kind {
	if i.cell != nil {
		return i.cell.kind
	}
	return kind(i.json.Kind())
}

func (i item) undefined() bool { return i.cell == nil && i.json.IsAbsent() }

func intern(s string) name { return unique.Make(s) }

func of(v value.Value) item { return item{json: v} }

func num(f float64) item { return item{num: f, cell: calculated} }

// str is a string. Halves of a surrogate pair that have met in it become a character.
func str(s string) item {
	if !utf8.ValidString(s) {
		if s = joinSurrogates([]byte(s)); !utf8.ValidString(s) {
			return item{cell: &cell{kind: text, str: s}}
		}
	}
	return item{json: value.String(s)}
}

var (
	itemTrue  = item{json: value.Bool(true)}
	itemFalse = item{json: value.Bool(false)}
	itemNull  = item{json: value.Nil}
)

func truth(b bool) item {
	if b {
		return itemTrue
	}
	return itemFalse
}

func wordValue(s string) item {
	switch s {
	case "true":
		return itemTrue
	case "false":
		return itemFalse
	}
	return itemNull
}

func fun(c *callable) item { return item{cell: &cell{kind: function, fn: c}} }

// float is a number's value.
func (i item) float() float64 {
	if i.cell != nil {
		return i.num
	}
	return parseLiteral(i.json.Literal())
}

// parseLiteral reads short decimals without the care that exponents and long numbers need: a
// whole number below 2^53 divided by a power of ten that a float64 holds is exact.
func parseLiteral(s string) float64 {
	if len(s) > 16 {
		return slowLiteral(s)
	}
	n, point, neg := int64(0), -1, false
	for k := range len(s) {
		switch c := s[k]; {
		case c >= '0' && c <= '9':
			n = n*10 + int64(c-'0')
		case c == '.':
			point = k
		case c == '-' && k == 0:
			neg = true
		default:
			return slowLiteral(s)
		}
	}
	if n >= 1<<53 {
		return slowLiteral(s)
	}
	f := float64(n)
	if point >= 0 {
		f /= powers[len(s)-1-point]
	}
	if neg {
		return -f
	}
	return f
}

var powers = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16}

func slowLiteral(s string) float64 {
	f, _ := strconv.ParseFloat(s, 64) // out of range gives an infinity, which is what JavaScript reads
	return f
}

// text is the content of a string.
func (i item) text() string {
	if i.cell != nil {
		return i.cell.str
	}
	return i.json.Text()
}

func (i item) isArray() bool { return i.kind() == array }

// isSequence reports whether one item in i would stand for itself.
func (i item) isSequence() bool { return i.cell != nil && i.cell.seq && i.cell.kind == array }

func (i item) function() *callable {
	if i.cell == nil || i.cell.kind != function {
		return nil
	}
	return i.cell.fn
}

// items makes an array.
func items(list ...item) item { return item{cell: &cell{kind: array, items: list}} }

// sequence makes a sequence.
func sequence(list ...item) item { return item{cell: &cell{kind: array, seq: true, items: list}} }

// view reads an array, however it is kept. Anything else reads as an array of itself.
type view struct {
	one   item
	cells []item
	json  []value.Value
	span  *span
	n     int
}

func viewOf(i item) view {
	switch {
	case i.cell == nil:
		if i.json.Kind() == value.KindArray {
			list := i.json.Items()
			return view{json: list, n: len(list)}
		}
	case i.cell.kind == array:
		if i.cell.span != nil {
			return view{span: i.cell.span, n: i.cell.span.count}
		}
		if i.cell.json != nil {
			return view{json: i.cell.json, n: len(i.cell.json)}
		}
		return view{cells: i.cell.items, n: len(i.cell.items)}
	}
	return view{one: i, n: 1}
}

func (v *view) at(k int) item {
	switch {
	case v.cells != nil:
		return v.cells[k]
	case v.json != nil:
		return item{json: v.json[k]}
	case v.span != nil:
		return num(v.span.first + float64(k))
	}
	return v.one
}

// size counts the items of an array.
func (i item) size() int {
	if i.cell == nil {
		return i.json.Len()
	}
	if i.cell.span != nil {
		return i.cell.span.count
	}
	return len(i.cell.items) + len(i.cell.json)
}

// like is an array with the same items and none of the marks.
func (c *cell) like() *cell { return &cell{kind: array, json: c.json, items: c.items, span: c.span} }

// collapse lets an empty sequence be undefined and a sequence of one be its item.
func (i item) collapse() item {
	if i.cell == nil || !i.cell.seq {
		return i
	}
	return i.collapseSequence()
}

func (i item) collapseSequence() item {
	if i.cell.kind != array || i.cell.tuple {
		return i
	}
	switch n := i.size(); {
	case n == 0:
		return item{}
	case n == 1 && !i.cell.keep:
		v := viewOf(i)
		return v.at(0)
	}
	return i
}
