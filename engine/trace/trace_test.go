package trace_test

import (
	"strings"
	"testing"
	"time"

	"statehouse/engine/trace"
)

func TestHeadersAreRead(t *testing.T) {
	t.Parallel()
	const whole = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
	for _, c := range []struct{ name, header, want string }{
		{"a whole one", whole, whole},
		{"fields in another order, and unknown ones", "Sampled=1; Lineage=a:1; Parent=53995c3f42cd8ad8; Root=1-5759e988-bd862e3fe1be46a994272793", whole},
		{"without parent and decision", "Root=1-5759e988-bd862e3fe1be46a994272793", "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0"},
		{"nothing", "", ""},
		{"without root", "Parent=53995c3f42cd8ad8;Sampled=1", ""},
		{"a root of another version", "Root=2-5759e988-bd862e3fe1be46a994272793", ""},
		{"a root that is too short", "Root=1-5759e988-bd862e3fe1be46a99427", ""},
		{"a root of zeros", "Root=1-00000000-000000000000000000000000", ""},
		{"a root that is no number", "Root=1-5759e988-xd862e3fe1be46a994272793", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, ok := trace.Parse(c.header)
			if ok != (c.want != "") || ok && got.Header() != c.want {
				t.Errorf("%q is %v, %q", c.header, ok, got.Header())
			}
		})
	}
}

func TestTracesFollowFromTheExecution(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	c := trace.Begin("arn:x", at)
	if again := trace.Begin("arn:x", at.In(time.FixedZone("", 3600))); again != c || trace.Begin("arn:y", at) == c || trace.Begin("arn:x", at.Add(1)) == c {
		t.Error("the trace is not that of the execution")
	}
	if !strings.HasPrefix(c.Header(), "Root=1-69a42a40-") || !strings.HasSuffix(c.Header(), ";Sampled=1") {
		t.Errorf("header %s", c.Header())
	}
	seen := map[trace.SpanID]bool{{}: true}
	for _, arn := range []string{"arn:x", "arn:y"} {
		for redrives := range 2 {
			for event := range int64(2) {
				if s := trace.Span(arn, redrives, event); seen[s] {
					t.Errorf("the span of %s, %d, %d is there twice", arn, redrives, event)
				} else {
					seen[s] = true
				}
			}
		}
	}
	span := trace.Span("arn:x", 0, 1)
	read, ok := trace.Parse(c.Under(span).Header())
	if !ok || read != c.Under(span) {
		t.Errorf("%s is read as %+v", c.Under(span).Header(), read)
	}
	if p := c.Under(span).Traceparent(); len(p) != 55 || !strings.HasPrefix(p, "00-69a42a40") || !strings.HasSuffix(p, "-01") || c.Traceparent() != "" {
		t.Errorf("traceparent %s", p)
	}
}

func TestTheStateMachineDecidesWhenNobodyHas(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	own := trace.Begin("arn:x", at).Header()
	const root = "Root=1-5759e988-bd862e3fe1be46a994272793"
	for _, c := range []struct {
		given  string
		traced bool
		want   string
	}{
		{"", true, own},
		{"", false, ""},
		{root, true, root + ";Sampled=1"},
		{root, false, root},
		{root + ";Sampled=0", true, root + ";Sampled=0"},
		{root + ";Sampled=1", false, root + ";Sampled=1"},
		{"nonsense", true, "nonsense"},
	} {
		if got := trace.Start(c.given, c.traced, "arn:x", at); got != c.want {
			t.Errorf("given %q, traced %t: %q, want %q", c.given, c.traced, got, c.want)
		}
	}
	if header, parent := trace.Pass(true, root+";Sampled=1", "arn:x", 0, 2); !strings.HasPrefix(header, root+";Parent=") || parent == "" {
		t.Errorf("passed on are %q and %q", header, parent)
	}
	for _, header := range []string{"", "nonsense", root, root + ";Sampled=0"} {
		if got, parent := trace.Pass(true, header, "arn:x", 0, 2); got != header || parent != "" {
			t.Errorf("%q is passed on as %q and %q", header, got, parent)
		}
	}
	if got, parent := trace.Pass(false, own, "arn:x", 0, 2); got != own || parent != "" {
		t.Errorf("without tracing %q and %q are passed on", got, parent)
	}
}
