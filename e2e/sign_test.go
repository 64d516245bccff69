package e2e

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io/fs"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/smithy-go"
)

// key is an access key as the command line or a page tells it.
type key struct{ id, secret string }

var keyLines = regexp.MustCompile(`export AWS_ACCESS_KEY_ID=(\S+)\s+export AWS_SECRET_ACCESS_KEY=(\S+)\s+export AWS_DEFAULT_REGION=us-east-1`)

// command runs the binary and answers what it prints.
func command(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var out, problems bytes.Buffer
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Stdout, cmd.Stderr = &out, &problems
	err := cmd.Run()
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		t.Fatal(err)
	}
	return out.String(), problems.String(), cmd.ProcessState.ExitCode()
}

// newKey makes a key on the command line.
func newKey(t *testing.T, data, name string, roles ...string) key {
	t.Helper()
	args := []string{"access-key", "create", "--data", data, "--name", name}
	for _, r := range roles {
		args = append(args, "--role", r)
	}
	out, problems, code := command(t, args...)
	m := keyLines.FindStringSubmatch(out)
	if code != 0 || m == nil {
		t.Fatalf("access-key create: exit status %d\n%s%s", code, out, problems)
	}
	return key{m[1], m[2]}
}

// signed is a client of an address with a key.
func (k key) signed(endpoint string, with ...func(*sfn.Options)) *sfn.Client {
	return sfn.New(sfn.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(endpoint), RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: k.id, SecretAccessKey: k.secret}, nil
		}),
	}, with...)
}

// lists calls the API and answers the name of the error, "" for none.
func lists(t *testing.T, c *sfn.Client) string {
	t.Helper()
	_, err := c.ListStateMachines(t.Context(), &sfn.ListStateMachinesInput{})
	return errorName(err)
}

func errorName(err error) string {
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		return e.ErrorCode()
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

const passing = `{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}`

// TestAnAddressOfTheAPIAlone walks keys from the first to the last day, with the real client.
func TestAnAddressOfTheAPIAlone(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	ci := newKey(t, data, "ci", "designer", "operator") // the first one makes the folder
	s := start(t, data, "--api-addr", "127.0.0.1:0")
	c := ci.signed(s.API)
	m := machine(t, c, "Straße-日本", passing)
	x := finished(t, c, run(t, c, m, `{"größe":"  zwei  Leerzeichen "}`))
	if x.Status != "SUCCEEDED" || !strings.Contains(*x.Output, "  zwei  Leerzeichen ") {
		t.Errorf("the run is %s with %s", x.Status, *x.Output)
	}

	if got := lists(t, key{ci.id, "K7MDENGBPXRFICYEXAMPLEKEYK7MDENGBPXRFICY"}.signed(s.API)); got != "InvalidSignatureException" {
		t.Errorf("a wrong secret: %q", got)
	}
	if got := lists(t, key{"AKIAIOSFODNN7EXAMPLE", ci.secret}.signed(s.API)); got != "UnrecognizedClientException" {
		t.Errorf("an unknown key: %q", got)
	}
	if got := lists(t, s.client()); got != "" {
		t.Errorf("any key at the local address: %q", got)
	}

	desk := newKey(t, data, "desk", "viewer") // the server runs now
	d := desk.signed(s.API)
	if got := lists(t, d); got != "" {
		t.Errorf("a viewer lists: %q", got)
	}
	_, err := d.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: &m})
	if errorName(err) != "AccessDeniedException" || !strings.Contains(err.Error(), "user/desk is not authorized to perform: states:StartExecution on resource: "+m) {
		t.Errorf("a viewer starts: %v", err)
	}

	out, _, _ := command(t, "access-key", "list", "--data", data)
	if !regexp.MustCompile(desk.id+` +desk +viewer +\S+Z +\S+Z +good`).MatchString(out) || strings.Contains(out, desk.secret) {
		t.Errorf("listed:\n%s", out)
	}
	if out, problems, code := command(t, "access-key", "revoke", "--data", data, desk.id); code != 0 || !strings.Contains(out, "is revoked") {
		t.Errorf("revoke: %d %s%s", code, out, problems)
	}
	if got := lists(t, d); got != "UnrecognizedClientException" {
		t.Errorf("the key after its revocation: %q", got)
	}
	if _, problems, code := command(t, "access-key", "revoke", "--data", data, "AKSHNOSUCHKEY"); code != 1 || !strings.Contains(problems, "There is no access key 'AKSHNOSUCHKEY'") {
		t.Errorf("revoking nothing: %d %s", code, problems)
	}

	alone := &server{URL: s.API}
	for _, path := range []string{"/workflows", "/settings/access-keys", "/api/access-keys", "/metrics", "/static/css/base.css", "//", "/live/inbox"} {
		if a := alone.get(t, path); a.StatusCode != http.StatusNotFound || !strings.Contains(a.Header.Get("Content-Type"), "json") {
			t.Errorf("GET %s at the API's address: %d %s", path, a.StatusCode, a.Header.Get("Content-Type"))
		}
	}
	if a := alone.send(t, http.MethodPost, "/api/access-keys", `{"name":"x","roles":["admin"]}`, "Content-Type", "application/json"); a.StatusCode != http.StatusNotFound {
		t.Errorf("making a key at the API's address: %d", a.StatusCode)
	}
	if a := alone.send(t, http.MethodPost, "/", "{}", "Host", "anything.example", "X-Amz-Target", "AWSStepFunctions.ListStateMachines"); a.StatusCode != http.StatusBadRequest ||
		!strings.Contains(a.Body, "MissingAuthenticationTokenException") {
		t.Errorf("an unsigned call under another name: %d %s", a.StatusCode, a.Body)
	}
	if a := alone.get(t, "/healthz"); a.StatusCode != http.StatusOK {
		t.Errorf("healthz: %d", a.StatusCode)
	}

	if code := s.terminate(t); code != 0 {
		t.Errorf("exit status %d", code)
	}
	out, _, _ = command(t, "access-key", "list", "--data", data) // stopped, so the last uses are written
	if !regexp.MustCompile(ci.id+` +ci +operator,designer +\S+Z +\S+Z +good`).MatchString(out) ||
		!regexp.MustCompile(desk.id+` +desk +viewer +\S+Z +\S+Z +revoked \S+Z`).MatchString(out) {
		t.Errorf("listed when stopped:\n%s", out)
	}
}

func TestTheMainAddressVerifiesWhenAsked(t *testing.T) {
	t.Parallel()
	s := start(t, t.TempDir(), "--verify-signatures")
	if got := lists(t, s.client()); got != "UnrecognizedClientException" {
		t.Errorf("any key: %q", got)
	}
	a := s.post(t, "/settings/access-keys", url.Values{"name": {"desk"}, "role": {"viewer"}})
	m := keyLines.FindStringSubmatch(a.text())
	if a.StatusCode != http.StatusOK || m == nil || !strings.Contains(a.text(), "AWS_ENDPOINT_URL_SFN="+s.URL) {
		t.Fatalf("making a key: %d %s", a.StatusCode, a.text())
	}
	if got := lists(t, key{m[1], m[2]}.signed(s.URL)); got != "" {
		t.Errorf("with the key of the page: %q", got)
	}
}

// TestTheSecretOfAKeyIsNowhere makes a key, uses it and looks for its secret in everything
// that is left: files, log, pages, metrics.
func TestTheSecretOfAKeyIsNowhere(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := start(t, data, "--api-addr", "127.0.0.1:0")
	a := s.post(t, "/settings/access-keys", url.Values{"name": {"canary"}, "role": {"operator", "designer"}})
	m := keyLines.FindStringSubmatch(a.text())
	if m == nil {
		t.Fatalf("making a key: %d %s", a.StatusCode, a.text())
	}
	if a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the page with the secret may be kept: %q", a.Header.Get("Cache-Control"))
	}
	k := key{m[1], m[2]}
	c := k.signed(s.API)
	arn := run(t, c, machine(t, c, "canary", passing), `{}`)
	finished(t, c, arn)
	lists(t, key{k.id, k.secret + "x"}.signed(s.API))
	for _, path := range []string{"/settings/access-keys", "/api/access-keys", "/settings", "/metrics", "/workflows", "/executions", pageOf(arn), "/api" + pageOf(arn) + "/events"} {
		if a := s.get(t, path); strings.Contains(a.Body, k.secret) {
			t.Errorf("%s shows the secret", path)
		}
	}
	if code := s.terminate(t); code != 0 {
		t.Errorf("exit status %d", code)
	}
	looked := 0
	err := filepath.WalkDir(data, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if bytes.Contains(text, []byte(k.secret)) {
			t.Errorf("%s holds the secret", path)
		}
		looked++
		return err
	})
	if err != nil || looked < 3 {
		t.Errorf("looked at %d files: %v", looked, err)
	}
	text, err := os.ReadFile(s.log)
	if err != nil || bytes.Contains(text, []byte(k.secret)) || !bytes.Contains(text, []byte(k.id)) {
		t.Errorf("the log has the secret, or not the key's id (%v):\n%s", err, text)
	}
}

// certificate is one for 127.0.0.1, in two files.
func certificate(t *testing.T) (cert, private string, pool *x509.CertPool) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cert, private = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for file, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, private: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pool = x509.NewCertPool()
	pool.AppendCertsFromPEM(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return cert, private, pool
}

func TestTheAPISpeaksTLSAndDrains(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	worker := newKey(t, data, "worker", "admin")
	cert, private, pool := certificate(t)
	s := start(t, data, "--api-addr", "127.0.0.1:0", "--api-tls-cert", cert, "--api-tls-key", private)
	if !strings.HasPrefix(s.API, "https://127.0.0.1:") {
		t.Fatalf("the API is at %q", s.API)
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true}
	c := worker.signed(s.API, func(o *sfn.Options) { o.HTTPClient = &http.Client{Transport: transport} })
	activity := newActivity(t, c, "work")
	polled := make(chan string, 1)
	go func() {
		_, err := c.GetActivityTask(t.Context(), &sfn.GetActivityTaskInput{ActivityArn: &activity})
		polled <- errorName(err)
	}()
	if got := lists(t, c); got != "" {
		t.Errorf("a list over TLS: %q", got)
	}
	if code := s.terminate(t); code != 0 {
		t.Errorf("exit status %d", code)
	}
	// Answered, or told to come again; or the server had stopped listening before the poll arrived.
	calm := []string{"ServiceUnavailable", "connect", "EOF", "GOAWAY"}
	if got := <-polled; got != "" && !slices.ContainsFunc(calm, func(words string) bool { return strings.Contains(got, words) }) {
		t.Errorf("the poll ended with %q", got)
	}
}

func TestAServerThatCouldLetNobodyInDoesNotStart(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	code, words := refusal(t, "--addr", "127.0.0.1:0", "--api-addr", "0.0.0.0:0", "--data", data)
	if code != 1 || !strings.Contains(words, "no access key yet") || !strings.Contains(words, "statehouse access-key create --data "+data) {
		t.Errorf("without a key: %d %s", code, words)
	}
	if code, words := refusal(t, "--addr", "0.0.0.0:0", "--data", data); code != 1 || !strings.Contains(words, "--api-addr") {
		t.Errorf("pages for other machines: %d %s", code, words)
	}
	if code, words := refusal(t, "--addr", "127.0.0.1:0", "--api-addr", "127.0.0.1:0", "--api-tls-cert", "x", "--data", data); code != 1 || !strings.Contains(words, "belong together") {
		t.Errorf("half a certificate: %d %s", code, words)
	}

	newKey(t, data, "ci", "operator")
	vault := filepath.Join(data, "vault.key")
	kept, err := os.ReadFile(vault)
	if err != nil {
		t.Fatal(err)
	}
	for words, text := range map[string]string{
		"The vault key is missing":                  "",
		"The vault key is damaged":                  "short",
		"A secret does not open with the vault key": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
	} {
		if err := os.Remove(vault); err != nil {
			t.Fatal(err)
		}
		if text != "" {
			if err := os.WriteFile(vault, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		code, told := refusal(t, "--addr", "127.0.0.1:0", "--verify-signatures", "--data", data)
		if code != 3 || !strings.Contains(told, words) || !strings.Contains(told, vault) {
			t.Errorf("%q: %d %s", text, code, told)
		}
		if _, told, code := command(t, "access-key", "create", "--data", data, "--name", "x", "--role", "viewer"); code != 1 || !strings.Contains(told, words) {
			t.Errorf("%q: access-key create: %d %s", text, code, told)
		}
		if err := os.WriteFile(vault, kept, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestKeysFromAFileOfSomebodyElse(t *testing.T) {
	t.Parallel()
	data, file := t.TempDir(), filepath.Join(t.TempDir(), "key")
	if _, told, code := command(t, "access-key", "create", "--data", data, "--vault-key-file", file, "--name", "x", "--role", "viewer"); code != 1 ||
		!strings.Contains(told, "openssl rand -base64 32 > "+file) {
		t.Errorf("without the file: %d %s", code, told)
	}
	if err := os.WriteFile(file, []byte("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := start(t, data, "--verify-signatures", "--vault-key-file", file)
	k := newKey(t, data, "x", "viewer")
	if got := lists(t, k.signed(s.URL)); got != "" {
		t.Errorf("a list: %q", got)
	}
	if _, err := os.Stat(filepath.Join(data, "vault.key")); err == nil {
		t.Error("another key lies in the data folder")
	}
	var told struct{ AccessKeys []struct{ Name string } }
	if err := json.Unmarshal([]byte(s.get(t, "/api/access-keys").Body), &told); err != nil || len(told.AccessKeys) != 1 || told.AccessKeys[0].Name != "x" {
		t.Errorf("told %v, %v", told, err)
	}
}
