package handlers_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"statehouse/engine"
	"statehouse/engine/access"
	"statehouse/handlers"
	"statehouse/handlers/awsapi"
	"statehouse/store/sqlite"
	"statehouse/store/storetest"
)

// BenchmarkStartExecution starts executions over HTTP on loopback in a closed loop, with a
// real store and a log that is written to a file, in ratio to bare storage in the same run:
// one commit of two events and a row for each start, and for machines that wait the very
// rows that a started execution has to have. "of-http" is in ratio to a server that reads
// the same requests and answers them with a constant. The clients run in the same process.
func BenchmarkStartExecution(b *testing.B) {
	for _, machine := range []struct{ name, definition string }{
		{"Pass", `{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}`},
		{"Wait", `{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":86400,"End":true}}}`},
	} {
		for _, clients := range []int{1, 50, 500} {
			b.Run(fmt.Sprintf("%s/%d", machine.name, clients), func(b *testing.B) {
				s := serve(b)
				var m struct{ StateMachineARN string }
				made := s.client(b).post(b, "CreateStateMachine", map[string]string{"name": "m", "definition": machine.definition, "roleArn": "arn:aws:iam::000000000000:role/r"})
				if err := json.Unmarshal(made, &m); err != nil {
					b.Fatal(err)
				}
				s.load(b, 2*clients, clients, m.StateMachineARN)
				b.ResetTimer()
				busy := processor(b)
				began := time.Now()
				took := s.load(b, b.N, clients, m.StateMachineARN)
				perSecond := float64(len(took)) / time.Since(began).Seconds()
				busy = processor(b) - busy
				b.StopTimer()
				floor := storetest.Floor(b, b.TempDir(), clients, 1, max(b.N, 20))
				b.ReportMetric(perSecond, "starts/s")
				b.ReportMetric(floor.PerSecond, "floor/s")
				b.ReportMetric(perSecond/floor.PerSecond, "of-floor")
				if machine.name == "Wait" {
					rows := storetest.FloorOfTasks(b, b.TempDir(), clients, 0, max(b.N, 20))
					b.ReportMetric(perSecond/rows.PerSecond, "of-same-rows")
				}
				began = time.Now()
				bare(b).load(b, b.N, clients, m.StateMachineARN)
				b.ReportMetric(perSecond/(float64(b.N)/time.Since(began).Seconds()), "of-http")
				p99 := storetest.Quantile(took, 0.99)
				b.ReportMetric(float64(storetest.Median(took).Microseconds()), "p50-µs")
				b.ReportMetric(float64(p99.Microseconds()), "p99-µs")
				b.ReportMetric(float64(p99)/float64(floor.P99), "p99-of-floor")
				b.ReportMetric(float64(busy.Microseconds())/float64(b.N), "cpu-µs")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

// server is the whole of it on a free port.
type server struct {
	address string
	serial  atomic.Int64
}

func serve(b *testing.B) *server {
	b.Helper()
	percent := debug.SetGCPercent(400) // as cmd/statehouse has it
	file, err := os.Create(filepath.Join(b.TempDir(), "log"))
	if err != nil {
		b.Fatal(err)
	}
	log := slog.New(slog.NewJSONHandler(file, nil))
	db, err := sqlite.Open(b.Context(), sqlite.Config{Dir: b.TempDir(), Log: log})
	if err != nil {
		b.Fatal(err)
	}
	eng, err := engine.New(engine.Config{Store: db, Log: log})
	if err != nil {
		b.Fatal(err)
	}
	api, err := awsapi.New(awsapi.Config{Engine: eng, Who: access.Owner("owner"), Log: log})
	if err != nil {
		b.Fatal(err)
	}
	h, err := handlers.New(handlers.Config{Engine: eng, AWS: api, Log: log})
	if err != nil {
		b.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { _ = eng.Run(ctx) })
	web := &http.Server{Handler: h}
	wg.Go(func() { _ = web.Serve(listener) })
	b.Cleanup(func() {
		_ = web.Close()
		stop()
		wg.Wait()
		if err := db.Close(); err != nil {
			b.Error(err)
		}
		_ = file.Close()
		debug.SetGCPercent(percent)
	})
	return &server{address: listener.Addr().String()}
}

// bare is a server that does nothing but HTTP.
func bare(b *testing.B) *server {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	web := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, `{"executionArn":"arn:aws:states:us-east-1:000000000000:execution:m:run-1","startDate":1763800000.123}`)
	})}
	var wg sync.WaitGroup
	wg.Go(func() { _ = web.Serve(listener) })
	b.Cleanup(func() { _ = web.Close(); wg.Wait() })
	return &server{address: listener.Addr().String()}
}

// load makes n starts, some at a time, and says how long each took.
func (s *server) load(b *testing.B, n, clients int, machineARN string) []time.Duration {
	b.Helper()
	took := make([]time.Duration, n)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range clients {
		c := s.client(b)
		wg.Go(func() {
			defer c.conn.Close()
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				began := time.Now()
				c.post(b, "StartExecution", map[string]string{
					"stateMachineArn": machineARN, "name": fmt.Sprint("run-", s.serial.Add(1)),
					"input": `{"order":{"id":1042,"customer":"Ann Lindqvist","total":742.5},"lines":[{"sku":"LAMP-03","quantity":2}]}`,
				})
				took[i] = time.Since(began)
			}
		})
	}
	wg.Wait()
	return took
}

// client is one kept connection. It knows as much of HTTP as it needs, so that it takes
// little from what it measures.
type client struct {
	conn net.Conn
	in   *bufio.Reader
	head string
}

func (s *server) client(b *testing.B) *client {
	b.Helper()
	conn, err := net.Dial("tcp", s.address)
	if err != nil {
		b.Fatal(err)
	}
	head := "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-amz-json-1.0\r\nX-Amz-Date: " + time.Now().UTC().Format("20060102T150405Z") +
		"\r\nAuthorization: AWS4-HMAC-SHA256 Credential=local/20260301/us-east-1/states/aws4_request, SignedHeaders=host, Signature=00\r\n"
	return &client{conn: conn, in: bufio.NewReader(conn), head: head}
}

// post makes one call, which has to succeed.
func (c *client) post(b *testing.B, op string, in map[string]string) []byte {
	b.Helper()
	body, err := json.Marshal(in)
	if err == nil {
		_, err = io.WriteString(c.conn, c.head+"X-Amz-Target: AWSStepFunctions."+op+"\r\nContent-Length: "+strconv.Itoa(len(body))+"\r\n\r\n"+string(body))
	}
	status, length := "", 0
	for err == nil {
		var line string
		if line, err = c.in.ReadString('\n'); err != nil || line == "\r\n" {
			break
		}
		if status == "" {
			status = line
		}
		if n, ok := strings.CutPrefix(line, "Content-Length: "); ok {
			length, err = strconv.Atoi(strings.TrimSpace(n))
		}
	}
	answer := make([]byte, length)
	if err == nil {
		_, err = io.ReadFull(c.in, answer)
	}
	if err != nil || !strings.HasPrefix(status, "HTTP/1.1 200") {
		b.Errorf("%s: %v %s%s", op, err, status, answer)
	}
	return answer
}

// processor is the processor time that this process has used, clients included.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
