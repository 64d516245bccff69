package teststate

import (
	"bytes"
	"context"
	"io"
	"iter"

	"statehouse/engine/interp"
	"statehouse/engine/items"
	"statehouse/engine/object"
	"statehouse/engine/value"
)

// read is the source that an ItemReader reads when MapItemReaderData stands for it. The
// data is what lies at the source: the text of a file, or the list of a bucket's objects.
// An array or object is taken as the items themselves, unless the reader looks for them
// inside a file.
func (r *run) read(spec *interp.MapResource) (items.Source, *oneObject) {
	text := r.reader.Text()
	inside := !spec.Config.Get("ItemsPointer").IsAbsent() || spec.Config.Get("InputType").Text() == "JSONL"
	if v, err := value.Parse(text); err == nil && !inside && (v.Kind() == value.KindArray || v.Kind() == value.KindObject) {
		return items.Source{Items: v}, nil
	}
	return items.Source{Resource: items.GetObject, Arguments: spec.Arguments, Config: spec.Config}, &oneObject{data: []byte(text)}
}

// oneObject is a store in which every object holds the same bytes.
type oneObject struct{ data []byte }

func (o *oneObject) info(key string) object.Info {
	return object.Info{Key: key, Size: int64(len(o.data)), StorageClass: "STANDARD"}
}

// Open implements object.Store.
func (o *oneObject) Open(_ context.Context, _, key string, g object.Get) (io.ReadCloser, object.Info, error) {
	return io.NopCloser(bytes.NewReader(o.data[min(g.Offset, int64(len(o.data))):])), o.info(key), nil
}

// OpenAt implements object.Store.
func (o *oneObject) OpenAt(_ context.Context, _, key string, _ object.Get) (object.ReaderAt, error) {
	return opened{bytes.NewReader(o.data), o.info(key)}, nil
}

// List implements object.Store.
func (o *oneObject) List(context.Context, string, string, string) iter.Seq2[object.Info, error] {
	return func(func(object.Info, error) bool) {}
}

// Create implements object.Store.
func (o *oneObject) Create(context.Context, string, string) (object.Writer, error) {
	return nil, object.ErrDenied
}

type opened struct {
	*bytes.Reader
	info object.Info
}

func (o opened) Close() error      { return nil }
func (o opened) Info() object.Info { return o.info }
