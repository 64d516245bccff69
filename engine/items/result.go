package items

import (
	"context"
	"errors"
	"strings"
	"time"

	"statehouse/engine/object"
	"statehouse/engine/value"
)

// PutObject is the Resource of a ResultWriter.
const PutObject = "arn:aws:states:::s3:putObject"

// Result is what became of one child execution of a map run.
type Result struct {
	ARN           string
	Name          string
	StateMachine  string // ARN of the state machine, with the label of the Map
	Status        Status
	Input         value.Value
	Output        value.Value // when it succeeded
	Error, Cause  string      // when it did not
	Start, Stop   time.Time   // zero when it did not begin, or end
	RedriveCount  int
	RedriveStatus string // NOT_REDRIVABLE, REDRIVABLE_BY_MAP_RUN
	RedriveReason string
	RedriveDate   time.Time
}

// Status says how a child ended.
type Status string

// The statuses of children, in AWS's words.
const (
	Succeeded Status = "SUCCEEDED"
	Failed    Status = "FAILED"
	TimedOut  Status = "TIMED_OUT"
	Aborted   Status = "ABORTED"
	Pending   Status = "PENDING" // not begun when the run ended
)

// Output is a ResultWriter as evaluated. It is plain data; the zero value is a Map without
// ResultWriter.
type Output struct {
	Resource  string      `json:"resource,omitzero"`
	Arguments value.Value `json:"arguments,omitzero"` // Bucket, Prefix
	Config    value.Value `json:"config,omitzero"`    // WriterConfig
	// MaxFile is the size at which a file of results ends and the next one begins, 0 = 5 GiB.
	MaxFile int64 `json:"maxFile,omitzero"`
	// MaxOutput is the size of the state's output, 0 = MaxInput.
	MaxOutput int `json:"maxOutput,omitzero"`
}

// Writer takes the results of the children of a map run in the order of their items.
type Writer interface {
	// Write adds one result. Errors are *Failure or the context's.
	Write(ctx context.Context, r Result) error
	// Close ends the writing and is the output of the map run: the results, or
	// {"MapRunArn":…,"ResultWriterDetails":{"Bucket":…,"Key":…}} when they were exported.
	Close(ctx context.Context) (value.Value, error)
	// Abort throws away what is not yet finished; after Close it does nothing.
	Abort()
}

// NewWriter begins to write the results of the map run with this ARN, whose last part names
// the folder of an export. redrive is how often the run was redriven; a redriven run writes
// into a folder of its own below the first, and its manifest names the earlier successes too.
// Writing again gives the same keys, so that a run that was interrupted can write from the
// beginning. The context lasts until Close.
func NewWriter(ctx context.Context, store object.Store, mapRun string, redrive int, o Output) (Writer, error) {
	shape, lines, err := shapeOf(o)
	if err != nil {
		return nil, err
	}
	switch o.Resource {
	case "":
		return &inline{shape: shape, lines: lines, limit: either(o.MaxOutput, MaxInput)}, nil
	case PutObject:
	default:
		return nil, unwritable("The resource " + o.Resource + " is not supported for writing results")
	}
	bucket, prefix := o.Arguments.Get("Bucket"), o.Arguments.Get("Prefix")
	if bucket.Kind() != value.KindString || bucket.Text() == "" {
		return nil, unwritable("The field Bucket is required and must be a string")
	}
	if !prefix.IsAbsent() && prefix.Kind() != value.KindString {
		return nil, unwritable("The field Prefix must be a string")
	}
	e := &export{
		store: store, mapRun: mapRun, bucket: bucket.Text(), shape: shape, lines: lines,
		first: joinKey(prefix.Text(), mapRun[strings.LastIndexByte(mapRun, ':')+1:]),
		limit: either(o.MaxFile, 5<<30), files: map[Status]*resultFiles{},
	}
	e.folder = e.redriven(redrive)
	for _, s := range statusesOfFiles {
		e.files[s] = &resultFiles{export: e, status: s}
	}
	if redrive > 0 {
		if err := e.remember(ctx, e.redriven(redrive-1)); err != nil {
			return nil, writeError(ctx, err)
		}
	}
	return e, nil
}

// joinKey puts a prefix before a name, with one slash between them.
func joinKey(prefix, name string) string {
	if prefix == "" {
		return name
	}
	return strings.TrimSuffix(prefix, "/") + "/" + name
}

func unwritable(cause string) *Failure { return &Failure{Code: WriterFailed, Cause: cause} }

// writeError makes what a store said the failure of a writer; a context's end stays itself.
func writeError(ctx context.Context, err error) error {
	if errors.As(err, new(*Failure)) {
		return err
	}
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	f := unwritable(err.Error())
	var refused *object.Error
	if errors.As(err, &refused) {
		f.Cause = refused.Error()
	}
	f.Err = err
	return f
}
