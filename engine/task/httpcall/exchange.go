package httpcall

import (
	"context"
	"net/http"
)

// Exchange is a call as it went over the wire, for people who test one.
type Exchange struct {
	Request  *Message // nil: none was made
	Response *Message // nil: none came
}

// Message is one side of a call.
type Message struct {
	Protocol   string // "https"
	Method     string // of a request
	URL        string
	Status     int // of a response
	StatusText string
	Headers    http.Header
	Body       string
}

type watching struct{}

// Watch lets the calls made under a context be written down; the last one stays.
func Watch(ctx context.Context, x *Exchange) context.Context {
	return context.WithValue(ctx, watching{}, x)
}

// sent notes a request that is about to be made.
func sent(r *http.Request, body string) {
	x, ok := r.Context().Value(watching{}).(*Exchange)
	if !ok {
		return
	}
	headers := r.Header.Clone()
	headers.Set("Host", r.URL.Host)
	*x = Exchange{Request: &Message{
		Protocol: r.URL.Scheme, Method: r.Method, URL: r.URL.String(), Headers: headers, Body: body,
	}}
}

// received notes a response.
func received(a *http.Response, body []byte) {
	x, ok := a.Request.Context().Value(watching{}).(*Exchange)
	if !ok {
		return
	}
	x.Response = &Message{
		Protocol: a.Request.URL.Scheme, Status: a.StatusCode, StatusText: http.StatusText(a.StatusCode),
		Headers: a.Header, Body: string(body),
	}
}
