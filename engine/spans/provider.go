package spans

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	oteltrace "go.opentelemetry.io/otel/trace"

	"statehouse/engine/trace"
)

// The protocols of OTLP, in the words of OTEL_EXPORTER_OTLP_PROTOCOL.
const (
	HTTP = "http/protobuf"
	GRPC = "grpc"
)

// Export says where spans go, by OTLP. What is not set here is taken from the
// standard variables OTEL_EXPORTER_OTLP_… and OTEL_BSP_….
type Export struct {
	Endpoint string            // such as http://127.0.0.1:4318; "": that of the variables
	Protocol string            // HTTP or GRPC; "": that of the variables, else HTTP
	Headers  map[string]string // of every request
	Version  string            // of this server
	Log      *slog.Logger      // hears of a collector that does not answer, once a minute
}

// Wanted tells whether spans shall be made: there is an endpoint, here or in the variables,
// and the variables do not switch them off.
func (e Export) Wanted() bool {
	if strings.EqualFold(os.Getenv("OTEL_SDK_DISABLED"), "true") || os.Getenv("OTEL_TRACES_EXPORTER") == "none" {
		return false
	}
	return cmp.Or(e.Endpoint, os.Getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"), os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT")) != ""
}

// Check refuses what cannot be an endpoint.
func (e Export) Check() error {
	u, err := url.Parse(e.Endpoint)
	if e.Endpoint != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "") {
		return fmt.Errorf("the OTLP endpoint must be a URL like http://127.0.0.1:4318, not %q", e.Endpoint)
	}
	return nil
}

// Open makes a provider, which sends spans in the background: a collector that does not
// answer makes it lose spans, and nobody waits. The caller shuts it down.
func (e Export) Open(ctx context.Context) (*sdktrace.TracerProvider, error) {
	if err := e.Check(); err != nil {
		return nil, err
	}
	client, err := e.client()
	if err != nil {
		return nil, err
	}
	exporter, err := otlptrace.New(ctx, client)
	if err != nil {
		return nil, fmt.Errorf("make an OTLP exporter: %w", err)
	}
	about, err := resource.New(ctx, resource.WithTelemetrySDK(),
		resource.WithAttributes(attribute.String("service.name", "statehouse"), attribute.String("service.version", e.Version)),
		resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("read OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}
	otel.SetErrorHandler(&complaints{log: e.Log})
	return Provider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(about)), nil
}

func (e Export) client() (otlptrace.Client, error) {
	protocol := cmp.Or(e.Protocol, os.Getenv("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"), os.Getenv("OTEL_EXPORTER_OTLP_PROTOCOL"), HTTP)
	switch protocol {
	case HTTP:
		var options []otlptracehttp.Option
		if e.Endpoint != "" {
			options = append(options, otlptracehttp.WithEndpointURL(e.tracesURL()))
		}
		if len(e.Headers) > 0 {
			options = append(options, otlptracehttp.WithHeaders(e.Headers))
		}
		return otlptracehttp.NewClient(options...), nil
	case GRPC:
		var options []otlptracegrpc.Option
		if e.Endpoint != "" {
			options = append(options, otlptracegrpc.WithEndpointURL(e.Endpoint))
		}
		if len(e.Headers) > 0 {
			options = append(options, otlptracegrpc.WithHeaders(e.Headers))
		}
		return otlptracegrpc.NewClient(options...), nil
	}
	return nil, fmt.Errorf("the OTLP protocol is %s or %s, not %q", HTTP, GRPC, protocol)
}

// tracesURL is where HTTP takes spans: the endpoint alone is that of everything OTLP has.
func (e Export) tracesURL() string {
	u, err := url.Parse(e.Endpoint)
	if err != nil || u.Path != "" && u.Path != "/" {
		return e.Endpoint
	}
	u.Path = "/v1/traces"
	return u.String()
}

// Provider is a provider for a Maker. Trace headers have decided what is sampled.
func Provider(options ...sdktrace.TracerProviderOption) *sdktrace.TracerProvider {
	return sdktrace.NewTracerProvider(append(options, sdktrace.WithIDGenerator(ids{}), sdktrace.WithSampler(sdktrace.AlwaysSample()))...)
}

// ids takes ids from contexts.
type ids struct{}

type idKey struct{}

type spanIDs struct {
	trace oteltrace.TraceID
	span  oteltrace.SpanID
}

func withID(ctx context.Context, t [16]byte, s trace.SpanID) context.Context {
	return context.WithValue(ctx, idKey{}, spanIDs{t, oteltrace.SpanID(s)})
}

// NewIDs implements sdktrace.IDGenerator.
func (ids) NewIDs(ctx context.Context) (oteltrace.TraceID, oteltrace.SpanID) {
	id, _ := ctx.Value(idKey{}).(spanIDs)
	return id.trace, id.span
}

// NewSpanID implements sdktrace.IDGenerator.
func (ids) NewSpanID(ctx context.Context, _ oteltrace.TraceID) oteltrace.SpanID {
	id, _ := ctx.Value(idKey{}).(spanIDs)
	return id.span
}

// complaints writes errors of the exporter to the log, one a minute.
type complaints struct {
	log  *slog.Logger
	last atomic.Int64 // Unix seconds
}

// Handle implements otel.ErrorHandler.
func (c *complaints) Handle(err error) {
	now, last := time.Now().Unix(), c.last.Load()
	if c.log != nil && now-last >= 60 && c.last.CompareAndSwap(last, now) {
		c.log.Warn("spans were not delivered", "error", err)
	}
}
