package jsonata

import (
	"errors"

	"statehouse/engine/jsonata/picture"
)

var pictureFunctions = []entry{
	{"formatNumber(value, picture, options)", "<n-so?:s>", missing(fnFormatNumber)},
	{"formatBase(value, radix)", "<n-n?:s>", missing(fnFormatBase)},
	{"formatInteger(value, picture)", "<n-s:s>", missing(fnFormatInteger)},
	{"parseInteger(value, picture)", "<s-s:n>", wide(128, fnParseInteger)},
	{"toMillis(timestamp, picture)", "<s-s?:n>", wide(128, fnToMillis)},
	{"fromMillis(millis, picture, timezone)", "<n-s?s?:s>", missing(fnFromMillis)},
	{"now(picture, timezone)", "<s?s?:s>", func(c *call) (item, error) {
		return c.time(float64(c.ev.in.Now.UnixMilli()), c.arg(0), c.arg(1))
	}},
	{"millis()", "<:n>", func(c *call) (item, error) { return num(float64(c.ev.in.Now.UnixMilli())), nil }},
}

// drawn is the result of a picture, or its error in our form.
func (c *call) drawn(s string, err error) (item, error) {
	if err != nil {
		return item{}, pictureError(err)
	}
	return str(s), c.ev.spend(len(s))
}

func pictureError(err error) error {
	e, ok := errors.AsType[*picture.Error](err)
	switch {
	case !ok:
		return exceeded(BytesBudget)
	case e.Code == "D3100":
		return fail(e.Code, fields{"value": rawText(e.Value)})
	}
	return fail(e.Code, fields{"value": e.Value})
}

func fnFormatNumber(c *call) (item, error) {
	options := map[string]string{}
	for _, m := range c.arg(2).members() {
		if m.val.kind() == text {
			options[m.key] = m.val.text()
		}
	}
	return c.drawn(picture.FormatNumber(c.arg(0).float(), c.arg(1).text(), options))
}

func fnFormatBase(c *call) (item, error) {
	radix := 10.0
	if r := c.whole(1); !r.undefined() {
		radix = r.float()
	}
	return c.drawn(picture.FormatBase(c.arg(0).float(), radix))
}

func fnFormatInteger(c *call) (item, error) {
	return c.drawn(picture.FormatInteger(c.arg(0).float(), c.arg(1).text()))
}

func fnParseInteger(c *call) (item, error) {
	f, err := picture.ParseInteger(c.arg(0).text(), c.arg(1).text())
	if err != nil {
		return item{}, pictureError(err)
	}
	return num(f), nil
}

func fnToMillis(c *call) (item, error) {
	if c.arg(1).undefined() {
		f, err := picture.ParseISO(c.arg(0).text())
		if err != nil {
			return item{}, pictureError(err)
		}
		return num(f), nil
	}
	f, ok, err := picture.ParseTime(c.arg(0).text(), c.arg(1).text(), c.ev.in.Now)
	switch {
	case err != nil:
		return item{}, pictureError(err)
	case !ok:
		return item{}, nil
	}
	return num(f), nil
}

func fnFromMillis(c *call) (item, error) { return c.time(c.arg(0).float(), c.arg(1), c.arg(2)) }

func (c *call) time(millis float64, pattern, zone item) (item, error) {
	return c.drawn(picture.FormatTime(millis, optional(pattern), optional(zone)))
}

// optional is a string argument that may be missing.
func optional(i item) *string {
	if i.kind() != text {
		return nil
	}
	return new(i.text())
}
