// Package items reads what a Distributed Map works on and writes what came of it. Everything
// streams: a reader holds one item, a batcher one batch and a writer one buffer, whatever the
// size of the data set.
//
// What is read by a library, and what is not:
//
//   - Parquet by parquet-go: it reads the footer, then pages one after the other through an
//     io.ReaderAt, and knows every encoding and compression.
//   - GZIP by compress/gzip; ZSTD by klauspost/compress, the one well-kept decoder in Go.
//   - CSV by hand. AWS's rules are not those of encoding/csv: a backslash escapes a quote, a
//     backslash and the delimiter, and disappears before anything else; a quote may stand in
//     a field that is not quoted; and rows may be of any length.
//   - JSON documents are cut into items by hand, which are then parsed by the package value:
//     encoding/json's decoder puts no limit to the size of an item, and would read each twice.
package items

import (
	"context"
	"errors"
	"fmt"
	"io"

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
	// Limits are AWS's when they are zero.
	Limits Limits `json:"limits,omitzero"`
}

// Limits are the sizes at which a reader stops, in bytes.
type Limits struct {
	File     int64 `json:"file,omitzero"`     // of one object, and of what is packed in it; 10 GiB
	Item     int   `json:"item,omitzero"`     // of one line, row or array element; 8 MiB
	Header   int   `json:"header,omitzero"`   // of the CSV header; 10 KiB
	Pointer  int64 `json:"pointer,omitzero"`  // where the target of an ItemsPointer begins; 16 MiB
	RowGroup int64 `json:"rowGroup,omitzero"` // of a Parquet row group; 256 MiB
	Footer   int64 `json:"footer,omitzero"`   // of a Parquet footer; 5 MiB
}

func (l Limits) orAWS() Limits {
	return Limits{
		File: either(l.File, 10<<30), Item: either(l.Item, 8<<20), Header: either(l.Header, 10<<10),
		Pointer: either(l.Pointer, 16<<20), RowGroup: either(l.RowGroup, 256<<20), Footer: either(l.Footer, 5<<20),
	}
}

func either[N int | int64](n, otherwise N) N {
	if n > 0 {
		return n
	}
	return otherwise
}

// Item is one item of a data set, with what the context object says of it as Map.Item.
type Item struct {
	Index  int64       // Map.Item.Index, from 0
	Value  value.Value // Map.Item.Value
	Key    *string     // Map.Item.Key, when an object is iterated
	Source string      // Map.Item.Source: STATE_DATA, s3://bucket or s3://bucket/key
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

// readError makes what a store said the failure of a reader; a context's end stays itself.
func readError(ctx context.Context, err error) error {
	var known *Failure
	if errors.As(err, &known) {
		return err
	}
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	var refused *object.Error
	if errors.As(err, &refused) {
		return &Failure{Code: ReaderFailed, Cause: refused.Error(), Err: err}
	}
	return &Failure{Code: ReaderFailed, Cause: err.Error(), Err: err}
}

// Open begins to read a data set. What is wrong with the source shows here or at Next as a
// *Failure; other errors are the context's, which lasts as long as the reader.
func Open(ctx context.Context, store object.Store, s Source) (Reader, error) {
	c, err := settingsOf(s)
	if err != nil {
		return nil, err
	}
	rows, err := openRows(ctx, store, s, c)
	if err != nil {
		return nil, readError(ctx, err)
	}
	return &reader{rows: rows, left: c.maxItems}, nil
}

func openRows(ctx context.Context, store object.Store, s Source, c settings) (rows, error) {
	switch {
	case s.Resource == "":
		return newStateData(s.Items)
	case s.Resource == ListObjects && c.flatten:
		return newChain(store, c, listed(ctx, store, c)), nil
	case s.Resource == ListObjects:
		return newListing(listed(ctx, store, c), c.bucket), nil
	case s.Resource == GetObject && c.manifest != "":
		return openManifest(ctx, store, c)
	case s.Resource == GetObject:
		return openFile(ctx, store, c, address{c.bucket, c.key, c.version})
	}
	return nil, unreadable("The resource %s is not supported for reading items", s.Resource)
}

// rows is what each format does: items without their numbers.
type rows interface {
	// next is the next item, or io.EOF.
	next(ctx context.Context) (Item, error)
	// skip passes over at most n items and says over how many; fewer than n at the end.
	skip(ctx context.Context, n int64) (int64, error)
	close() error
}

// reader counts the items of rows and keeps MaxItems.
type reader struct {
	rows rows
	at   int64
	left int64
	err  error
}

func (r *reader) Next(ctx context.Context) (Item, error) {
	if r.err != nil {
		return Item{}, r.err
	}
	if err := context.Cause(ctx); err != nil {
		return Item{}, err
	}
	if r.left == 0 {
		r.err = io.EOF
		return Item{}, r.err
	}
	item, err := r.rows.next(ctx)
	if err != nil {
		return Item{}, r.end(ctx, err)
	}
	item.Index = r.at
	r.at++
	r.left--
	return item, nil
}

func (r *reader) Skip(ctx context.Context, n int64) error {
	if r.err != nil || n <= 0 {
		if errors.Is(r.err, io.EOF) {
			return nil
		}
		return r.err
	}
	n = min(n, r.left)
	over, err := r.rows.skip(ctx, n)
	r.at += over
	r.left -= over
	if err != nil && !errors.Is(err, io.EOF) {
		return r.end(ctx, err)
	}
	return nil
}

// end remembers why there are no more items.
func (r *reader) end(ctx context.Context, err error) error {
	if !errors.Is(err, io.EOF) {
		err = readError(ctx, err)
	}
	if errors.Is(err, io.EOF) || errors.As(err, new(*Failure)) {
		r.err = err
	}
	return err
}

func (r *reader) Close() error { return r.rows.close() }
