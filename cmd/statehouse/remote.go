package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// remote is the running server that a command speaks to.
type remote struct {
	Endpoint string `default:"http://127.0.0.1:8080" placeholder:"URL" help:"The running server."`
}

// refused is an answer that says no.
type refused struct {
	Status  int               `json:"-"`
	Code    string            `json:"code"`
	Message string            `json:"error"`
	Fields  map[string]string `json:"fields"`
}

func (r *refused) Error() string { return r.Message }

// maxRemoteAnswer is how many bytes of an answer are read.
const maxRemoteAnswer = 64 << 20

// ask sends a request, with a body as JSON unless it is nil, and answers what came and the
// name of the file that it is. Errors are *refused when the server answered.
func (r remote) ask(ctx context.Context, method, path string, body any) (answer []byte, err error) {
	base, err := url.Parse(r.Endpoint)
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" {
		return nil, fmt.Errorf("--endpoint must be an address like http://127.0.0.1:8080, not %q", r.Endpoint)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	answer, err = call(ctx, http.DefaultClient, method, strings.TrimSuffix(r.Endpoint, "/")+path, body, maxRemoteAnswer)
	if _, ok := errors.AsType[*url.Error](err); ok {
		return nil, fmt.Errorf("no server answers at %s: start one with 'statehouse serve', or name another with --endpoint (%w)", r.Endpoint, err)
	}
	if no, ok := errors.AsType[*refused](err); ok && no.Message == "" {
		no.Message = fmt.Sprintf("the server at %s answered %d %s", r.Endpoint, no.Status, http.StatusText(no.Status))
	}
	return answer, err
}

// call sends one request, with a body as JSON unless it is nil, and reads at most so many bytes
// of what comes back. The error is an *url.Error when nobody answers, and *refused when the
// server says no; that has no words when the server gave none that can be read.
func call(ctx context.Context, client *http.Client, method, address string, body any, most int64) (answer []byte, err error) {
	var send io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		send = bytes.NewReader(text)
	}
	q, err := http.NewRequestWithContext(ctx, method, address, send)
	if err != nil {
		return nil, err
	}
	q.Header.Set("Accept", "application/json")
	if body != nil {
		q.Header.Set("Content-Type", "application/json")
	}
	a, err := client.Do(q)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, a.Body.Close()) }()
	answer, err = io.ReadAll(io.LimitReader(a.Body, most))
	if err != nil {
		return nil, err
	}
	if a.StatusCode >= http.StatusBadRequest {
		no := &refused{}
		if json.Unmarshal(answer, no) != nil {
			no = &refused{}
		}
		no.Status = a.StatusCode
		return nil, no
	}
	return answer, nil
}
