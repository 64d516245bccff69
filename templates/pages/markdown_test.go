package pages

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// What an author writes must not become code in the window of the one who decides.
func TestMarkdownIsTame(t *testing.T) {
	t.Parallel()
	for _, source := range []string{
		`<script>alert(1)</script>`, `<img src=x onerror=alert(1)>`, `[x](javascript:alert(1))`, `[x](JaVaScRiPt:alert(1))`,
		`![x](javascript:alert(1))`, `<javascript:alert(1)>`, `[x](data:text/html,<script>alert(1)</script>)`, `[x](vbscript:y)`,
		"[x]: javascript:alert(1)\n\n[x]", `![x](https://example.com/track.png)`, `[![a](https://e.com/i.png)](https://e.com)`,
		`<a href="x" onclick="y">z</a>`, `<svg/onload=alert(1)>`, `[x](https://e.com "\" onmouseover=\"alert(1)")`,
	} {
		doc, err := html.Parse(strings.NewReader(Markdown(source)))
		if err != nil {
			t.Fatal(err)
		}
		for n := range doc.Descendants() {
			switch n.Data {
			case "script", "img", "svg", "iframe":
				t.Errorf("%s: a %s came through", source, n.Data)
			}
			for _, a := range n.Attr {
				address := strings.ToLower(a.Val)
				if strings.HasPrefix(a.Key, "on") || a.Key == "href" && address != "" && !strings.HasPrefix(address, "https:") {
					t.Errorf("%s: %s=%q came through", source, a.Key, a.Val)
				}
			}
		}
	}
}

func TestMarkdownFitsIntoThePage(t *testing.T) {
	t.Parallel()
	got := Markdown("# Look\n\n*at* [this](https://example.com)")
	for _, want := range []string{"<h3", `rel="noopener noreferrer"`, `target="_blank"`, "<em>at</em>"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	if Markdown("") != "" {
		t.Error("nothing became something")
	}
}
