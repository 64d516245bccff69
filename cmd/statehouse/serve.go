package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"statehouse/engine"
	"statehouse/engine/access"
	"statehouse/engine/clock"
	"statehouse/engine/interp"
	"statehouse/engine/layout"
	"statehouse/engine/mock"
	"statehouse/handlers"
	"statehouse/handlers/awsapi"
	"statehouse/handlers/live"
	"statehouse/store/sqlite"
)

// drainTime is how long calls in flight may take after SIGTERM.
const drainTime = 8 * time.Second

// How the garbage collector works, unless GOGC or GOMEMLIMIT say otherwise. Little is alive
// at a time, as executions that wait are rows, and much comes and goes with every step: by
// default the collector would run a hundred times a second to keep a few megabytes. Towards
// the limit it works harder again.
const (
	gcPercent   = 400
	memoryLimit = 1 << 30
)

// serve holds the settings of the server.
type serve struct {
	Addr                string `default:"127.0.0.1:8080" help:"Address to listen on; local mode takes loopback addresses only."`
	Data                string `default:"./statehouse-data" type:"path" help:"Folder of the database and of objects."`
	AccountID           string `default:"000000000000" name:"account-id" help:"Account id in ARNs (12 digits)."`
	Region              string `default:"us-east-1" help:"Region in ARNs."`
	MockConfig          string `placeholder:"FILE" type:"path" help:"Mocked service integrations, in the format of Step Functions Local: executions of stateMachineArn#TestCase use them."`
	SkipTime            bool   `help:"For tests: jump the clock to the next timer when nothing can run. Times shown are virtual."`
	ExpressHistory      bool   `default:"true" negatable:"" help:"Keep the histories of Express executions, which AWS does not."`
	MaxPayloadBytes     int    `default:"262144" help:"Limit of one input, output or Assign. AWS: 262144."`
	MaxVariableBytes    int    `default:"10485760" help:"Limit of all variables of an execution. AWS: 10485760."`
	MaxHistoryEvents    int    `default:"25000" help:"Limit of the history of an execution. AWS: 25000."`
	MaxDefinitionBytes  int    `default:"1048576" help:"Limit of a definition, at most AWS's 1048576."`
	AllowPrivateNetwork bool   `help:"Let HTTP tasks reach loopback and private addresses."`

	Objects    objects    `embed:""`
	Observe    observe    `embed:""`
	Quotas     quotas     `embed:""`
	Signatures signatures `embed:""`
	Logs       logs       `embed:""`
}

// limits are those that the flags say.
func (s *serve) limits() engine.Limits {
	return engine.Limits{
		Limits:     interp.Limits{Payload: s.MaxPayloadBytes, Variables: s.MaxVariableBytes, History: s.MaxHistoryEvents},
		Definition: s.MaxDefinitionBytes,
	}
}

// dataError says that the data folder cannot be used as it is.
type dataError struct{ error }

func (e dataError) Unwrap() error { return e.error }

// Run serves until the context ends and then drains: nothing that was acknowledged is
// lost, calls in flight are answered.
func (s *serve) Run(ctx context.Context, c *console) (err error) {
	if err := s.check(); err != nil {
		return err
	}
	mocks, err := loadMocks(s.MockConfig)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewJSONHandler(c.err, nil))
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	defer func() { // damage may show only when something is read
		if errors.Is(err, sqlite.ErrCorrupt) || errors.Is(err, sqlite.ErrNewer) || errors.Is(err, sqlite.ErrLocked) {
			err = dataError{err}
		}
	}()
	var virtual *clock.Virtual
	now := time.Now
	if s.SkipTime {
		virtual = &clock.Virtual{}
		now = virtual.Now
		log.Warn("time is virtual: it jumps to the next timer when nothing can run")
	}
	store, err := sqlite.Open(ctx, sqlite.Config{Dir: s.Data, Log: log, Clock: now})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()

	objects, closeObjects, err := s.Objects.open(ctx, s.Data, s.Region)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeObjects()) }()
	logs, closeLogs, err := s.Logs.open(s.Data, now, c.out, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeLogs()) }()
	quotas, err := s.Quotas.quotas()
	if err != nil {
		return err
	}
	watch, err := s.watch(ctx, log)
	if err != nil {
		return err
	}
	eng, err := engine.New(engine.Config{
		Logs:  logs,
		Store: store, Objects: objects, Mocks: mocks, Skip: virtual, ForgetExpress: !s.ExpressHistory, Feed: watch.feed,
		Account: s.AccountID, Region: s.Region, Limits: s.limits(), Quotas: quotas, Tracing: watch.maker != nil,
		Transitions: watch.transitions(), Log: log, AllowPrivateNetwork: s.AllowPrivateNetwork, Vault: s.Signatures.Vault.open(s.Data),
	})
	if err != nil {
		return err
	}
	defer watch.run(store)()
	if err := s.Signatures.ready(ctx, eng, s.Data, log); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", s.Addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w (another server? choose a port with --addr)", s.Addr, err)
	}
	defer listener.Close() //nolint:errcheck // closed by the server already when it has served

	engineCtx, stopEngine := context.WithCancelCause(context.WithoutCancel(ctx))
	var wg sync.WaitGroup
	var engineErr error
	wg.Go(func() { engineErr = eng.Run(engineCtx) })
	defer func() {
		stopEngine(errStopping)
		wg.Wait()
		if engineErr != nil && !errors.Is(engineErr, errStopping) && !errors.Is(engineErr, context.Canceled) {
			err = errors.Join(err, engineErr)
		}
	}()
	if err := eng.InstallSample(ctx); err != nil {
		return err
	}
	return s.serve(ctx, c, eng, watch, listener, log, now)
}

var errStopping = errors.New("stopping")

func (s *serve) serve(ctx context.Context, c *console, eng *engine.Engine, watch *watch, listener net.Listener, log *slog.Logger, now func() time.Time) error {
	renderer, err := pictures(log)
	if err != nil {
		return err
	}
	defer renderer.Close() //nolint:errcheck // the worker ends with us in any case
	second, apiURL, err := s.Signatures.listen()
	if err != nil {
		return err
	}
	if second != nil {
		defer second.Close() //nolint:errcheck // closed by the server already when it has served
	}
	api, verified, err := s.apis(eng, watch, log)
	if err != nil {
		return err
	}
	streams, err := live.New(live.Config{Engine: eng, Bus: watch.bus, Log: log})
	if err != nil {
		return err
	}
	handler, err := handlers.New(handlers.Config{
		Engine: eng, Log: log, Clock: now, Renderer: renderer, AWS: api, API: verified, Live: streams, Events: watch.bus, Metrics: watch.metrics,
		Addr: listener.Addr().String(), Account: s.AccountID, Region: s.Region, DataDir: s.Data, Version: currentVersion(),
		Verified: s.Signatures.VerifySignatures, APIURL: apiURL,
	})
	if err != nil {
		return err
	}
	fronts := []front{{listener, handler}}
	if second != nil {
		fronts = append(fronts, front{second, handler.API()})
		if _, err := fmt.Fprintf(c.out, "AWS API with verified signatures: %s\n", apiURL); err != nil {
			return err
		}
	}
	forget, err := announce(s.Data, listener.Addr().String())
	if err != nil {
		return err
	}
	defer forget()
	if _, err := fmt.Fprintf(c.out, "Statehouse is ready: http://%s\n", listener.Addr()); err != nil {
		return err
	}
	return serveFronts(ctx, fronts, streams.Close, log)
}

// apis are the AWS API as it is at --addr, and as it is at --api-addr.
func (s *serve) apis(eng *engine.Engine, watch *watch, log *slog.Logger) (local, verified *awsapi.Handler, err error) {
	c := awsapi.Config{Engine: eng, Log: log, Throttle: watch.throttle, Keys: eng, Account: s.AccountID, Region: s.Region}
	if verified, err = awsapi.New(c); err != nil || s.Signatures.VerifySignatures {
		return verified, verified, err
	}
	c.Keys, c.Who = nil, access.Owner(eng.User())
	local, err = awsapi.New(c)
	return local, verified, err
}

// pictures starts the renderer of thumbnails, which runs this binary as its worker.
func pictures(log *slog.Logger) (*layout.Renderer, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program's file: %w", err)
	}
	return layout.NewRenderer(layout.Config{Command: []string{self, workerArgument}, Log: log}), nil
}

// check refuses settings that cannot work, by the flag's name.
func (s *serve) check() error {
	host, _, err := net.SplitHostPort(s.Addr)
	if err != nil {
		return fmt.Errorf("--addr must be host:port, like 127.0.0.1:8080: %w", err)
	}
	if !loopback(host) {
		return fmt.Errorf("--addr %s: only loopback addresses are served until there is sign-in: use 127.0.0.1 or localhost, and --api-addr for programs on other machines", s.Addr)
	}
	if err := errors.Join(s.Objects.check(), s.Observe.check(), s.Signatures.check(), s.Logs.check()); err != nil {
		return err
	}
	if len(s.AccountID) != 12 || strings.Trim(s.AccountID, "0123456789") != "" {
		return fmt.Errorf("--account-id must be 12 digits, not %q", s.AccountID)
	}
	if s.Region == "" || strings.Trim(s.Region, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return fmt.Errorf("--region must be lower-case letters, digits and hyphens, like us-east-1, not %q", s.Region)
	}
	if min(s.MaxPayloadBytes, s.MaxVariableBytes, s.MaxHistoryEvents, s.MaxDefinitionBytes) <= 0 {
		return errors.New("the limits (--max-…) must be greater than 0")
	}
	return nil
}

// loadMocks reads the file of mocked service integrations; nil without one.
func loadMocks(file string) (*mock.Config, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("--mock-config: %w", err)
	}
	c, err := mock.Parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("--mock-config %s:\n%w", file, err)
	}
	return c, nil
}
