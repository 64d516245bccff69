package intrinsic

import (
	"strconv"
	"strings"

	"statehouse/engine/value"
)

// format is a template of States.Format cut at its placeholders.
type format struct{ pieces []string }

// compileFormat cuts raw at every {}. Escaped braces, and braces that form no placeholder,
// stay as they are.
func compileFormat(raw string) *format {
	f := &format{}
	var piece strings.Builder
	for i := 0; i < len(raw); i++ {
		switch {
		case raw[i] == '\\' && i+1 < len(raw) && strings.IndexByte(`'{}\`, raw[i+1]) >= 0:
			i++
			piece.WriteByte(raw[i])
		case strings.HasPrefix(raw[i:], "{}"):
			f.pieces = append(f.pieces, piece.String())
			piece.Reset()
			i++
		default:
			piece.WriteByte(raw[i])
		}
	}
	f.pieces = append(f.pieces, piece.String())
	return f
}

func answerFormat(c *Call, _ Env, args []value.Value) (value.Value, string) {
	f := c.format
	if f == nil {
		f = compileFormat(args[0].Text())
	}
	if want := len(f.pieces) - 1; want != len(args)-1 {
		return value.Value{}, "the template has " + strconv.Itoa(want) + " placeholders, but there are " +
			strconv.Itoa(len(args)-1) + " arguments for them"
	}
	var b strings.Builder
	b.WriteString(f.pieces[0])
	for i, arg := range args[1:] {
		b.WriteString(value.Plain(arg))
		b.WriteString(f.pieces[i+1])
	}
	return value.String(b.String()), ""
}
