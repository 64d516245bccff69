package items

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"path"
	"strings"

	"github.com/klauspost/compress/zstd"

	"statehouse/engine/object"
)

// address is where an object is.
type address struct{ bucket, key, version string }

// String is the address as Map.Item.Source shows it.
func (a address) String() string { return "s3://" + a.bucket + "/" + a.key }

// openFile begins to read the items of one object.
func openFile(ctx context.Context, store object.Store, c settings, a address) (rows, error) {
	if c.inputType == typeParquet {
		return openParquet(ctx, store, c, a)
	}
	body, err := openBody(ctx, store, c, a)
	if err != nil {
		return nil, err
	}
	in := newInput(body)
	in.skipMark()
	f := file{in: in, body: body, from: a.String(), limits: c.limits}
	switch c.inputType {
	case typeCSV:
		return newCSV(f, c)
	case typeJSON:
		return newJSON(f, c.pointer)
	case typeJSONL:
		return &jsonLines{file: f}, nil
	}
	return nil, errors.Join(unreadable("The InputType %s is not supported", c.inputType), body.Close())
}

// file is what the readers of text have in common.
type file struct {
	in     *input
	body   io.Closer
	from   string
	limits Limits
}

func (f file) close() error { return f.body.Close() }

// broken is the failure of a file that is not what it should be, at the place where that shows.
func (f file) broken(format, problem string, offset int64) *Failure {
	return unreadable("The object %s is not valid %s at byte %d: %s", f.from, format, offset, problem)
}

// tooLarge is the failure of an item beyond the limit.
func (f file) tooLarge(offset int64) *Failure {
	return unreadable("The item at byte %d of the object %s exceeds the limit of %d bytes", offset, f.from, f.limits.Item)
}

// openBody opens an object and unpacks it when its key says that it is packed.
func openBody(ctx context.Context, store object.Store, c settings, a address) (io.ReadCloser, error) {
	body, info, err := store.Open(ctx, a.bucket, a.key, object.Get{Version: a.version, Owner: c.owner})
	if err != nil {
		return nil, err
	}
	tooLarge := unreadable("The object %s exceeds the limit of %d bytes", a, c.limits.File)
	if info.Size > c.limits.File {
		return nil, errors.Join(tooLarge, body.Close())
	}
	plain, err := unpack(body, a.key)
	if err != nil {
		return nil, errors.Join(unreadable("The object %s cannot be unpacked: %v", a, err), body.Close())
	}
	if plain != body {
		plain = &bounded{ReadCloser: plain, left: c.limits.File, from: a, over: tooLarge}
	}
	return plain, nil
}

// unpack reads through the compression that the extension of the key names.
func unpack(body io.ReadCloser, key string) (io.ReadCloser, error) {
	switch strings.ToLower(path.Ext(key)) {
	case ".gz", ".gzip":
		r, err := gzip.NewReader(body)
		if err != nil {
			return nil, err
		}
		return unpacked{r, body, func() {}}, nil
	case ".zst", ".zstd":
		r, err := zstd.NewReader(body, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(128<<20))
		if err != nil {
			return nil, err
		}
		return unpacked{r, body, r.Close}, nil
	}
	return body, nil
}

type unpacked struct {
	io.Reader
	body io.Closer
	done func()
}

func (u unpacked) Close() error {
	u.done()
	return u.body.Close()
}

// bounded stops a small object from becoming an endless one.
type bounded struct {
	io.ReadCloser
	left int64
	from address
	over *Failure
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.left -= int64(n)
	if b.left < 0 {
		return n, b.over
	}
	if err != nil && !errors.Is(err, io.EOF) && !errors.As(err, new(*object.Error)) {
		err = &Failure{Code: ReaderFailed, Cause: "The object " + b.from.String() + " cannot be unpacked: " + err.Error(), Err: err}
	}
	return n, err
}
