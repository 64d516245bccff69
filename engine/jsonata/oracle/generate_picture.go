package oracle

import (
	"strconv"
	"strings"
)

// pictured is a call of a function with a picture string.
func (g *Generator) pictured() string {
	return g.one(g.formattedNumber, g.formattedInteger, g.parsedInteger, g.formattedTime, g.parsedTime, g.parsedTime)
}

// letters is a string of letters from a set, each as likely as it is frequent in the set.
func (g *Generator) letters(set string, from, to int) string {
	runes := []rune(set)
	return g.several(from, to, "", func() string { return string(runes[g.r.IntN(len(runes))]) })
}

// extreme is a number near one of the ends of what numbers and pictures can show.
func (g *Generator) extreme() string {
	return g.pick("0", "-0", "1", "-1", "0.5", "1.5", "2.5", "-0.5", "0.1", "0.05", "0.045", "1e-7", "1e-10", "5e-324", "1e15", "123456789012345678", "1e21", "1.5e300",
		"1.7976931348623157e308", "-1e100", "1e100", "999.995", "1234567.891", "-1234.5678", "12345678", "0.00012345", "1/3", "100/3", "0.1+0.2", "9007199254740993",
		"4.35", "1.005", "19.999", "99", "100", "101", "1000", "1001", "999999", "1e6", "1e12", "1234567890123", "3999", "4000", "26", "27", "702", "703", "n", "price", "neg", "big", "small")
}

func (g *Generator) formattedNumber() string {
	picture := g.numberPicture()
	switch g.r.IntN(4) {
	case 0:
		picture = g.letters("##00,,..;%‰e-( )x", 1, 9)
	case 1:
		picture = g.letters("###000,", 1, 7) + g.pick("", ".", "."+g.letters("00##,", 1, 5)) + g.pick("", "", "", "e0", "e00", "%", ";("+g.letters("#0", 1, 3)+")")
	}
	options := ""
	if g.chance(35) {
		options = ", {" + g.several(1, 2, ", ", func() string {
			return g.pick(`"decimal-separator": ","`, `"grouping-separator": "."`, `"grouping-separator": "'"`, `"exponent-separator": "E"`, `"infinity": "lots"`, `"minus-sign": "m"`, `"minus-sign": "~~"`,
				`"NaN": "none"`, `"percent": "pc"`, `"percent": "x"`, `"per-mille": "pm"`, `"zero-digit": "٠"`, `"zero-digit": "۰"`, `"digit": "?"`, `"pattern-separator": "|"`, `"pattern-separator": ":"`, `"unknown": "x"`)
		}) + "}"
	}
	return "$formatNumber(" + g.extreme() + ", " + strconv.Quote(picture) + options + ")"
}

// countPicture is an integer picture, most often a sound one.
func (g *Generator) countPicture() string {
	switch g.r.IntN(4) {
	case 0:
		return g.letters("##00,.: ;oct1٠a", 1, 7)
	case 1:
		return g.letters("#0", 0, 3) + g.letters(",.:'", 0, 1) + g.letters("0#", 0, 3) + g.letters(",.:'", 0, 1) + g.letters("0", 1, 3) + g.pick("", "", ";o", ";c", ";o(-en)", ";")
	}
	return g.pick("w", "W", "Ww", "i", "I", "a", "A", "0", "00", "#,##0", "1", "٠١", "α", "Ⅰ", "一", "#", "*", "aa", "iI", "0a", "0٠", "wW") + g.pick("", "", "", ";o", ";c", ";o(-e)", ";t", ";;o")
}

func (g *Generator) formattedInteger() string {
	return "$formatInteger(" + g.extreme() + ", " + strconv.Quote(g.countPicture()) + ")"
}

func (g *Generator) parsedInteger() string {
	picture := strconv.Quote(g.countPicture())
	if g.chance(60) {
		return "$parseInteger($formatInteger(" + g.extreme() + ", " + picture + "), " + picture + ")"
	}
	return "$parseInteger(" + g.pick(`"12"`, `"-12"`, `"1,234"`, `"1.234"`, `""`, `" 7"`, `"007"`, `"xiv"`, `"XIV"`, `"iiii"`, `"mcmxc"`, `"abc"`, `"ZZ"`, `"twelve"`, `"Twelve"`, `"one hundred and five"`,
		`"twenty-first"`, `"one thousand, two hundred and thirty-four"`, `"two million"`, `"nine hundred trillion"`, `"12th"`, `"1st"`, `"٣٤"`, `"1e3"`, `"12x"`, "num", "name", "nothing") + ", " + picture + ")"
}

// moment is a time in milliseconds.
func (g *Generator) moment() string {
	return g.pick("0", "1", "-1", "1521801216617", "1e12", "951782400000", "951868800000", "1709164800000", "1735689599999", "1704067200000", "1230768000000", "1262304000000", "-62135596800000", "-62167219200000",
		"-63e12", "253402300800000", "8.64e15", "-8.64e15", "8640000000000001", "1.5", "-0.5", "1521801216617.9", "1e300", strconv.FormatInt(g.r.Int64N(4_000_000_000_000)-1_000_000_000_000, 10))
}

// pictureOfTime mixes markers of all components with all kinds of presentation.
func (g *Generator) pictureOfTime() string {
	marker := func() string {
		component := g.letters("YYMMDDddFFWwXxCEPHhmsfZzQb ", 1, 1)
		presentation := g.pick("", "", "", "1", "01", "001", "0001", "0", "#0", "#,##0", "#1", "N", "n", "Nn", "I", "i", "W", "w", "Ww", "A", "a", "01:01", "0101", "01:01t", "0101t", "1t", "00:00", "000", "٠١", "*", "Y")
		modifier := g.pick("", "", "", "o", "c", "t", "oo")
		width := g.pick("", "", "", "", ",2", ",3", ",*-3", ",2-2", ",2-4", ",*", ",4-*", ",1-1", ",*-2", ",x", ",5", ",10-12", ",0")
		text := component + presentation + modifier + width
		if g.chance(5) {
			text = " " + text
		}
		return "[" + text + "]"
	}
	literal := func() string {
		return g.pick("-", " ", "/", ":", "T", ", ", "", "[[", "]]", "é", " of ", ".", "+", "(")
	}
	text := g.several(1, 4, literal(), marker)
	if g.chance(10) {
		text = literal() + text + literal()
	}
	if g.chance(3) {
		text += g.pick("[", "]", "[]", "[Y", "[[Y]")
	}
	return text
}

// soundTime is a picture that gives a moment.
func (g *Generator) soundTime() string {
	date := g.pick("[Y]-[M]-[D]", "[Y0001]-[M01]-[D01]", "[D1o] [MNn] [Y]", "[D] [MN,*-3] [Y]", "[FNn], [D]/[M]/[Y]", "[Y][M01][D01]", "[Y]-[d]", "[YI]-[MI]-[DI]", "[Dwo] of [MNn] [Yw]", "[Y,2]-[M,2]-[D,2]", "[M]/[D]/[Y,2-2]",
		"[X]-W[W]-[F1]", "[X]-[x]-[w]", "[Y]", "[Y]-[M]", "[M]-[D]", "[DA]-[Ma]-[Y]", "[Y,4][M,2][D,2]", "[Y٠٠٠١]-[M٠١]-[D٠١]")
	clock := g.pick("", "", "T[H]:[m]:[s]", " [H01]:[m01]:[s01].[f001]", " [h]:[m01] [P]", " [h#1][PN]", " [H]", " [H00][m00][s00]", " [m]:[s]", " [h]:[m]:[s] [PN]", "T[H01]:[m01]:[s01].[f001][Z01:01t]", " [H][Z]", " [H]:[m] [z]", " [H]:[m][Z0101]", "[Z]")
	return date + clock
}

func (g *Generator) zone() string {
	return g.pick("", "", "", `, "+0100"`, `, "-0500"`, `, "+0530"`, `, "-0330"`, `, "0000"`, `, "+1400"`, `, "Z"`, `, "abc"`, `, ""`, `, "+1"`, `, "1:30"`, `, "-0030"`)
}

func (g *Generator) formattedTime() string {
	picture := g.pictureOfTime()
	if g.chance(40) {
		picture = g.soundTime()
	}
	if g.chance(10) {
		return "$fromMillis(" + g.moment() + g.pick("", ", nothing"+g.zone()) + ")"
	}
	return "$fromMillis(" + g.moment() + ", " + strconv.Quote(picture) + g.zone() + ")"
}

func (g *Generator) parsedTime() string {
	picture := g.soundTime()
	if g.chance(25) {
		picture = g.pictureOfTime()
	}
	quoted := strconv.Quote(picture)
	switch g.r.IntN(4) {
	case 0:
		return "$toMillis(" + strconv.Quote(g.iso()) + ")"
	case 1:
		return "$toMillis(" + strconv.Quote(strings.TrimSpace(g.iso())) + ", " + quoted + ")"
	}
	return "$toMillis($fromMillis(" + g.moment() + ", " + quoted + g.zone() + "), " + quoted + ")"
}

// iso is a timestamp in the manner of ISO 8601.
func (g *Generator) iso() string {
	return g.pick("2024", "1970", "0001", "99", "+012024", "-000001", "2023", "2024 ") + g.pick("", "-02", "-13", "-2", "-12") + g.pick("", "-29", "-30", "-31", "-1", "-01") +
		g.pick("", "", "T07:08", "T07:08:09", "T07:08:09.1", "T07:08:09.123", "T07:08:09.1234567", "T24:00:00", "T25:00", "T07", " 07:08:09", "t07:08:09z", "T23:59:60") + g.pick("", "Z", "Z", "+01:00", "-0530", "+0100", "+24:00", "z", "x")
}
