// Package e2e drives the built binary from outside: by the AWS SDK here, by a browser
// in the TypeScript beside it. It imports no package of the project.
package e2e

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
)

// binary is the program under test, built once by TestMain.
var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "statehouse-e2e-")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "statehouse")
	build := exec.Command("go", "build", "-o", binary, "statehouse/cmd/statehouse")
	build.Stdout, build.Stderr = os.Stdout, os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "build statehouse:", err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// server is one running binary.
type server struct {
	URL  string
	API  string // of --api-addr
	log  string // file
	cmd  *exec.Cmd
	done chan error
}

// start runs the binary on a free port with the data folder and waits until it is ready.
func start(t *testing.T, data string, args ...string) *server {
	t.Helper()
	args = append([]string{"serve", "--addr", "127.0.0.1:0", "--data", data}, args...)
	s := &server{cmd: exec.Command(binary, args...), done: make(chan error, 1)}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(filepath.Join(t.TempDir(), "server.log"))
	if err != nil {
		t.Fatal(err)
	}
	s.cmd.Stderr, s.log = log, log.Name()
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, url, ok := strings.Cut(lines.Text(), "verified signatures: "); ok {
			s.API = url
		}
		if _, url, ok := strings.Cut(lines.Text(), "ready: "); ok {
			s.URL = url
			break
		}
	}
	go func() { s.done <- s.cmd.Wait() }()
	t.Cleanup(func() {
		_ = s.cmd.Process.Kill()
		if t.Failed() {
			text, _ := os.ReadFile(log.Name())
			t.Logf("server log:\n%s", text)
		}
		_ = log.Close()
	})
	if s.URL == "" {
		text, _ := os.ReadFile(log.Name())
		t.Fatalf("the server did not start:\n%s", text)
	}
	await(t, "healthy", func() bool {
		resp, err := http.Get(s.URL + "/healthz")
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
	return s
}

// kill ends the server as a power cut would.
func (s *server) kill(t *testing.T) {
	t.Helper()
	if err := s.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-s.done //nolint:errcheck // it says that it was killed
}

// terminate sends SIGTERM and answers the exit status. How long a stop takes is held by the
// tests of cmd/statehouse; here, beside all other tests, it only must not hang.
func (s *server) terminate(t *testing.T) int {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case <-s.done: //nolint:errcheck // the exit status is asked below
	case <-time.After(30 * time.Second):
		t.Fatal("the server did not stop within 30 s of SIGTERM")
	}
	return s.cmd.ProcessState.ExitCode()
}

// client speaks to the server like to AWS; the endpoint is explicit, so that nothing
// ever reaches the real service.
func (s *server) client() *sfn.Client {
	return sfn.New(sfn.Options{
		Region:       "us-east-1",
		BaseEndpoint: aws.String(s.URL),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
	})
}

// await asks again until it holds; a test that waits for ever fails with what it waited for.
func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(time.Minute)
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited a minute for: %s", what)
		}
	}
}
