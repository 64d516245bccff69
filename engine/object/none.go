package object

import (
	"context"
	"io"
	"iter"
)

// None is a Store without buckets.
type None struct{}

// Open implements Store.
func (None) Open(context.Context, string, string, Get) (io.ReadCloser, Info, error) {
	return nil, Info{}, ErrNoBucket
}

// OpenAt implements Store.
func (None) OpenAt(context.Context, string, string, Get) (ReaderAt, error) { return nil, ErrNoBucket }

// List implements Store.
func (None) List(context.Context, string, string, string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) { yield(Info{}, ErrNoBucket) }
}

// Create implements Store.
func (None) Create(context.Context, string, string) (Writer, error) { return nil, ErrNoBucket }
