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
	var send io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		send = bytes.NewReader(text)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	q, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(r.Endpoint, "/")+path, send)
	if err != nil {
		return nil, err
	}
	q.Header.Set("Accept", "application/json")
	if body != nil {
		q.Header.Set("Content-Type", "application/json")
	}
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		return nil, fmt.Errorf("no server answers at %s: start one with 'statehouse serve', or name another with --endpoint (%w)", r.Endpoint, err)
	}
	defer func() { err = errors.Join(err, a.Body.Close()) }()
	answer, err = io.ReadAll(io.LimitReader(a.Body, maxRemoteAnswer))
	if err != nil {
		return nil, err
	}
	if a.StatusCode >= http.StatusBadRequest {
		no := &refused{Status: a.StatusCode}
		if json.Unmarshal(answer, no) != nil || no.Message == "" {
			no.Message = fmt.Sprintf("the server at %s answered %s", r.Endpoint, a.Status)
		}
		return nil, no
	}
	return answer, nil
}
