package awsapi

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"statehouse/engine/access"
)

// line carries calls of the SDK's client to a handler, which says whether it lets them in,
// and tries the same calls with a byte flipped.
type line struct {
	t      *testing.T
	h      *Handler
	random *rand.Rand
}

// admitted is how the handler meets a call, without doing what it asks.
func admitted(t *testing.T, h *Handler, text []byte) error {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(text)))
	if err != nil {
		return err
	}
	svc, _, _, err := find(r.Header.Get("X-Amz-Target"))
	if err != nil {
		return err
	}
	c, err := h.meet(r, svc)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	return h.prove(r, c, body)
}

// RoundTrip implements http.RoundTripper.
func (l line) RoundTrip(r *http.Request) (*http.Response, error) {
	text := wire(l.t, r)
	if err := admitted(l.t, l.h, text); err != nil {
		l.t.Errorf("refused: %v\n%.2000s", err, text)
	}
	what, from, to := spot(l.t, l.random, text)
	flipped := bytes.Clone(text)
	at := from + l.random.IntN(to-from)
	flipped[at] ^= byte(1) << l.random.IntN(8)
	if admitted(l.t, l.h, flipped) == nil {
		l.t.Errorf("accepted with %q for %q in its %s\n%.2000q", flipped[at], text[at], what, flipped)
	}
	return nil, errors.New("the line ends here")
}

func TestTheClientOfTheSDKIsLetIn(t *testing.T) {
	t.Parallel()
	k := newRing()
	random := rand.New(rand.NewPCG(11, 13)) //nolint:gosec // the same calls every time
	h := verifying(t, k, time.Now)
	c := sfn.New(sfn.Options{
		Region: "eu-west-1", BaseEndpoint: aws.String("http://states.example:8443"), Retryer: aws.NopRetryer{},
		HTTPClient: &http.Client{Transport: line{t, h, random}},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: keyID, SecretAccessKey: k.secret}, nil
		}),
	})
	const calls = 50
	for range calls {
		some := func() *string { return aws.String(text(random, odd+"{}[]\U0001F600\"\\\n", 200) + "x") }
		ctx := t.Context()
		_, _ = c.ListStateMachines(ctx, &sfn.ListStateMachinesInput{NextToken: some()})
		_, _ = c.StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: some(), Input: some(), Name: some(), TraceHeader: some()})
		_, _ = c.StartSyncExecution(ctx, &sfn.StartSyncExecutionInput{StateMachineArn: some(), Input: some()})
		_, _ = c.TagResource(ctx, &sfn.TagResourceInput{ResourceArn: some(), Tags: []types.Tag{{Key: some(), Value: some()}}})
		_, _ = c.SendTaskSuccess(ctx, &sfn.SendTaskSuccessInput{TaskToken: some(), Output: some()})
	}
	if k.used.Load() != 5*calls {
		t.Errorf("%d calls were let in, want %d", k.used.Load(), 5*calls)
	}
}

// FuzzAuthorization makes up headers for a call that was never signed.
func FuzzAuthorization(f *testing.F) {
	for _, seed := range []string{
		"", "Basic eDp5", algorithm, algorithm + " Credential=/////, SignedHeaders=;;, Signature=",
		algorithm + " Credential=" + keyID + "/20260301/eu-west-1/states/aws4_request, SignedHeaders=host;x-amz-date;x-amz-target, Signature=" + strings.Repeat("0", 64),
	} {
		f.Add(seed, "20260301T120000Z", "host;x-amz-date;x-amz-target", "")
	}
	f.Fuzz(func(t *testing.T, auth, date, more, query string) {
		k := newRing()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader("[]"))
		r.URL.RawQuery = query
		r.Header = http.Header{"Authorization": {auth}, "X-Amz-Date": {date}, "X-Amz-Target": {target + "StartExecution"}, "X-More": {more}}
		w := httptest.NewRecorder()
		verifying(t, k, atNow).ServeHTTP(w, r)
		if code := w.Header().Get("X-Amzn-Errortype"); !doors[code] {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		s := &signature{headers: strings.Split(more, ";"), signed: more}
		_, _ = s.canonical(r, sha256.Sum256(nil))
	})
}

// pipes is a listener in memory, so that time may be virtual.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}
func (p pipes) Close() error   { close(p.done); return nil }
func (p pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

// TestABodyThatDoesNotComeIsNotWaitedForLong holds connections open in virtual time: a friend
// and a stranger begin a body and send no more of it.
func TestABodyThatDoesNotComeIsNotWaitedForLong(t *testing.T) {
	t.Parallel()
	for who, want := range map[string]string{"a friend": "SerializationException", "a stranger": unrecognized} {
		t.Run(who, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				k := newRing()
				k.gone.Store(who == "a stranger")
				server := &http.Server{Handler: verifying(t, k, time.Now)} //nolint:gosec // its head comes at once
				p := pipes{make(chan net.Conn), make(chan struct{})}
				go func() { _ = server.Serve(p) }()
				client, inside := net.Pipe()
				p.conns <- inside
				head, _, _ := bytes.Cut(wire(t, k.sign(t, unsigned(t, "StartExecution", "[]"), "[]", time.Now())), []byte("\r\n\r\n"))
				began := time.Now()
				go func() { _, _ = fmt.Fprintf(client, "%s\r\n\r\n[", head) }()
				told, err := io.ReadAll(client) // until the server hangs up
				if err != nil {
					t.Error(err)
				}
				if !strings.Contains(string(told), "X-Amzn-Errortype: "+want) || time.Since(began) > bodyTime+time.Second {
					t.Errorf("after %s: %s", time.Since(began), told)
				}
				_ = server.Close()
				synctest.Wait()
			})
		})
	}
}

// quick is an engine that answers at once.
type quick struct{ fake }

func (quick) TaskHeartbeat(context.Context, string) error { return nil }

// BenchmarkCall tells what a verified signature costs, beside a call where any is accepted.
func BenchmarkCall(b *testing.B) {
	k := newRing()
	for name, keys := range map[string]Keys{"any": nil, "verified": k} {
		b.Run(name, func(b *testing.B) {
			h, err := New(Config{Engine: quick{}, Keys: keys, Who: access.Owner("owner"), Account: "123456789012", Region: "eu-west-1", Clock: atNow})
			if err != nil {
				b.Fatal(err)
			}
			body := `{"taskToken":"` + strings.Repeat("t", 1000) + `"}`
			r := httptest.NewRequestWithContext(b.Context(), http.MethodPost, "http://states.example:8443/", strings.NewReader(body))
			r.Header.Set("X-Amz-Target", target+"SendTaskHeartbeat")
			k.sign(b, r, body, now)
			for b.Loop() {
				r.Body = io.NopCloser(strings.NewReader(body))
				w := httptest.NewRecorder()
				h.ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					b.Fatal(w.Body)
				}
			}
		})
	}
}
