package exchange

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// What HCL files may hold at most: the library's parser calls itself for each level, and its
// time grows with the square of the lines of a text.
const (
	maxHCL      = 2 << 20 // bytes
	maxBrackets = 200     // levels of brackets and templates
	maxSigns    = 50      // ! and - in a row
	maxChoices  = 2000    // ?, [*], ][ and %{ in a file
	maxLines    = 30_000  // of a text without ${ in it
)

// block is a block of Terraform in either syntax.
type block struct {
	kind   string
	labels []string
	at     Place
	body   *hclsyntax.Body // of native syntax
	json   *node           // of JSON syntax
	each   source          // of a dynamic block: what it is made for
	named  string          // of a dynamic block: what its content calls each
	scope  *scope          // each and count of an instance
	key    string          // of an instance, as Terraform says it: ["a"] or [0]
}

// source is an expression in either syntax.
type source struct {
	expr hclsyntax.Expression
	json *node
	at   Place

	scope *scope // that it stands in
}

func (s source) missing() bool { return s.expr == nil && s.json == nil }

// attr is an attribute of the block.
func (b *block) attr(name string) source {
	if b.body != nil {
		if a, ok := b.body.Attributes[name]; ok {
			return source{expr: a.Expr, at: placeOf(a.SrcRange), scope: b.scope}
		}
		return source{}
	}
	if n := b.json.get(name); n != nil {
		return source{json: n, at: n.at, scope: b.scope}
	}
	return source{}
}

// sub is the first block of a kind inside of this one, nil when there is none. A dynamic
// block is the one that it makes first; how often it is made is in its each.
func (b *block) sub(kind string) *block {
	if b.body != nil {
		for _, inner := range b.body.Blocks {
			switch {
			case inner.Type == kind:
				return &block{kind: kind, at: placeOf(inner.DefRange()), body: inner.Body, scope: b.scope}
			case inner.Type == "dynamic" && len(inner.Labels) == 1 && inner.Labels[0] == kind:
				made := &block{body: inner.Body, scope: b.scope}
				if content := made.sub("content"); content != nil {
					content.each, content.named = made.attr("for_each"), kind
					if own, ok := made.attr("iterator").expr.(*hclsyntax.ScopeTraversalExpr); ok {
						content.named = own.Traversal.RootName()
					}
					return content
				}
			}
		}
		return nil
	}
	n := b.json.get(kind)
	if n.is(array) && len(n.items) > 0 {
		n = n.items[0]
	}
	if !n.is(object) {
		return nil
	}
	return &block{kind: kind, at: n.at, json: n, scope: b.scope}
}

func placeOf(r hcl.Range) Place { return Place{r.Filename, r.Start.Line, r.Start.Column} }

// parseHCL reads native syntax.
func parseHCL(file string, data []byte) ([]*block, error) {
	body, err := parseHCLBody(file, data)
	if err != nil {
		return nil, err
	}
	var out []*block
	for _, b := range body.Blocks {
		out = append(out, &block{kind: b.Type, labels: b.Labels, at: placeOf(b.DefRange()), body: b.Body})
	}
	return out, nil
}

func parseHCLBody(file string, data []byte) (*hclsyntax.Body, error) {
	at := Place{File: file}
	if len(data) > maxHCL {
		return nil, fail(at, "the file has %d bytes; at most %d of Terraform are read", len(data), maxHCL)
	}
	tokens, _ := hclsyntax.LexConfig(data, file, hcl.InitialPos)
	if err := shallow(tokens); err != nil {
		return nil, err
	}
	f, diags := hclsyntax.ParseConfig(data, file, hcl.InitialPos)
	if err := wrong(at, diags); err != nil {
		return nil, err
	}
	body, _ := f.Body.(*hclsyntax.Body)
	return body, nil
}

// parseTemplate reads a text with ${…} and %{…} in it.
func parseTemplate(at Place, data []byte) (hclsyntax.Expression, error) {
	if len(data) > maxHCL {
		return nil, fail(at, "the template has %d bytes; at most %d are read", len(data), maxHCL)
	}
	start := hcl.Pos{Line: max(at.Line, 1), Column: max(at.Column, 1)}
	tokens, _ := hclsyntax.LexTemplate(data, at.File, start)
	if err := shallow(tokens); err != nil {
		return nil, err
	}
	e, diags := hclsyntax.ParseTemplate(data, at.File, start)
	return e, wrong(at, diags)
}

func wrong(at Place, diags hcl.Diagnostics) error {
	for _, d := range diags {
		if d.Severity == hcl.DiagError {
			if d.Subject != nil {
				at = placeOf(*d.Subject)
			}
			return fail(at, "%s: %s", d.Summary, d.Detail)
		}
	}
	return nil
}

// shallow refuses what would make the parser call itself too often.
func shallow(tokens hclsyntax.Tokens) error {
	depth, signs, choices, lines, work := 0, 0, 0, 0, 0
	var before hclsyntax.TokenType
	for _, t := range tokens {
		sign := false
		switch t.Type { //nolint:exhaustive // the other tokens do not nest
		case hclsyntax.TokenOBrace, hclsyntax.TokenOParen, hclsyntax.TokenTemplateInterp, hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc:
			depth++
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenTemplateSeqEnd, hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc:
			depth--
		case hclsyntax.TokenBang, hclsyntax.TokenMinus:
			sign = true
			signs++
		case hclsyntax.TokenTemplateControl:
			depth++
			choices++
		case hclsyntax.TokenQuestion:
			choices++
		case hclsyntax.TokenOBrack:
			depth++
			if before == hclsyntax.TokenCBrack { // a[b][c]
				choices++
			}
		case hclsyntax.TokenStar:
			if before == hclsyntax.TokenOBrack {
				choices++
			}
		case hclsyntax.TokenStringLit:
			lines++
			if work += lines; work > maxLines*maxLines/2 {
				return fail(placeOf(t.Range), "the texts of the file have more than %d lines", maxLines)
			}
		}
		if before = t.Type; before != hclsyntax.TokenStringLit {
			lines = 0
		}
		if !sign && t.Type != hclsyntax.TokenNewline {
			signs = 0
		}
		if depth > maxBrackets || signs > maxSigns || choices > maxChoices {
			return fail(placeOf(t.Range), "the expressions nest too deeply")
		}
	}
	return nil
}
