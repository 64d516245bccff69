// Package trace names traces and their spans: what a trace header says, and which ids the
// spans of an execution have. They follow from the execution alone, so that what is told
// before and after a restart, here and by those that an execution calls, fits together.
package trace

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// SpanID names a span within its trace; zero is none.
type SpanID [8]byte

// Context says which trace something belongs to.
type Context struct {
	Trace   [16]byte
	Parent  SpanID // that it lies under, zero when it is the first
	Sampled bool   // whether the trace is kept at all
}

// Parse reads a trace header of AWS: Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1.
// It is not ok without a root.
func Parse(header string) (c Context, ok bool) {
	for field := range strings.SplitSeq(header, ";") {
		key, text, _ := strings.Cut(strings.TrimSpace(field), "=")
		switch key {
		case "Root":
			rest, version := strings.CutPrefix(text, "1-")
			first, second, cut := strings.Cut(rest, "-")
			id, err := hex.DecodeString(first + second)
			if !version || !cut || len(first) != 8 || len(id) != len(c.Trace) || err != nil {
				return Context{}, false
			}
			ok = copy(c.Trace[:], id) > 0 && c.Trace != [16]byte{}
		case "Parent":
			if id, err := hex.DecodeString(text); err == nil && len(id) == len(c.Parent) {
				copy(c.Parent[:], id)
			}
		case "Sampled":
			c.Sampled = text == "1"
		}
	}
	return c, ok
}

// Begin is the trace of an execution that was started without one.
func Begin(executionARN string, at time.Time) Context {
	c := Context{Sampled: true}
	hash := sha256.Sum256([]byte("trace of " + executionARN + " at " + at.UTC().Format(time.RFC3339Nano)))
	copy(c.Trace[:], hash[:])
	// X-Ray wants the time in front, in seconds.
	binary.BigEndian.PutUint32(c.Trace[:4], uint32(at.Unix())) //nolint:gosec // that is all the room there is
	return c
}

// Header is the context as a trace header of AWS.
func (c Context) Header() string {
	parent, sampled := "", 0
	if c.Parent != (SpanID{}) {
		parent = ";Parent=" + hex.EncodeToString(c.Parent[:])
	}
	if c.Sampled {
		sampled = 1
	}
	return fmt.Sprintf("Root=1-%x-%x%s;Sampled=%d", c.Trace[:4], c.Trace[4:], parent, sampled)
}

// Traceparent is the context as the W3C has it, "" when it has no parent.
func (c Context) Traceparent() string {
	if c.Parent == (SpanID{}) {
		return ""
	}
	flags := 0
	if c.Sampled {
		flags = 1
	}
	return fmt.Sprintf("00-%x-%x-%02d", c.Trace, c.Parent, flags)
}

// Under is the context of what lies under a span.
func (c Context) Under(s SpanID) Context {
	c.Parent = s
	return c
}

// Span names a span of an execution: that of the event, or with event 0 that of the
// execution itself. After a redrive they are others.
func Span(executionARN string, redrives int, event int64) SpanID {
	var at [16]byte
	binary.BigEndian.PutUint64(at[:8], uint64(redrives)) //nolint:gosec // any number is good
	binary.BigEndian.PutUint64(at[8:], uint64(event))    //nolint:gosec // any number is good
	hash := sha256.Sum256(append(at[:], executionARN...))
	id := SpanID(hash[:8])
	if id == (SpanID{}) {
		id[0] = 1
	}
	return id
}

// Pass is the header that an execution hands on to what it starts: the parent is its span of
// an event (0: its own). Without tracing, or when the trace is not sampled, it is the header
// that the execution has itself, and there is no Traceparent.
func Pass(tracing bool, header, executionARN string, redrives int, event int64) (passed, traceparent string) {
	c, ok := Parse(header)
	if !tracing || !ok || !c.Sampled {
		return header, ""
	}
	c = c.Under(Span(executionARN, redrives, event))
	return c.Header(), c.Traceparent()
}

// Start is the header that an execution has from its start, given the one that it was
// started with and whether its state machine is traced. Who started it may have decided
// whether the trace is sampled; otherwise the state machine does. A header that makes no
// sense is kept, and is no trace.
func Start(given string, traced bool, executionARN string, at time.Time) string {
	if !traced {
		return given
	}
	if given == "" {
		return Begin(executionARN, at).Header()
	}
	c, ok := Parse(given)
	if !ok || c.Sampled || strings.Contains(given, "Sampled=0") {
		return given
	}
	c.Sampled = true
	return c.Header()
}
