package httpcall

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"

	"statehouse/engine/task"
	"statehouse/engine/value"
)

// The errors of the integration, by their AWS names.
const (
	errSocket  = "States.Http.Socket"
	errBlocked = "States.Http.Blocked" // ours: AWS has nothing to protect here
	errStatus  = "States.Http.StatusCode."
	errRuntime = "States.Runtime"
	errSize    = "States.DataLimitExceeded"
)

// Limits of AWS.
const (
	maxTime     = 60 * time.Second
	maxResponse = 262144
)

// Config is what the integration needs.
type Config struct {
	Region              string
	AllowPrivateNetwork bool
}

// New is the integration.
func New(c Config) task.Integration {
	control := Control
	if c.AllowPrivateNetwork {
		control = func(string, string, syscall.RawConn) error { return nil }
	}
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: control}
	return &integration{region: c.Region, client: &http.Client{
		Transport: &http.Transport{
			DialContext: dialer.DialContext, ForceAttemptHTTP2: true, Proxy: nil,
			MaxIdleConns: 100, MaxIdleConnsPerHost: 10, IdleConnTimeout: 30 * time.Second,
			TLSHandshakeTimeout: 10 * time.Second, MaxResponseHeaderBytes: 64 << 10,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

type integration struct {
	region string
	client *http.Client
}

// Run makes the request. Only an answer with a status of 2xx is a result.
func (i *integration) Run(ctx context.Context, r task.Request) task.Reply {
	c, err := read(r.Input)
	if err != nil {
		return task.Fail(errRuntime, err.Error())
	}
	ctx, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, c.method, c.url.String(), strings.NewReader(c.body))
	if err != nil {
		return task.Fail(errRuntime, "The request cannot be made: "+err.Error())
	}
	if c.body == "" {
		req.Body, req.GetBody, req.ContentLength = http.NoBody, nil, 0
	}
	req.Header = c.headers
	req.Header.Set("User-Agent", "Amazon|StepFunctions|HttpInvoke|"+i.region)
	req.Header.Set("Range", fmt.Sprintf("bytes=0-%d", maxResponse))
	traced(req.Header, r)
	sent(req, c.body)
	answer, err := i.client.Do(req)
	if err != nil {
		return task.Fail(nameOf(err), cause(err))
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxResponse+1))
	if err != nil {
		return task.Fail(errSocket, "The response could not be read: "+cause(err))
	}
	received(answer, body)
	if len(body) > maxResponse {
		return task.Fail(errSize, fmt.Sprintf("The response has more than %d bytes.", maxResponse))
	}
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return task.Fail(errStatus+fmt.Sprint(answer.StatusCode), failure(answer, body))
	}
	content, err := content(answer.Header.Get("Content-Type"), body)
	if err != nil {
		return task.Fail(errRuntime, err.Error())
	}
	return task.Result(value.Object(
		value.Member{Key: "Headers", Value: headers(answer.Header)},
		value.Member{Key: "ResponseBody", Value: content},
		value.Member{Key: "StatusCode", Value: value.Int(int64(answer.StatusCode))},
		value.Member{Key: "StatusText", Value: value.String(http.StatusText(answer.StatusCode))},
	))
}

// traced says in which trace the request is, unless the definition says so itself.
func traced(h http.Header, r task.Request) {
	for name, text := range map[string]string{"X-Amzn-Trace-Id": r.TraceHeader, "Traceparent": r.Traceparent} {
		unfit := func(c rune) bool { return c < ' ' || c > '~' }
		if text != "" && h.Get(name) == "" && !strings.ContainsFunc(text, unfit) {
			h.Set(name, text)
		}
	}
}

// nameOf tells a call that was not allowed from one that failed: trying again helps only
// the second.
func nameOf(err error) string {
	if _, ok := errors.AsType[*Blocked](err); ok {
		return errBlocked
	}
	return errSocket
}

// cause says why a request did not get an answer, without the URL, which may hold secrets.
func cause(err error) string {
	if b, ok := errors.AsType[*Blocked](err); ok {
		return "The endpoint was not called: " + b.Error() + "."
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Sprintf("The endpoint did not answer within %s.", maxTime)
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return "The host name could not be resolved: " + dns.Err + "."
	}
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return "The connection failed: " + op.Err.Error() + "."
	}
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(err) {
		err = next
	}
	return "The request failed: " + err.Error() + "."
}

// failure is the cause of an answer that is no success: what the endpoint said.
func failure(a *http.Response, body []byte) string {
	text := http.StatusText(a.StatusCode)
	if len(body) == 0 || !utf8.Valid(body) {
		return text
	}
	if len(body) > 8192 {
		body = []byte(strings.ToValidUTF8(string(body[:8192]), "") + "…")
	}
	return string(body)
}

// headers are all values of each header, by lower-case names.
func headers(h http.Header) value.Value {
	var members []value.Member
	for _, name := range slices.Sorted(maps.Keys(h)) {
		var list []value.Value
		for _, one := range h[name] {
			list = append(list, value.String(one))
		}
		members = append(members, value.Member{Key: strings.ToLower(name), Value: value.Array(list...)})
	}
	return value.Object(members...)
}

// content is a body as data: JSON when it is JSON, otherwise its text.
func content(kind string, body []byte) (value.Value, error) {
	kind = strings.ToLower(kind)
	if len(body) == 0 {
		return value.String(""), nil
	}
	if !utf8.Valid(body) || isBinary(kind) {
		return value.Value{}, fmt.Errorf("the response is binary (%s), which a state cannot hold", kind)
	}
	if v, err := value.Parse(string(body)); err == nil && (strings.Contains(kind, "json") || kind == "") {
		return v, nil
	}
	return value.String(string(body)), nil
}

func isBinary(kind string) bool {
	for _, prefix := range []string{"image/", "audio/", "video/", "font/", "application/octet-stream", "application/zip", "application/pdf", "application/gzip"} {
		if strings.HasPrefix(kind, prefix) && !strings.HasPrefix(kind, "image/svg") {
			return true
		}
	}
	return false
}
