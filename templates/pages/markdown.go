package pages

import (
	"bytes"
	"net/url"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdown writes what the author of a workflow says to the people who decide. Raw HTML is left out, links to
// scripts lose their address, pictures become links: nothing is fetched from elsewhere.
var markdown = goldmark.New(
	goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify),
	goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(tame{}, 900))),
	goldmark.WithRendererOptions(html.WithHardWraps()),
)

// Markdown is safe HTML of Markdown; "" of nothing.
func Markdown(source string) string {
	if source == "" {
		return ""
	}
	var out bytes.Buffer
	if err := markdown.Convert([]byte(source), &out); err != nil {
		return ""
	}
	return out.String()
}

// tame makes a document fit into a page: its headings go below the page's, its links open beside it.
type tame struct{}

// Transform implements parser.ASTTransformer.
func (tame) Transform(doc *ast.Document, reader text.Reader, _ parser.Context) {
	var images []*ast.Image
	var autos []*ast.AutoLink
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			n.Level = min(n.Level+2, 6)
		case *ast.Link:
			if !harmless(n.Destination) {
				n.Destination = nil
			}
			outward(n)
		case *ast.AutoLink:
			if n.AutoLinkType == ast.AutoLinkURL && !harmless(n.URL(reader.Source())) {
				autos = append(autos, n)
			}
			outward(n)
		case *ast.Image:
			images = append(images, n)
		}
		return ast.WalkContinue, nil
	})
	for _, a := range autos { // the renderer does not look at these addresses
		a.Parent().ReplaceChild(a.Parent(), a, ast.NewString(a.Label(reader.Source())))
	}
	for _, img := range images {
		link := ast.NewLink()
		if harmless(img.Destination) {
			link.Destination = img.Destination
		}
		outward(link)
		for c := img.FirstChild(); c != nil; {
			next := c.NextSibling()
			link.AppendChild(link, c)
			c = next
		}
		if link.FirstChild() == nil {
			link.AppendChild(link, ast.NewString([]byte("picture")))
		}
		if insideLink(img) {
			img.Parent().ReplaceChild(img.Parent(), img, ast.NewString(link.Text(reader.Source()))) //nolint:staticcheck // the plain words are all that is wanted
			continue
		}
		img.Parent().ReplaceChild(img.Parent(), img, link)
	}
}

// harmless lets pass what leads to a page or a mail; every other scheme may be a program.
func harmless(address []byte) bool {
	u, err := url.Parse(string(address))
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "", "http", "https", "mailto":
		return true
	}
	return false
}

func outward(n ast.Node) {
	n.SetAttributeString("rel", []byte("noopener noreferrer"))
	n.SetAttributeString("target", []byte("_blank"))
}

func insideLink(n ast.Node) bool {
	for p := n.Parent(); p != nil; p = p.Parent() {
		if p.Kind() == ast.KindLink {
			return true
		}
	}
	return false
}
