package items

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"statehouse/engine/object"
	"statehouse/engine/value"
)

// export writes results to objects, as AWS does:
//
//	<prefix>/<uuid>/manifest.json
//	<prefix>/<uuid>/SUCCEEDED_0.json, FAILED_0.json, PENDING_0.json (.jsonl), _1 after 5 GiB
//	<prefix>/<uuid>/Redrive-1/manifest.json and so on
//
// Children that failed, timed out or were aborted stand together in the FAILED files.
type export struct {
	store         object.Store
	mapRun        string
	bucket        string
	first, folder string // of the run, and of this redrive of it
	shape         shape
	lines         bool
	limit         int64
	files         map[Status]*resultFiles
	earlier       []value.Value // SUCCEEDED files of the run before it was redriven
}

var statusesOfFiles = []Status{Failed, Pending, Succeeded}

// redriven is the folder of the n-th redrive.
func (e *export) redriven(n int) string {
	if n == 0 {
		return e.first
	}
	return fmt.Sprintf("%s/Redrive-%d", e.first, n)
}

// remember reads which files of successes the manifest in a folder names.
func (e *export) remember(ctx context.Context, folder string) error {
	r, _, err := e.store.Open(ctx, e.bucket, folder+"/manifest.json", object.Get{})
	if errors.Is(err, object.ErrNoKey) { // that run had not got as far as writing one
		return nil
	}
	if err != nil {
		return err
	}
	defer r.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(io.LimitReader(r, maxManifest))
	if err != nil {
		return err
	}
	v, err := value.Parse(string(text))
	if err != nil {
		return fmt.Errorf("read the manifest %s/manifest.json: %w", folder, err)
	}
	e.earlier = v.Get("ResultFiles").Get(string(Succeeded)).Items()
	return nil
}

func (e *export) Write(ctx context.Context, r Result) error {
	status := r.Status
	if status == TimedOut || status == Aborted {
		status = Failed
	}
	f, ok := e.files[status]
	if !ok {
		return unwritable("A result with the status " + string(r.Status) + " cannot be written")
	}
	for _, v := range e.shape.of(r) {
		if err := f.write(ctx, v); err != nil {
			return writeError(ctx, err)
		}
	}
	return nil
}

func (e *export) Close(ctx context.Context) (value.Value, error) {
	defer e.Abort()
	var lists []value.Member
	for _, s := range statusesOfFiles {
		f := e.files[s]
		if err := f.finish(); err != nil {
			return value.Value{}, writeError(ctx, err)
		}
		done := f.done
		if s == Succeeded {
			done = append(e.earlier[:len(e.earlier):len(e.earlier)], done...)
		}
		lists = append(lists, value.Member{Key: string(s), Value: value.Array(done...)})
	}
	key := e.folder + "/manifest.json"
	manifest := value.Object(
		value.Member{Key: "DestinationBucket", Value: value.String(e.bucket)},
		value.Member{Key: "MapRunArn", Value: value.String(e.mapRun)},
		value.Member{Key: "ResultFiles", Value: value.Object(lists...)},
	)
	if err := e.put(ctx, key, manifest); err != nil {
		return value.Value{}, writeError(ctx, err)
	}
	return value.Object(
		value.Member{Key: "MapRunArn", Value: value.String(e.mapRun)},
		value.Member{Key: "ResultWriterDetails", Value: value.Object(
			value.Member{Key: "Bucket", Value: value.String(e.bucket)},
			value.Member{Key: "Key", Value: value.String(key)},
		)},
	), nil
}

// put writes a small object.
func (e *export) put(ctx context.Context, key string, v value.Value) error {
	w, err := e.store.Create(ctx, e.bucket, key)
	if err != nil {
		return err
	}
	defer w.Abort()
	if _, err := w.Write([]byte(v.JSON())); err != nil {
		return err
	}
	return w.Commit()
}

func (e *export) Abort() {
	for _, f := range e.files {
		if f.object != nil {
			f.object.Abort()
			f.object = nil
		}
	}
}

// resultFiles are the files of one status: those that are done, and the one being written.
type resultFiles struct {
	export *export
	status Status
	done   []value.Value // {"Key":…,"Size":…}
	key    string
	object object.Writer // nil between two files
	buffer *bufio.Writer
	text   []byte
	size   int64
}

// write adds a value to the current file, or to the next one when it does not fit any more.
func (f *resultFiles) write(ctx context.Context, v value.Value) error {
	f.text = v.AppendJSON(f.text[:0])
	const around = 2 // a comma or bracket before, a bracket or line end behind
	if f.object != nil && f.size+int64(len(f.text))+around > f.export.limit {
		if err := f.finish(); err != nil {
			return err
		}
	}
	if f.object == nil {
		if err := f.begin(ctx); err != nil {
			return err
		}
	}
	if f.export.lines {
		return f.add(append(f.text, '\n'))
	}
	before := byte(',')
	if f.size == 0 {
		before = '['
	}
	if err := f.add([]byte{before}); err != nil {
		return err
	}
	return f.add(f.text)
}

func (f *resultFiles) add(text []byte) error {
	f.size += int64(len(text))
	_, err := f.buffer.Write(text)
	return err
}

func (f *resultFiles) begin(ctx context.Context) error {
	extension := "json"
	if f.export.lines {
		extension = "jsonl"
	}
	f.key = fmt.Sprintf("%s/%s_%d.%s", f.export.folder, f.status, len(f.done), extension)
	o, err := f.export.store.Create(ctx, f.export.bucket, f.key)
	if err != nil {
		return err
	}
	f.object, f.buffer, f.size = o, bufio.NewWriterSize(o, 64<<10), 0
	return nil
}

// finish ends the current file, if there is one.
func (f *resultFiles) finish() error {
	if f.object == nil {
		return nil
	}
	if !f.export.lines {
		if err := f.add([]byte{']'}); err != nil {
			return err
		}
	}
	if err := f.buffer.Flush(); err != nil {
		return err
	}
	if err := f.object.Commit(); err != nil {
		return err
	}
	f.object = nil
	f.done = append(f.done, value.Object(
		value.Member{Key: "Key", Value: value.String(f.key)},
		value.Member{Key: "Size", Value: value.Int(f.size)},
	))
	return nil
}
