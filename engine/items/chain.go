package items

import (
	"context"
	"errors"
	"io"
	"iter"

	"statehouse/engine/object"
)

// chain reads the items of many objects, one object after the other.
type chain struct {
	store   object.Store
	c       settings
	pull    func() (address, error, bool)
	stop    func()
	current rows // nil between two objects
}

// newChain reads the objects of a listing (LOAD_AND_FLATTEN). Empty objects, like the folders
// that a console makes, have no items.
func newChain(store object.Store, c settings, objects iter.Seq2[object.Info, error]) *chain {
	return newChainOf(store, c, func(yield func(address, error) bool) {
		for o, err := range objects {
			if err == nil && o.Size == 0 {
				continue
			}
			if !yield(address{bucket: c.bucket, key: o.Key}, err) {
				return
			}
		}
	})
}

func newChainOf(store object.Store, c settings, addresses iter.Seq2[address, error]) *chain {
	r := &chain{store: store, c: c}
	r.pull, r.stop = iter.Pull2(addresses)
	return r
}

func (r *chain) next(ctx context.Context) (Item, error) {
	for {
		if err := r.open(ctx); err != nil {
			return Item{}, err
		}
		item, err := r.current.next(ctx)
		if !errors.Is(err, io.EOF) {
			return item, err
		}
		if err := r.shut(); err != nil {
			return Item{}, err
		}
	}
}

func (r *chain) skip(ctx context.Context, n int64) (int64, error) {
	var over int64
	for over < n {
		if err := r.open(ctx); err != nil {
			return over, err
		}
		some, err := r.current.skip(ctx, n-over)
		over += some
		if err != nil && !errors.Is(err, io.EOF) {
			return over, err
		}
		if over < n {
			if err := r.shut(); err != nil {
				return over, err
			}
		}
	}
	return over, nil
}

// open makes sure that there is a current object; io.EOF when there are no more.
func (r *chain) open(ctx context.Context) error {
	if r.current != nil {
		return nil
	}
	a, err, ok := r.pull()
	if !ok {
		return io.EOF
	}
	if err != nil {
		return err
	}
	current, err := openFile(ctx, r.store, r.c, a)
	if err != nil {
		return err // what openFile gave besides must not be closed
	}
	r.current = current
	return nil
}

// shut ends the current object.
func (r *chain) shut() error {
	if r.current == nil {
		return nil
	}
	err := r.current.close()
	r.current = nil
	return err
}

func (r *chain) close() error {
	r.stop()
	return r.shut()
}
