package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"statehouse/engine/courier"
	"statehouse/engine/feed"
	"statehouse/engine/logfile"
	"statehouse/engine/logging"
)

// Logs says where the records of executions go. The zero Logs is nowhere: machines may have
// a LoggingConfiguration, and nothing is logged.
type Logs struct {
	Groups *logfile.Folder // log groups; nil: none
	Files  bool            // records go into their groups
	Out    io.Writer       // records go here as lines; nil: they do not
}

func (l Logs) on() bool { return l.Out != nil || l.Groups != nil && l.Files }

// errNoGroups answers for a server without log groups.
func errNoGroups() *Fault {
	return fault("ResourceNotFoundException", "logGroupName", "The specified log group does not exist.")
}

// loggingOf is what is logged of an execution of a machine.
func (e *Engine) loggingOf(configuration string) logging.Config {
	if !e.logs.on() || configuration == "" {
		return logging.Config{}
	}
	if c, ok := e.loggings.Load(configuration); ok {
		return c.(logging.Config)
	}
	c, _ := logging.Parse(configuration) // one of a release that did not look at it logs nothing
	e.loggings.Store(configuration, c)
	return c
}

// checkLogging refuses a LoggingConfiguration that cannot be. The account and the region of
// a log group's ARN are not looked at: its name says which group of this server it is.
func checkLogging(text string) error {
	if _, err := logging.Parse(text); err != nil {
		return fault("InvalidLoggingConfiguration", "loggingConfiguration", "Invalid Logging Configuration: %v", err)
	}
	return nil
}

// wantGroup makes the log group of a configuration when it was never there: whoever says that
// something is logged into it wants it. One that somebody deleted is refused in AWS's words.
func (e *Engine) wantGroup(configuration string) error {
	c, err := logging.Parse(configuration)
	if err != nil || !c.On() || e.logs.Groups == nil {
		return nil // it was checked before
	}
	err = e.logs.Groups.WantGroup(c.Group)
	switch {
	case errors.Is(err, logfile.ErrNotFound):
		f := fault("InvalidLoggingConfiguration", "loggingConfiguration", "Invalid Logging Configuration: Log Destination not found.")
		f.Cause = err
		return f
	case err != nil:
		return &Fault{Code: ServiceUnavailable, Message: "The log group cannot be made: " + err.Error(), Cause: err}
	}
	return nil
}

// CreateLogGroup makes a log group.
func (e *Engine) CreateLogGroup(_ context.Context, name string) error {
	if e.logs.Groups == nil {
		return fault("OperationAbortedException", "logGroupName", "This server keeps no log groups.")
	}
	if err := logging.CheckGroup(name); err != nil {
		return fault("InvalidParameterException", "logGroupName", "1 validation error detected: %s", err)
	}
	err := e.logs.Groups.CreateGroup(name)
	if errors.Is(err, logfile.ErrExists) {
		return fault("ResourceAlreadyExistsException", "logGroupName", "The specified log group already exists")
	}
	return err
}

// DeleteLogGroup deletes a log group with all that is in it. Records for it are lost until
// it is created again.
func (e *Engine) DeleteLogGroup(ctx context.Context, name string) error {
	if e.logs.Groups == nil {
		return errNoGroups()
	}
	if err := logFault(e.logs.Groups.DeleteGroup(name)); err != nil {
		return err
	}
	e.log.InfoContext(ctx, "log group deleted", "group", name)
	return nil
}

// LogGroups lists the log groups whose names begin with prefix and have part in them, by
// name.
func (e *Engine) LogGroups(_ context.Context, prefix, part string) []logfile.Group {
	if e.logs.Groups == nil {
		return nil
	}
	var found []logfile.Group
	for _, g := range e.logs.Groups.Groups(prefix) {
		if strings.Contains(strings.ToLower(g.Name), strings.ToLower(part)) {
			found = append(found, g)
		}
	}
	return found
}

// LogStreams lists the streams of a log group whose names begin with prefix, by the time they
// began.
func (e *Engine) LogStreams(_ context.Context, group, prefix string) ([]logfile.Stream, error) {
	if e.logs.Groups == nil {
		return nil, errNoGroups()
	}
	list, err := e.logs.Groups.Streams(group, prefix)
	return list, logFault(err)
}

// LogStreamTimes completes what is known of a stream: when its first and its last record are.
func (e *Engine) LogStreamTimes(_ context.Context, group string, s *logfile.Stream) error {
	return e.logs.Groups.Times(group, s)
}

// LogStream reads a part of one stream.
func (e *Engine) LogStream(ctx context.Context, q logfile.StreamQuery) (logfile.StreamPage, error) {
	if e.logs.Groups == nil {
		return logfile.StreamPage{}, errNoGroups()
	}
	p, err := e.logs.Groups.ReadStream(ctx, q)
	if errors.Is(err, logfile.ErrNotFound) && len(e.logs.Groups.Groups(q.Group)) > 0 {
		return p, fault("ResourceNotFoundException", "logStreamName", "The specified log stream does not exist.")
	}
	return p, logFault(err)
}

// FilterLogs reads records of a log group, oldest first.
func (e *Engine) FilterLogs(ctx context.Context, q logfile.Query) (logfile.Page, error) {
	if e.logs.Groups == nil {
		return logfile.Page{}, errNoGroups()
	}
	p, err := e.logs.Groups.Filter(ctx, q)
	return p, logFault(err)
}

func logFault(err error) error {
	switch {
	case errors.Is(err, logfile.ErrNotFound):
		f := errNoGroups()
		f.Cause = err
		return f
	case errors.Is(err, logfile.ErrToken):
		return &Fault{Code: "InvalidParameterException", Field: "nextToken", Message: "The specified nextToken is invalid.", Cause: err}
	}
	return err
}

// LogQuery asks for records of a state machine. Empty fields do not choose.
type LogQuery struct {
	Level        logging.Level // only events that this level has
	Type         string        // of the event
	ExecutionARN string
	Text         string // a filter pattern: see logging.Pattern
	Limit        int
	Token        string
}

// MachineLogs reads the records of a state machine, by its name, newest first. Those of the
// children of its Distributed Maps are among them. A Text that is no pattern is refused with
// InvalidParameterException.
func (e *Engine) MachineLogs(ctx context.Context, name string, q LogQuery) (logfile.Page, error) {
	if e.logs.Groups == nil {
		return logfile.Page{}, nil
	}
	pattern, err := logging.ParsePattern(q.Text)
	if err != nil {
		return logfile.Page{}, fault("InvalidParameterException", "filterPattern", "%v", err)
	}
	r, err := e.timesOf(ctx, q.ExecutionARN)
	if err != nil {
		return logfile.Page{}, err
	}
	match := func(line []byte) bool {
		t := logging.TypeOf(line)
		return (q.Level == "" || q.Level.Logs(t)) && (q.Type == "" || string(t) == q.Type) &&
			(q.ExecutionARN == "" || logging.Of(line, q.ExecutionARN)) && pattern.Matches(line)
	}
	p, err := e.logs.Groups.Newest(ctx, logfile.Newest{Machine: name, Range: r, Match: match, Limit: q.Limit, Token: q.Token})
	return p, logFault(err)
}

// timesOf is when the records of an execution can be.
func (e *Engine) timesOf(ctx context.Context, executionARN string) (logfile.Range, error) {
	if executionARN == "" {
		return logfile.Range{}, nil
	}
	x, err := e.Execution(ctx, executionARN)
	if err != nil {
		if f, ok := errors.AsType[*Fault](err); ok && f.Code == "ExecutionDoesNotExist" { // its records may be there still
			return logfile.Range{}, nil
		}
		return logfile.Range{}, err
	}
	r := logfile.Range{From: x.Started.Truncate(time.Millisecond)}
	if !x.Stopped.IsZero() {
		r.To = x.Stopped.Add(time.Second)
	}
	return r, nil
}

// WatchLogs tells that there are new records of a state machine, not which.
func (e *Engine) WatchLogs(name string) *feed.Subscription[feed.Change] {
	return e.feed.Subscribe(courier.Topic(name))
}

// LogCounts says how many records were written since the start, and how many steps or records
// were dropped: their group was deleted, or too much was waiting.
func (e *Engine) LogCounts() (records, dropped int64) {
	if e.courier == nil {
		return 0, 0
	}
	return e.courier.Counts()
}

// LogsGo says where records go, for people.
func (e *Engine) LogsGo() (files, out bool) {
	return e.logs.Groups != nil && e.logs.Files, e.logs.Out != nil
}

// newCourier is who brings the records; nil when they go nowhere.
func (e *Engine) newCourier(l Logs) error {
	e.logs = l
	if !l.on() {
		return nil
	}
	c := courier.Config{Store: e.store, Feed: e.feed, Out: l.Out, Log: e.log}
	if l.Groups != nil && l.Files {
		c.Files = l.Groups
	}
	var err error
	if e.courier, err = courier.New(c); err != nil {
		return fmt.Errorf("engine: %w", err)
	}
	return nil
}
