//go:build clients

package clients

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/google/go-cmp/cmp"
)

// tools is where .ci/test puts Python's packages.
const tools = "../../.venv/bin/"

// place is where a walk goes, and the access key that it signs with.
type place struct{ url, key, secret string }

// walks are the clients. A walk goes to all stations of a server and tells each that is done. The server verifies
// the signature of every call.
var walks = []struct {
	client string
	walk   func(t *testing.T, at place, done func(station string))
}{
	{"aws CLI", script(tools+"python", "walk_cli.py", tools+"aws")},
	{"boto3", script(tools+"python", "walk_boto3.py")},
	{"Go", walkGo},
	{"JavaScript", script("node", "../../bin/walk_sdk.mjs")},
}

func TestEveryClientWalksAllStations(t *testing.T) {
	t.Parallel()
	binary := filepath.Join(t.TempDir(), "statehouse")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "statehouse/cmd/statehouse").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	want := stations(t)
	for _, w := range walks {
		t.Run(w.client, func(t *testing.T) {
			t.Parallel()
			at := start(t, binary)
			line := newTap(t, at.url)
			at.url = line.URL
			var got []string
			began := time.Now()
			w.walk(t, at, func(station string) {
				fmt.Printf("%-10s  %-11s  %4.1f s\n", w.client, station, time.Since(began).Seconds())
				got, began = append(got, station), time.Now()
			})
			if t.Failed() {
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("stations (- of the list, + of the walk)\n%s", diff)
			}
			line.check(t, operations())
		})
	}
}

// stations are the names in stations.txt, in their order.
func stations(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("stations.txt")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for line := range strings.Lines(string(text)) {
		name, _, _ := strings.Cut(line, "  ")
		names = append(names, name)
	}
	return names
}

// operations are all that the API has: the methods of the SDK's client.
func operations() []string {
	var names []string
	for m := range reflect.TypeFor[*sfn.Client]().Methods() {
		if m.Name != "Options" {
			names = append(names, m.Name)
		}
	}
	return names
}

// script is a walk by another program: it gets the address as its last argument, the access key in the usual
// variables, and writes "station: name" for each station. All else that it writes is told when it fails.
func script(command ...string) func(*testing.T, place, func(string)) {
	return func(t *testing.T, at place, done func(string)) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, command[0], append(command[1:len(command):len(command)], at.url)...)
		// Nothing of the person's own settings may lead a client to the real service.
		cmd.Env = []string{
			"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "AWS_EC2_METADATA_DISABLED=true", "PYTHONDONTWRITEBYTECODE=1",
			"AWS_ACCESS_KEY_ID=" + at.key, "AWS_SECRET_ACCESS_KEY=" + at.secret,
		}
		out, in := io.Pipe()
		cmd.Stdout, cmd.Stderr = in, in
		ended := make(chan error, 1)
		go func() {
			err := cmd.Run()
			ended <- err
			_ = in.Close()
		}()
		var rest strings.Builder
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if station, ok := strings.CutPrefix(lines.Text(), "station: "); ok {
				done(station)
			} else {
				rest.WriteString(lines.Text() + "\n")
			}
		}
		if err := <-ended; err != nil {
			t.Errorf("%s: %v\n%s", strings.Join(command, " "), err, &rest)
		}
	}
}

// start runs the binary on a free port with a data folder that holds one access key.
func start(t *testing.T, binary string) (at place) {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	lines, err := exec.CommandContext(t.Context(), binary, "access-key", "create", "--data", data, "--name", "walk", "--role", "admin").Output()
	if err != nil {
		t.Fatalf("make an access key: %v", err)
	}
	for line := range strings.Lines(string(lines)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		switch name {
		case "export AWS_ACCESS_KEY_ID":
			at.key = value
		case "export AWS_SECRET_ACCESS_KEY":
			at.secret = value
		}
	}
	log, err := os.Create(filepath.Join(t.TempDir(), "server.log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), binary, "serve", "--addr", "127.0.0.1:0", "--verify-signatures", "--throttle", "ListActivities=1/2", "--data", data)
	cmd.Stderr = log
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = log.Close()
		if text, _ := os.ReadFile(log.Name()); t.Failed() {
			t.Logf("server log:\n%s", text)
		}
	})
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if _, url, ok := strings.Cut(lines.Text(), "ready: "); ok {
			at.url = url
			return at
		}
	}
	text, _ := os.ReadFile(log.Name())
	t.Fatalf("the server did not start:\n%s", text)
	return at
}
