package oracle

import (
	"regexp"
	"strings"
)

// pieces are the tokens of an expression, spaces between them included.
var pieces = regexp.MustCompile("\"(?:[^\"\\\\]|\\\\.)*\"|'[^']*'|`[^`]*`|\\$?[\\p{L}_][\\p{L}\\p{N}_]*|[0-9]+(?:\\.[0-9]+)?|\\s+|:=|~>|<=|>=|!=|\\.\\.|\\*\\*|.")

// damaged is an expression with a token too many, too few or in the wrong place. Mostly it can
// no longer be read; jsonata-js says where.
func (g *Generator) damaged() string {
	tokens := pieces.FindAllString(g.any(), -1)
	for range 1 + g.r.IntN(2) {
		at := g.r.IntN(len(tokens) + 1)
		switch g.r.IntN(4) {
		case 0:
			if at < len(tokens) {
				tokens = append(tokens[:at:at], tokens[at+1:]...)
			}
		case 1:
			if at < len(tokens) {
				other := g.r.IntN(len(tokens))
				tokens[at], tokens[other] = tokens[other], tokens[at]
			}
		case 2:
			tokens = tokens[:at]
		default:
			extra := g.pick("(", ")", "[", "]", "{", "}", "|", ",", ";", ":", ":=", "?", ".", "..", "*", "**", "%", "@", "#", "^", "~>", "<", ">", "=", "!=", "!", "&", "+", "-", "/", "and", "or", "in", "$", "$$", "$v", "a", "1", "1.", "1e", "'x'", `"x`, "`", "/*", "*/",
				"function", "λ", "function(", "\\", "~", "\"\\q\"", "\"\\u12\"", "/a/", "/", "€", "null", "true", "\t", "\n", "^(", "@$", "#$", "?:", "??", "~", ">", "1e1000", "$ ", "0x1", "-")
			tokens = append(tokens[:at:at], append([]string{extra}, tokens[at:]...)...)
		}
		if len(tokens) == 0 {
			return ""
		}
	}
	return strings.Join(tokens, "")
}
