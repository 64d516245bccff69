package e2e

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http/httptrace"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/gorilla/websocket"
)

// watch opens a stream and answers a channel that tells how it ended.
func (s *server) watch(t *testing.T, path string) <-chan error {
	t.Helper()
	conn, _, err := websocket.DefaultDialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(s.URL, "http")+path, nil)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	ended := make(chan error, 1)
	go func() {
		for {
			if _, _, err := conn.ReadMessage(); err != nil {
				ended <- err
				return
			}
		}
	}()
	return ended
}

// TestSIGTERMAnswersWhatIsInFlight stops a server that has a long poll, two streams and
// eight busy clients.
func TestSIGTERMAnswersWhatIsInFlight(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := start(t, data)
	c := s.client()
	activity := newActivity(t, c, "nothing-comes")
	gate := newActivity(t, c, "gate")
	arn := run(t, c, machine(t, c, "waits", waiting(gate, "done")), "{}")
	streams := []<-chan error{s.watch(t, "/live/inbox"), s.watch(t, "/live"+pageOf(arn))}

	sent := make(chan struct{})
	polled := make(chan error, 1)
	go func() {
		ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { close(sent) }})
		task, err := c.GetActivityTask(ctx, &sfn.GetActivityTaskInput{ActivityArn: &activity}, func(o *sfn.Options) { o.RetryMaxAttempts = 1 })
		if err == nil && task.TaskToken != nil {
			err = errors.New("a task came")
		}
		polled <- err
	}()
	<-sent

	busy := machine(t, c, "busy", `{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"W"},"W":{"Type":"Wait","Seconds":1,"Next":"B"},"B":{"Type":"Pass","Result":"done","End":true}}}`)
	var mu sync.Mutex
	var acknowledged, unsure []string
	var wg sync.WaitGroup
	for client := range 8 {
		wg.Go(func() {
			for i := 0; ; i++ {
				name := fmt.Sprintf("c%d-%d", client, i)
				x, err := c.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: &busy, Name: &name}, func(o *sfn.Options) { o.RetryMaxAttempts = 1 })
				mu.Lock()
				if err != nil {
					unsure = append(unsure, name)
					mu.Unlock()
					return
				}
				acknowledged = append(acknowledged, *x.ExecutionArn)
				mu.Unlock()
			}
		})
	}
	await(t, "some starts", func() bool { mu.Lock(); defer mu.Unlock(); return len(acknowledged) > 100 })

	if code := s.terminate(t); code != 0 {
		t.Errorf("SIGTERM: exit status %d, want 0", code)
	}
	wg.Wait()
	if err := <-polled; err != nil {
		t.Errorf("the long poll was cut off: %v", err)
	}
	for _, ended := range streams {
		if err := <-ended; !websocket.IsCloseError(err, websocket.CloseGoingAway) {
			t.Errorf("a stream ended with %v, want 1001 (going away)", err)
		}
	}

	c = start(t, data).client()
	for _, name := range unsure { // retryable: by name it is the same run
		x, err := c.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: &busy, Name: &name})
		if err != nil {
			if _, ok := errors.AsType[*types.ExecutionAlreadyExists](err); !ok {
				t.Errorf("%s again: %v", name, err)
			}
			continue
		}
		acknowledged = append(acknowledged, *x.ExecutionArn)
	}
	for _, arn := range acknowledged {
		if x := finished(t, c, arn); x.Status != types.ExecutionStatusSucceeded || aws.ToString(x.Output) != `"done"` {
			t.Errorf("%s: %s %s", arn, x.Status, aws.ToString(x.Output))
		}
	}
}

// TestARequestThatNeverEndsDoesNotHoldTheServer sends the beginning of a request only.
func TestARequestThatNeverEndsDoesNotHoldTheServer(t *testing.T) {
	t.Parallel()
	s := start(t, t.TempDir())
	host := strings.TrimPrefix(s.URL, "http://")
	for _, beginning := range []string{"", "POST / HT", "POST / HTTP/1.1\r\nHost: " + host + "\r\nX-Amz-Target: AWSStepFunctions.ListActivities\r\nContent-Length: 1000\r\n\r\n{"} {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close() //nolint:errcheck // nothing more is said on it
		if _, err := conn.Write([]byte(beginning)); err != nil {
			t.Fatal(err)
		}
	}
	s.get(t, "/healthz")
	if code := s.terminate(t); code != 0 {
		t.Errorf("exit status %d, want 0", code)
	}
}

// refusal runs a server that is to refuse, and answers exit status and words.
func refusal(t *testing.T, args ...string) (int, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, binary, append([]string{"serve"}, args...)...).CombinedOutput()
	if ctx.Err() != nil {
		t.Fatalf("serve %v goes on:\n%s", args, out)
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode(), string(out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return 0, string(out)
}

func TestASecondServerOnTheSameDataIsRefused(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := start(t, data)
	code, words := refusal(t, "--addr", "127.0.0.1:0", "--data", data)
	if code != 3 || !strings.Contains(words, data) || !strings.Contains(words, "another") {
		t.Errorf("exit status %d, want 3 and words that name the folder and the other server:\n%s", code, words)
	}
	if a := s.get(t, "/workflows"); a.StatusCode != 200 {
		t.Errorf("the first server answers %d", a.StatusCode)
	}
	s.kill(t)
	start(t, data) // the lock of a dead server is no lock
}

func TestADamagedDatabaseIsRefusedAndKept(t *testing.T) {
	t.Parallel()
	whole := t.TempDir()
	s := start(t, whole)
	machine(t, s.client(), "kept", `{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}`)
	if code := s.terminate(t); code != 0 {
		t.Fatalf("exit status %d", code)
	}
	good, err := os.ReadFile(filepath.Join(whole, "statehouse.db"))
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string][]byte{
		"its beginning is something else": append([]byte("this is no database, "), good[21:]...),
		"it is text":                      []byte("hello\n"),
		"half of it is missing":           good[:len(good)/2],
		"it is empty":                     {},
		"only its first page is whole":    append(append([]byte{}, good[:4096]...), strings.Repeat("x", len(good)-4096)...),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := t.TempDir()
			file := filepath.Join(data, "statehouse.db")
			if err := os.WriteFile(file, bad, 0o600); err != nil {
				t.Fatal(err)
			}
			code, words := refusal(t, "--addr", "127.0.0.1:0", "--data", data)
			if code != 3 || !strings.Contains(words, file) || !strings.Contains(words, "restore it from a backup") {
				t.Errorf("exit status %d, want 3 and words that name the file and what to do:\n%s", code, words)
			}
			if now, err := os.ReadFile(file); err != nil || string(now) != string(bad) {
				t.Errorf("the file was changed: %d bytes, were %d (%v)", len(now), len(bad), err)
			}
		})
	}
}

func TestOnlyLoopbackIsServed(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.168.1.10:0", "example.com:0", "localhost.example.com:0", "8080"} {
		code, words := refusal(t, "--addr", addr, "--data", t.TempDir())
		if code == 0 || !strings.Contains(words, "--addr") {
			t.Errorf("%s: exit status %d:\n%s", addr, code, words)
		}
	}
}

func TestSettingsThatCannotWorkAreNamed(t *testing.T) {
	t.Parallel()
	for flag, value := range map[string]string{"--account-id": "12345", "--region": "us:east", "--mock-config": "/nowhere/mocks.json", "--shape": "round"} {
		code, words := refusal(t, "--addr", "127.0.0.1:0", "--data", t.TempDir(), flag, value)
		if code == 0 || !strings.Contains(words, flag) {
			t.Errorf("%s %s: exit status %d:\n%s", flag, value, code, words)
		}
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, words := refusal(t, "--addr", "127.0.0.1:0", "--data", file); code == 0 || !strings.Contains(words, file) {
		t.Errorf("a data folder that is a file: exit status %d:\n%s", code, words)
	}
}
