package awsapi

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"statehouse/engine"
	"statehouse/engine/access"
)

// ring has one key, which a test may take away.
type ring struct {
	secret string
	roles  []access.Role
	gone   atomic.Bool
	used   atomic.Int64
}

const keyID = "AKSHEXAMPLEEXAMPLE27"

func newRing() *ring {
	return &ring{secret: "K7MDENGBPXRFICYEXAMPLEKEYK7MDENGBPXRFICY", roles: []access.Role{access.Admin}}
}

func (k *ring) Credential(_ context.Context, id string) (engine.Credential, bool, error) {
	if id != keyID || k.gone.Load() {
		return engine.Credential{}, false, nil
	}
	return engine.Credential{Secret: k.secret, Who: access.Principal{Name: "ci", Roles: k.roles}}, true, nil
}

func (k *ring) AccessKeyUsed(id string) {
	if id == keyID {
		k.used.Add(1)
	}
}

func verifying(t *testing.T, k Keys, clock func() time.Time) *Handler {
	t.Helper()
	h, err := New(Config{Engine: fake{}, Keys: k, Account: "123456789012", Region: "eu-west-1", Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func atNow() time.Time { return now }

// unsigned is a call whose body is a list, so that it ends in a SerializationException once
// its signature was accepted.
func unsigned(t *testing.T, op, body string) *http.Request {
	t.Helper()
	return unsignedFor(t, target+op, body)
}

func unsignedFor(t *testing.T, target, body string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://states.example:8443/", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	r.Header.Set("X-Amz-Target", target)
	return r
}

// sign signs with the SDK's own signer.
func (k *ring) sign(t testing.TB, r *http.Request, body string, at time.Time) *http.Request {
	t.Helper()
	return k.signFor(t, r, body, at, "states")
}

func (k *ring) signFor(t testing.TB, r *http.Request, body string, at time.Time, service string) *http.Request {
	t.Helper()
	sum := sha256.Sum256([]byte(body))
	err := v4.NewSigner().SignHTTP(t.Context(), aws.Credentials{AccessKeyID: keyID, SecretAccessKey: k.secret}, r,
		hex.EncodeToString(sum[:]), service, "eu-west-1", at)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// wire is a request as it goes over the line.
func wire(t *testing.T, r *http.Request) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := r.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// send reads a request as a server does and answers the error's name, "" for none and
// "unreadable" for what never reaches a handler.
func send(t *testing.T, h *Handler, line []byte) (code, message string) {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(line)))
	if err != nil {
		return "unreadable", err.Error()
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r.WithContext(t.Context()))
	return w.Header().Get("X-Amzn-Errortype"), w.Body.String()
}

// TestTheCanonicalFormOfAWS holds two of the signatures that AWS has published for its test
// suite of Signature Version 4.
func TestTheCanonicalFormOfAWS(t *testing.T) {
	t.Parallel()
	for method, mac := range map[string]string{
		http.MethodGet:  "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
		http.MethodPost: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
	} {
		r := httptest.NewRequestWithContext(t.Context(), method, "http://example.amazonaws.com/", http.NoBody)
		r.Header.Set("X-Amz-Date", "20150830T123600Z")
		r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature="+mac)
		s, err := readSignature(r)
		if err != nil {
			t.Fatal(err)
		}
		if !s.proves(r, sha256.Sum256(nil), "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY") {
			t.Errorf("%s: the published signature was refused", method)
		}
	}
}

func TestSignaturesThatProveNothingSayWhy(t *testing.T) {
	t.Parallel()
	const body = "[]"
	auth := func(r *http.Request, from, to string) {
		r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), from, to, 1))
	}
	for name, tc := range map[string]struct {
		before, after func(*http.Request) // it is signed
		code, words   string
	}{
		"no signature":      {after: func(r *http.Request) { r.Header.Del("Authorization") }, code: missingToken, words: "Missing Authentication Token"},
		"a password":        {after: func(r *http.Request) { r.Header.Set("Authorization", "Basic eDp5") }, code: incomplete, words: "Unsupported AWS 'algorithm': 'Basic'"},
		"another algorithm": {after: func(r *http.Request) { auth(r, algorithm, "AWS4-ECDSA-P256-SHA256") }, code: incomplete, words: "Unsupported AWS 'algorithm'"},
		"nothing in it": {
			after: func(r *http.Request) { r.Header.Set("Authorization", algorithm+" x=y"); r.Header.Del("X-Amz-Date") }, code: incomplete,
			words: "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. " +
				"Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
		},
		"no equal-sign":   {after: func(r *http.Request) { auth(r, "Signature=", "Signature") }, code: incomplete, words: "missing equal-sign"},
		"two headers":     {after: func(r *http.Request) { r.Header.Add("Authorization", "x") }, code: incomplete, words: "one Authorization header"},
		"two signatures":  {after: func(r *http.Request) { auth(r, "Signature=", "Signature=00, Signature=") }, code: incomplete, words: "twice"},
		"two dates":       {after: func(r *http.Request) { r.Header.Add("X-Amz-Date", "20260301T120000Z") }, code: incomplete, words: "one X-Amz-Date"},
		"a date of words": {after: func(r *http.Request) { r.Header.Set("X-Amz-Date", "today") }, code: incomplete, words: "ISO-8601 'basic format'. Got 'today'"},
		"presigned":       {after: func(r *http.Request) { r.URL.RawQuery = "X-Amz-Signature=00" }, code: incomplete, words: "Presigned requests are not accepted"},
		"four elements":   {after: func(r *http.Request) { auth(r, "/states", "") }, code: incomplete, words: "exactly 5 slash-delimited elements"},
		"another region":  {after: func(r *http.Request) { auth(r, "eu-west-1", "us-east-1") }, code: invalidSignature, words: "Credential should be scoped to a valid region, not 'us-east-1'."},
		"another service": {after: func(r *http.Request) { auth(r, "/states/", "/logs/") }, code: invalidSignature, words: "Credential should be scoped to correct service: 'states'."},
		"another end":     {after: func(r *http.Request) { auth(r, "aws4_request", "aws5_request") }, code: invalidSignature, words: "valid terminator: 'aws4_request'"},
		"another day":     {after: func(r *http.Request) { auth(r, "/20260301/", "/20260302/") }, code: invalidSignature, words: "Date in Credential scope does not match YYYYMMDD"},
		"another key":     {after: func(r *http.Request) { auth(r, keyID, "AKIAIOSFODNN7EXAMPLE") }, code: unrecognized, words: "The security token included in the request is invalid."},
		"host not signed": {after: func(r *http.Request) { auth(r, ";host;", ";") }, code: invalidSignature, words: "'Host' or ':authority' must be a 'SignedHeader'"},
		"date not signed": {after: func(r *http.Request) { auth(r, ";x-amz-date", "") }, code: invalidSignature, words: "'X-Amz-Date' must be a 'SignedHeader'"},
		"target unsigned": {after: func(r *http.Request) { auth(r, ";x-amz-target", "") }, code: invalidSignature, words: "'X-Amz-Target' must be a 'SignedHeader'"},
		"a header gone":   {after: func(r *http.Request) { r.Header.Del("Content-Type") }, code: invalidSignature, words: "does not match the signature you provided"},
		"another target":  {after: func(r *http.Request) { r.Header.Set("X-Amz-Target", target+"DeleteActivity") }, code: invalidSignature, words: "does not match the signature you provided"},
		"another method":  {after: func(r *http.Request) { r.Method = http.MethodPut }, code: invalidSignature, words: "does not match the signature you provided"},
		"another path":    {after: func(r *http.Request) { r.URL.Path = "/x" }, code: invalidSignature, words: "does not match the signature you provided"},
		"more parameters": {after: func(r *http.Request) { r.URL.RawQuery = "a=b" }, code: invalidSignature, words: "does not match the signature you provided"},
		"capitals":        {after: func(r *http.Request) { auth(r, "SignedHeaders=content", "SignedHeaders=Content") }, code: invalidSignature, words: "does not match the signature you provided"},
		"a body unsigned": {
			before: func(r *http.Request) { r.Header.Set("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD") },
			code:   invalidSignature, words: "x-amz-content-sha256 is 'UNSIGNED-PAYLOAD'",
		},
		"a session token": {
			before: func(r *http.Request) { r.Header.Set("X-Amz-Security-Token", "FwoGZXIvYXdzEXAMPLE") },
			code:   unrecognized, words: "Session tokens are not known here",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newRing()
			h := verifying(t, k, atNow)
			r := unsigned(t, "StartExecution", body)
			if tc.before != nil {
				tc.before(r)
			}
			k.sign(t, r, body, now)
			if tc.after != nil {
				tc.after(r)
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != http.StatusBadRequest || w.Header().Get("X-Amzn-Errortype") != tc.code || !strings.Contains(w.Body.String(), tc.words) {
				t.Errorf("got %d %s, want 400 %s with %q", w.Code, w.Body, tc.code, tc.words)
			}
			if !strings.Contains(w.Body.String(), "com.amazon.coral.service#"+tc.code) || k.used.Load() != 0 {
				t.Errorf("%s; uses noted: %d", w.Body, k.used.Load())
			}
		})
	}
}

func TestSignaturesAreGoodForFiveMinutes(t *testing.T) {
	t.Parallel()
	k := newRing()
	const body = "[]"
	for _, tc := range []struct {
		age   time.Duration
		words string // "" is accepted
	}{
		{5*time.Minute + time.Second, "Signature expired: 20260301T115459Z is now earlier than 20260301T115500Z (20260301T120000Z - 5 min.)"},
		{5 * time.Minute, ""},
		{0, ""},
		{-5 * time.Minute, ""},
		{-5*time.Minute - time.Second, "Signature not yet current: 20260301T120501Z is still later than 20260301T120500Z (20260301T120000Z + 5 min.)"},
	} {
		line := wire(t, k.sign(t, unsigned(t, "StartExecution", body), body, now.Add(-tc.age)))
		code, message := send(t, verifying(t, k, atNow), line)
		switch {
		case tc.words == "" && code != "SerializationException":
			t.Errorf("signed %s ago: %s %s", tc.age, code, message)
		case tc.words != "" && (code != invalidSignature || !strings.Contains(message, tc.words)):
			t.Errorf("signed %s ago: %s %s, want %q", tc.age, code, message, tc.words)
		}
	}
	// across midnight the day of the scope is that of the request
	midnight := time.Date(2026, 3, 2, 0, 1, 0, 0, time.UTC)
	line := wire(t, k.sign(t, unsigned(t, "StartExecution", body), body, midnight.Add(-2*time.Minute)))
	if code, message := send(t, verifying(t, k, func() time.Time { return midnight }), line); code != "SerializationException" {
		t.Errorf("signed before midnight: %s %s", code, message)
	}
}

func TestADateHeaderWillDo(t *testing.T) {
	t.Parallel()
	k := newRing()
	r := unsigned(t, "StartExecution", "[]")
	r.Header.Set("Date", now.Format(http.TimeFormat))
	s := &signature{day: now.Format(amzDay), region: "eu-west-1", service: "states", term: terminator, date: now.Format(amzTime), signed: "date;host;x-amz-target"}
	s.headers = strings.Split(s.signed, ";")
	text, _ := s.canonical(r, sha256.Sum256([]byte("[]")))
	sum := sha256.Sum256([]byte(text))
	key := []byte("AWS4" + k.secret)
	for _, part := range []string{s.day, s.region, s.service, s.term, strings.Join([]string{algorithm, s.date, s.scope(), hex.EncodeToString(sum[:])}, "\n")} {
		key = mac(key, part)
	}
	r.Header.Set("Authorization", fmt.Sprintf("%s Credential=%s/%s,SignedHeaders=%s,Signature=%x", algorithm, keyID, s.scope(), s.signed, key))
	line := wire(t, r)
	if code, message := send(t, verifying(t, k, atNow), line); code != "SerializationException" {
		t.Errorf("%s %s", code, message)
	}
	later := bytes.Replace(line, []byte("12:00:00"), []byte("12:00:01"), 1)
	if code, message := send(t, verifying(t, k, atNow), later); code != invalidSignature {
		t.Errorf("with another date: %s %s", code, message)
	}
}

func TestARevokedKeyIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	k := newRing()
	h := verifying(t, k, atNow)
	line := wire(t, k.sign(t, unsigned(t, "StartExecution", "[]"), "[]", now))
	if code, _ := send(t, h, line); code != "SerializationException" {
		t.Fatalf("before: %s", code)
	}
	k.gone.Store(true)
	if code, _ := send(t, h, line); code != unrecognized {
		t.Errorf("after: %s", code)
	}
}

func TestAKeyMayDoWhatItsRolesMay(t *testing.T) {
	t.Parallel()
	k := newRing()
	k.roles = []access.Role{access.Viewer}
	h := verifying(t, k, atNow)
	const arn = "arn:aws:states:eu-west-1:123456789012:stateMachine:Order"
	for op, want := range map[string]string{
		"DescribeExecution": "ValidationException", // as far as its empty body
		"StartExecution": "User: arn:aws:iam::123456789012:user/ci is not authorized to perform: states:StartExecution on resource: " + arn +
			" because no identity-based policy allows the states:StartExecution action",
		"CreateStateMachine": "states:CreateStateMachine on resource: * because",
	} {
		body := `{"name":"x","roleArn":"arn:aws:iam::123456789012:role/r","stateMachineArn":"` + arn + `"}`
		_, message := send(t, h, wire(t, k.sign(t, unsigned(t, op, body), body, now)))
		if !strings.Contains(message, want) {
			t.Errorf("%s: %s, want %q", op, message, want)
		}
	}
}

// slow is a body that must not be asked for.
type slow struct{ t *testing.T }

func (s slow) Read([]byte) (int, error) {
	s.t.Error("the body of a stranger was read")
	return 0, io.EOF
}

func TestTheBodyOfAStrangerIsNotRead(t *testing.T) {
	t.Parallel()
	k := newRing()
	r := k.sign(t, unsigned(t, "StartExecution", ""), "", now)
	r.Body = io.NopCloser(slow{t})
	k.gone.Store(true)
	w := httptest.NewRecorder()
	verifying(t, k, atNow).ServeHTTP(w, r)
	if got := w.Header().Get("X-Amzn-Errortype"); got != unrecognized {
		t.Errorf("got %s", got)
	}
}

func TestABodyThatIsTooLargeIsRefusedBeforeItsSignature(t *testing.T) {
	t.Parallel()
	k := newRing()
	body := strings.Repeat("x", maxBody+1)
	code, message := send(t, verifying(t, k, atNow), wire(t, k.sign(t, unsigned(t, "StartExecution", body), "", now)))
	if code != "ValidationException" || !strings.Contains(message, "larger than") {
		t.Errorf("got %s %s", code, message)
	}
}
