// Package items reads what a Distributed Map works on and writes what came of it. Everything
// streams: a reader holds one item, a batcher one batch and a writer one buffer, whatever the
// size of the data set.
package items

import (
	"context"
	"fmt"

	"statehouse/engine/object"
	"statehouse/engine/value"
)

// Resources of an ItemReader.
const (
	GetObject   = "arn:aws:states:::s3:getObject"
	ListObjects = "arn:aws:states:::s3:listObjectsV2"
)

// StateData is the Source of items that came with the state's input.
const StateData = "STATE_DATA"

// Source says where the items of a map run come from. It is plain data, so that it can wait in
// a row until the run begins, and again after a restart.
type Source struct {
	// Resource, Arguments and Config are an ItemReader: its Resource, its Parameters or
	// Arguments, and its ReaderConfig, all evaluated (MaxItemsPath has become MaxItems).
	Resource  string      `json:"resource,omitzero"`
	Arguments value.Value `json:"arguments,omitzero"`
	Config    value.Value `json:"config,omitzero"`
	// Items are the array or object to iterate when there is no Resource.
	Items value.Value `json:"items,omitzero"`
}

// Item is one item of a data set, with what the context object says of it as Map.Item.
type Item struct {
	Index  int64       // Map.Item.Index, from 0
	Value  value.Value // Map.Item.Value
	Key    *string     // Map.Item.Key, when an object is iterated
	Source string      // Map.Item.Source: STATE_DATA, S3://bucket or S3://bucket/key
}

// Reader gives the items of a data set one after the other. It belongs to one goroutine.
type Reader interface {
	// Next is the next item; io.EOF after the last one. A data set that cannot be read is a
	// *Failure, which every later call repeats.
	Next(ctx context.Context) (Item, error)
	// Skip passes over n items without building them, for a run that goes on after a restart.
	// Items that are not there any more are no error: Next says io.EOF.
	Skip(ctx context.Context, n int64) error
	Close() error
}

// Error names of a map run, as catchers see them.
const (
	ReaderFailed = "States.ItemReaderFailed"
	WriterFailed = "States.ResultWriterFailed"
	DataLimit    = "States.DataLimitExceeded"
)

// Failure is why a map run fails, in AWS's words.
type Failure struct {
	Code  string // States.ItemReaderFailed and so on
	Cause string
	Err   error // what was beneath, for the log
}

func (f *Failure) Error() string { return f.Code + ": " + f.Cause }

func (f *Failure) Unwrap() error { return f.Err }

// unreadable makes the failure of a reader.
func unreadable(format string, args ...any) *Failure {
	return &Failure{Code: ReaderFailed, Cause: fmt.Sprintf(format, args...)}
}

// Open begins to read a data set. Everything that can be wrong with the source shows here or
// at Next as a *Failure; other errors are the context's.
func Open(ctx context.Context, store object.Store, s Source) (Reader, error) {
	if s.Resource == "" {
		return newStateData(s.Items)
	}
	return nil, unreadable("The resource %s is not supported", s.Resource)
}
