package jsonata

import (
	"crypto/md5"  //nolint:gosec // the user asks for it
	"crypto/sha1" //nolint:gosec // the user asks for it
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"math"

	"statehouse/engine/value"
)

// awsFunctions are the functions that Step Functions adds.
var awsFunctions = []entry{
	{"partition(array, size)", "<an:a>", missing(fnPartition)},
	{"range(first, last, delta)", "<nnn:a>", missing(fnRange)},
	{"hash(content, algorithm)", "<ss:s>", wide(2, fnHash)},
	{"random(seed)", "<n?:n>", fnRandom},
	{"uuid()", "<:s>", func(c *call) (item, error) { return str(c.ev.uuid()), nil }},
	{"parse(json)", "<s-:x>", missing(fnParse)},
}

// fnPartition cuts an array into arrays of a size; the size is rounded down.
func fnPartition(c *call) (item, error) {
	size := c.whole(1).float()
	if !(size >= 1) {
		return item{}, &Error{Message: "The second argument of the partition function must be a positive number"}
	}
	v := viewOf(c.arg(0))
	if err := c.ev.spend(v.n * 2 * itemSize); err != nil {
		return item{}, err
	}
	step := int(min(size, 1<<31))
	out := []item{}
	for from := 0; from < v.n; from += step {
		part := make([]item, 0, min(step, v.n-from))
		for k := from; k < min(v.n, from+step); k++ {
			part = append(part, v.at(k))
		}
		out = append(out, items(part...))
	}
	return items(out...), nil
}

// fnRange counts from the first to the last number, which is included when a step meets it.
// All three are rounded down.
func fnRange(c *call) (item, error) {
	first, last, delta := c.whole(0).float(), c.whole(1).float(), c.whole(2).float()
	if delta == 0 || math.IsNaN(delta) {
		return item{}, &Error{Message: "The third argument of the range function must not be zero"}
	}
	size := math.Floor((last-first)/delta) + 1
	switch {
	case !(size >= 1):
		return items(), nil
	case size > maxSpan:
		return item{}, fail("D2014", fields{"value": num(size)})
	}
	if err := c.ev.spend(int(size) * itemSize); err != nil {
		return item{}, err
	}
	out := make([]item, int(size))
	for k := range out {
		out[k] = num(first + float64(k)*delta)
	}
	return items(out...), nil
}

func fnHash(c *call) (item, error) {
	content := []byte(c.arg(0).text())
	var sum []byte
	switch algorithm := c.arg(1).text(); algorithm {
	case "MD5":
		s := md5.Sum(content) //nolint:gosec // the user asks for it
		sum = s[:]
	case "SHA-1":
		s := sha1.Sum(content) //nolint:gosec // the user asks for it
		sum = s[:]
	case "SHA-256":
		s := sha256.Sum256(content)
		sum = s[:]
	case "SHA-384":
		s := sha512.Sum384(content)
		sum = s[:]
	case "SHA-512":
		s := sha512.Sum512(content)
		sum = s[:]
	default:
		return item{}, &Error{Message: "The hash function does not support the algorithm " + quote(algorithm)}
	}
	return str(hex.EncodeToString(sum)), nil
}

// fnRandom is a number from 0 to below 1; the same seed gives the same number.
func fnRandom(c *call) (item, error) {
	if seed := c.whole(0); !seed.undefined() {
		bits := scramble(scramble(math.Float64bits(seed.float())) + 1)
		return num(float64(bits>>11) / (1 << 53)), nil
	}
	return num(c.ev.random()), nil
}

// uuid is a version 4 UUID.
func (ev *evaluation) uuid() string {
	if ev.in.UUID != nil {
		return ev.in.UUID()
	}
	a, b := ev.bits(), ev.bits()
	a = a&^0xF000 | 0x4000
	b = b&^(3<<62) | 2<<62
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", a>>32, a>>16&0xFFFF, a&0xFFFF, b>>48, b&(1<<48-1))
}

func fnParse(c *call) (item, error) {
	s := c.arg(0).text()
	if err := c.ev.spend(16 * len(s)); err != nil { // of {} most
		return item{}, err
	}
	v, err := value.Parse(s)
	if err != nil {
		return item{}, &Error{Message: "Unable to parse the argument of the parse function as JSON: " + err.Error()}
	}
	return of(v), nil
}
