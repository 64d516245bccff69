package engine_test

import (
	"context"
	"encoding/hex"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"statehouse/engine"
	"statehouse/engine/interp"
	"statehouse/engine/spans"
	"statehouse/engine/trace"
)

// traced opens a house whose spans are kept. The answer waits for what was told, and answers
// with the spans so far.
func traced(t *testing.T, h *house) func() tracetest.SpanStubs {
	t.Helper()
	kept := tracetest.NewInMemoryExporter()
	m, err := spans.New(spans.Config{Provider: spans.Provider(sdktrace.WithSyncer(kept)), Log: h.log})
	if err != nil {
		t.Fatal(err)
	}
	h.watcher, h.tracing = m, true
	h.restart()
	m.Read(h.db.History)
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan struct{})
	go func() {
		defer close(ran)
		m.Run(ctx)
	}()
	t.Cleanup(cancel)
	return func() tracetest.SpanStubs {
		synctest.Wait()
		return kept.GetSpans()
	}
}

// tree lists spans as paths of names, from the outermost one, sorted. Those of other traces
// are left out.
func tree(t *testing.T, all tracetest.SpanStubs, of string) []string {
	t.Helper()
	c, _ := trace.Parse(of)
	byID := map[string]tracetest.SpanStub{}
	for _, s := range all {
		if s.SpanContext.TraceID() == c.Trace {
			byID[s.SpanContext.SpanID().String()] = s
		}
	}
	var paths []string
	for _, s := range byID {
		path := s.Name
		if s.Status.Code == codes.Error {
			path += " !" + s.Status.Description
		}
		for p, ok := byID[s.Parent.SpanID().String()]; ok; p, ok = byID[p.Parent.SpanID().String()] {
			path = p.Name + "/" + path
		}
		paths = append(paths, path)
	}
	slices.Sort(paths)
	return paths
}

// tracedMachine publishes a definition whose executions are traced.
func (h *house) tracedMachine(name, definition string) string {
	h.t.Helper()
	m, err := h.CreateStateMachine(context.Background(), engine.CreateStateMachine{Name: name, Definition: definition, Tracing: `{"enabled":true}`})
	if err != nil {
		h.t.Fatal(err)
	}
	return m.ARN
}

func wantTree(t *testing.T, got []string, want ...string) {
	t.Helper()
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("spans are\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

func TestSpansOfStatesWithinStates(t *testing.T) {
	bubble(t, calling(echo), func(t *testing.T, h *house) {
		kept := traced(t, h)
		m := h.tracedMachine("m", `{"StartAt":"P","States":{
			"P":{"Type":"Parallel","Next":"M","Branches":[
				{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Wait","Seconds":5,"End":true}}},
				{"StartAt":"C","States":{"C":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:test:call","End":true}}}]},
			"M":{"Type":"Map","Next":"T","ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}},"MaxConcurrency":1},
			"T":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:test:call","Parameters":"bad","Retry":[{"ErrorEquals":["Bad"],"MaxAttempts":1,"IntervalSeconds":3}],
				"Catch":[{"ErrorEquals":["States.ALL"],"Next":"F"}],"End":true},
			"F":{"Type":"Fail","Error":"Sorry"}}}`)
		x := h.wait(h.start(m, `{}`))
		wantTree(t, tree(t, kept(), x.TraceHeader),
			"m !Sorry", "m/P", "m/P/A", "m/P/B", "m/P/C", "m/P/C/aws-sdk:test:call",
			"m/M", "m/M/I", "m/M/I",
			"m/T", "m/T/aws-sdk:test:call !Bad", "m/T/aws-sdk:test:call !Bad", "m/F !States.Fail")
		for _, s := range kept() {
			want := map[string]time.Duration{"m": 8 * time.Second, "P": 5 * time.Second, "B": 5 * time.Second, "T": 3 * time.Second}[s.Name]
			if took := s.EndTime.Sub(s.StartTime); took.Truncate(time.Second) != want {
				t.Errorf("%s took %s, want %s", s.Name, took, want)
			}
		}
		h.wait(h.start(h.machine("untraced", waitMinute), `{}`))
		for _, s := range kept() {
			if s.Name == "untraced" {
				t.Error("an execution of a machine that is not traced has a span")
			}
		}
	})
}

func TestSpansOfWhatFailsWithinAParallel(t *testing.T) {
	world := &moody{fails: true}
	bubble(t, world.register, func(t *testing.T, h *house) {
		kept := traced(t, h)
		x := h.wait(h.start(h.tracedMachine("m", sending), `{}`))
		const call = "m/P/Send/aws-sdk:moody:call"
		wantTree(t, tree(t, kept(), x.TraceHeader),
			"m !Boom", "m/P !Boom", "m/P/Easy", "m/P/Send !States.Aborted", call+" !Boom", call+" !Boom")
		world.fails = false
		before := len(kept())
		if _, err := h.RedriveExecution(t.Context(), x.ARN, ""); err != nil {
			t.Fatal(err)
		}
		wantStatus(t, h.wait(x.ARN), interp.Succeeded)
		wantTree(t, tree(t, kept()[before:], x.TraceHeader), "m", "m/P", "m/P/Send", "m/P/Send/aws-sdk:moody:call")
	})
}

func TestSpansGoOnAfterARestart(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		traced(t, h)
		m := h.tracedMachine("m", `{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
			{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"W"},"W":{"Type":"Wait","Seconds":100,"End":true}}}]}}}`)
		arn := h.start(m, `{}`)
		synctest.Wait()
		time.Sleep(40 * time.Second) // virtual
		kept := traced(t, h)
		x := h.wait(arn)
		wantTree(t, tree(t, kept(), x.TraceHeader), "m", "m/P", "m/P/W")
		for _, s := range kept() {
			if s.EndTime.Sub(s.StartTime).Round(time.Second) != 100*time.Second {
				t.Errorf("%s is from %s to %s", s.Name, s.StartTime, s.EndTime)
			}
		}
	})
}

func TestWhatAnExecutionStartsIsInItsTrace(t *testing.T) {
	var header, parent string
	endpoint := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		header, parent = r.Header.Get("X-Amzn-Trace-Id"), r.Header.Get("Traceparent")
	}))
	defer endpoint.Close()
	kept := tracetest.NewInMemoryExporter()
	m, err := spans.New(spans.Config{Provider: spans.Provider(sdktrace.WithSyncer(kept))})
	if err != nil {
		t.Fatal(err)
	}
	h := realHouse(t, m)
	child := h.machine("child", `{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}`)
	x := h.wait(h.start(h.tracedMachine("m", `{"StartAt":"H","States":{
		"H":{"Type":"Task","Resource":"arn:aws:states:::http:invoke","Parameters":{"ApiEndpoint":"`+endpoint.URL+`","Method":"GET","Authentication":{"ConnectionArn":"arn:aws:events:us-east-1:000000000000:connection/c/1"}},"ResultPath":null,"Next":"S"},
		"S":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2","Parameters":{"StateMachineArn":"`+child+`","Input":{}},"ResultPath":null,"Next":"D"},
		"D":{"Type":"Map","Label":"D","ItemsPath":"$.items","End":true,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},
			"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}}}`), `{"items":[1]}`))
	wantStatus(t, x, interp.Succeeded)
	h.close()
	finished(m)
	wantTree(t, tree(t, kept.GetSpans(), x.TraceHeader),
		"m", "m/H", "m/H/http:invoke", "m/S", "m/S/states:startExecution.sync:2", "m/S/child", "m/S/child/P", "m/D", "m/m/D", "m/m/D/P")
	own, _ := trace.Parse(x.TraceHeader)
	got, ok := trace.Parse(header)
	if !ok || got.Trace != own.Trace || !strings.Contains(parent, hex.EncodeToString(got.Parent[:])) {
		t.Errorf("the endpoint was told %q and %q, in the trace %q", header, parent, x.TraceHeader)
	}
}

// received counts what a collector was sent: spans by name, and attributes of who sent them.
type received struct {
	collector.UnimplementedTraceServiceServer
	mu  sync.Mutex
	got map[string]int
}

// Export implements OTLP.
func (r *received) Export(_ context.Context, req *collector.ExportTraceServiceRequest) (*collector.ExportTraceServiceResponse, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, rs := range req.ResourceSpans {
		for _, a := range rs.Resource.Attributes {
			r.got[a.Key+"="+a.Value.GetStringValue()]++
		}
		for _, ss := range rs.ScopeSpans {
			for _, s := range ss.Spans {
				r.got[s.Name]++
			}
		}
	}
	return &collector.ExportTraceServiceResponse{}, nil
}

// overHTTP serves a collector, and says where and how it is stopped.
func (r *received) overHTTP(t *testing.T) (url string, stop func()) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		var all collector.ExportTraceServiceRequest
		if err := proto.Unmarshal(body, &all); err != nil || req.URL.Path != "/v1/traces" || req.Header.Get("X-Team") != "a" {
			t.Errorf("%s %s: %v", req.Method, req.URL, err)
		}
		_, _ = r.Export(req.Context(), &all)
	}))
	return s.URL, func() {
		s.CloseClientConnections()
		s.Close()
	}
}

func (r *received) overGRPC(t *testing.T) (url string, stop func()) {
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := grpc.NewServer()
	collector.RegisterTraceServiceServer(s, r)
	go func() { _ = s.Serve(l) }()
	return "http://" + l.Addr().String(), s.Stop
}

// TestSpansReachACollector sends spans as the server does, to a receiver of OTLP, and then
// on and on to one that has gone away.
func TestSpansReachACollector(t *testing.T) {
	t.Parallel()
	for protocol, serve := range map[string]func(*received, *testing.T) (string, func()){spans.HTTP: (*received).overHTTP, spans.GRPC: (*received).overGRPC} {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			r := &received{got: map[string]int{}}
			url, gone := serve(r, t)
			provider, err := spans.Export{Endpoint: url, Protocol: protocol, Headers: map[string]string{"x-team": "a"}, Version: "1"}.Open(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			m, err := spans.New(spans.Config{Provider: provider})
			if err != nil {
				t.Fatal(err)
			}
			h := realHouse(t, m)
			arn := h.tracedMachine("m", `{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}`)
			for range 10 {
				h.wait(h.start(arn, `{}`))
			}
			h.close()
			finished(m)
			if err := provider.ForceFlush(t.Context()); err != nil {
				t.Fatal(err)
			}
			if r.got["m"] != 10 || r.got["P"] != 10 || r.got["service.name=statehouse"] == 0 {
				t.Errorf("the collector has %v", r.got)
			}
			gone()
			h.open()
			for range 10 {
				wantStatus(t, h.wait(h.start(arn, `{}`)), interp.Succeeded)
			}
			h.close()
			finished(m)
		})
	}
}

// realHouse is a house in real time: real sockets stop the virtual clock.
func realHouse(t *testing.T, m *spans.Maker) *house {
	t.Helper()
	h := &house{t: t, dir: t.TempDir(), log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))}
	h.watcher, h.tracing, h.private = m, true, true
	h.open()
	return h
}

// finished makes the spans of everything that a Maker was told.
func finished(m *spans.Maker) {
	over, cancel := context.WithCancel(context.Background())
	cancel()
	m.Run(over)
}
