package httpcall

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"statehouse/engine/value"
)

// call is what the parameters of a task ask for, checked.
type call struct {
	method  string
	url     *url.URL
	headers http.Header
	body    string // empty: none
}

// invalid says which parameter is wrong.
type invalid struct{ field, why string }

func (e *invalid) Error() string {
	return fmt.Sprintf("The parameter '%s' of http:invoke %s.", e.field, e.why)
}

func wrong(field, format string, args ...any) error {
	return &invalid{field: field, why: fmt.Sprintf(format, args...)}
}

var methods = []string{"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"}

// forbidden headers are AWS's list: what the connection itself decides, and what would
// let a definition pretend to be somebody else. A star ends a prefix.
var forbidden = []string{
	"A-Im", "Accept-Charset", "Accept-Datetime", "Accept-Encoding", "Authorization", "Cache-Control",
	"Connection", "Content-Encoding", "Content-Md5", "Date", "Expect", "Forwarded", "From", "Host",
	"Http2-Settings", "If-Match", "If-Modified-Since", "If-None-Match", "If-Range", "If-Unmodified-Since",
	"Max-Forwards", "Origin", "Pragma", "Proxy-Authorization", "Referer", "Server", "Te", "Trailer",
	"Transfer-Encoding", "Upgrade", "Via", "Warning", "X-Forwarded-*", "X-Amz-*", "X-Amzn-*", "Content-Length",
}

func isForbidden(name string) bool {
	name = http.CanonicalHeaderKey(name)
	return slices.ContainsFunc(forbidden, func(f string) bool {
		if prefix, ok := strings.CutSuffix(f, "*"); ok {
			return strings.HasPrefix(name, prefix)
		}
		return name == f
	})
}

// read takes the parameters of a task apart.
func read(params value.Value) (call, error) {
	c := call{headers: http.Header{}}
	if params.Kind() != value.KindObject {
		return c, wrong("Parameters", "must be an object")
	}
	for _, m := range params.Members() {
		switch m.Key {
		case "ApiEndpoint", "Method", "Headers", "QueryParameters", "RequestBody", "Transform":
		case "InvocationConfig", "Authentication":
			if m.Value.Kind() != value.KindObject {
				return c, wrong(m.Key, "must be an object")
			}
		default:
			return c, wrong(m.Key, "does not exist")
		}
	}
	if err := c.endpoint(params.Get("ApiEndpoint")); err != nil {
		return c, err
	}
	if err := c.setMethod(params.Get("Method")); err != nil {
		return c, err
	}
	if err := c.setHeaders(params.Get("Headers")); err != nil {
		return c, err
	}
	if err := c.query(params.Get("QueryParameters")); err != nil {
		return c, err
	}
	t, err := readTransform(params.Get("Transform"))
	if err != nil {
		return c, err
	}
	return c, c.setBody(params.Get("RequestBody"), t)
}

func (c *call) endpoint(v value.Value) error {
	if v.Kind() != value.KindString || v.Text() == "" {
		return wrong("ApiEndpoint", "is required and must be a string")
	}
	u, err := url.Parse(v.Text())
	switch {
	case err != nil:
		return wrong("ApiEndpoint", "is not a URL: %v", err)
	case u.Scheme != "http" && u.Scheme != "https":
		return wrong("ApiEndpoint", "must begin with https:// or http://")
	case u.Host == "":
		return wrong("ApiEndpoint", "names no host")
	case u.User != nil:
		return wrong("ApiEndpoint", "must not hold a user name or password")
	}
	u.Fragment = ""
	c.url = u
	return nil
}

func (c *call) setMethod(v value.Value) error {
	if v.Kind() != value.KindString || !slices.Contains(methods, v.Text()) {
		return wrong("Method", "is required and must be one of %s", strings.Join(methods, ", "))
	}
	c.method = v.Text()
	return nil
}

func (c *call) setHeaders(v value.Value) error {
	if v.IsAbsent() || v.IsNull() {
		return nil
	}
	if v.Kind() != value.KindObject {
		return wrong("Headers", "must be an object")
	}
	for _, m := range v.Members() {
		if !isToken(m.Key) {
			return wrong("Headers."+m.Key, "is not a valid header name")
		}
		if isForbidden(m.Key) {
			return wrong("Headers."+m.Key, "is not allowed")
		}
		values := []value.Value{m.Value}
		if m.Value.Kind() == value.KindArray {
			values = m.Value.Items()
		}
		for _, one := range values {
			text, ok := scalar(one)
			if !ok || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
				return wrong("Headers."+m.Key, "must be a string in one line, or a list of such")
			}
			c.headers.Add(m.Key, text)
		}
	}
	return nil
}

func (c *call) query(v value.Value) error {
	if v.IsAbsent() || v.IsNull() {
		return nil
	}
	if v.Kind() != value.KindObject {
		return wrong("QueryParameters", "must be an object")
	}
	q, err := url.ParseQuery(c.url.RawQuery)
	if err != nil {
		return wrong("ApiEndpoint", "has query parameters that are not understood: %v", err)
	}
	for _, m := range v.Members() {
		values := []value.Value{m.Value}
		if m.Value.Kind() == value.KindArray {
			values = m.Value.Items()
		}
		for _, one := range values {
			text, ok := scalar(one)
			if !ok {
				return wrong("QueryParameters."+m.Key, "must be a string, number or boolean, or a list of such")
			}
			q.Add(m.Key, text)
		}
	}
	c.url.RawQuery = q.Encode()
	return nil
}

func (c *call) setBody(v value.Value, t transform) error {
	if v.IsAbsent() {
		return nil
	}
	if t.urlEncoded {
		if v.Kind() != value.KindObject {
			return wrong("RequestBody", "must be an object when it is to be URL_ENCODED")
		}
		body, err := t.encode(v)
		if err != nil {
			return err
		}
		c.body = body
		if c.headers.Get("Content-Type") == "" {
			c.headers.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		return nil
	}
	// A string is sent as JSON like everything else, unless the headers say that the body
	// is something else than JSON.
	kind := c.headers.Get("Content-Type")
	if v.Kind() == value.KindString && kind != "" && !strings.Contains(strings.ToLower(kind), "json") {
		c.body = v.Text()
		return nil
	}
	c.body = v.JSON()
	if kind == "" {
		c.headers.Set("Content-Type", "application/json")
	}
	return nil
}

// isToken tells whether a text may be a header's name (RFC 9110).
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune("\"(),/:;<=>?@[\\]{}", r)
	})
}

func scalar(v value.Value) (string, bool) {
	switch v.Kind() {
	case value.KindString:
		return v.Text(), true
	case value.KindNumber, value.KindBool:
		return v.JSON(), true
	case value.KindAbsent, value.KindNull, value.KindArray, value.KindObject:
	}
	return "", false
}
