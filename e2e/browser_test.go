package e2e

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"golang.org/x/net/html"
)

// answer is what a browser gets, with the page as a tree.
type answer struct {
	*http.Response
	Body string
	page *html.Node
}

// noRedirects shows a form's answer as it is.
var noRedirects = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// send makes a request as it is given, with headers in pairs; a header Host names the server.
func (s *server) send(t *testing.T, method, path, body string, headers ...string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for pair := range slices.Chunk(headers, 2) {
		if pair[0] == "Host" {
			r.Host = pair[1]
			continue
		}
		r.Header.Set(pair[0], pair[1])
	}
	resp, err := noRedirects.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	page, err := html.Parse(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	return answer{Response: resp, Body: string(text), page: page}
}

func (s *server) get(t *testing.T, path string) answer {
	t.Helper()
	return s.send(t, http.MethodGet, path, "")
}

// post sends a form as the pages do.
func (s *server) post(t *testing.T, path string, form url.Values) answer {
	t.Helper()
	return s.send(t, http.MethodPost, path, form.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Origin", s.URL)
}

// texts are the texts of a page that a person reads.
func (a answer) text() string {
	var b strings.Builder
	for n := range a.page.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "script" {
			b.WriteString(n.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// machine publishes a definition and answers the ARN.
func machine(t *testing.T, c *sfn.Client, name, definition string) string {
	t.Helper()
	m, err := c.CreateStateMachine(t.Context(), &sfn.CreateStateMachineInput{Name: &name, RoleArn: aws.String(role), Definition: &definition})
	if err != nil {
		t.Fatal(err)
	}
	return *m.StateMachineArn
}

// run starts an execution and answers the ARN.
func run(t *testing.T, c *sfn.Client, machine, input string) string {
	t.Helper()
	x, err := c.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: &machine, Input: &input})
	if err != nil {
		t.Fatal(err)
	}
	return *x.ExecutionArn
}

// pageOf is the address of an execution's page.
func pageOf(executionARN string) string {
	parts := strings.Split(executionARN, ":")
	return "/executions/" + url.PathEscape(parts[6]) + "/" + url.PathEscape(parts[7])
}

// task waits until a human task stands in the inbox under this text, and answers its address.
func (s *server) task(t *testing.T, text string) string {
	t.Helper()
	href := ""
	await(t, "the task "+text, func() bool {
		for n := range s.get(t, "/inbox?q="+url.QueryEscape(text)).page.Descendants() {
			if to := attribute(n, "href"); n.Data == "a" && strings.HasPrefix(to, "/inbox/") {
				href, _, _ = strings.Cut(to, "?")
				return true
			}
		}
		return false
	})
	return href
}
