package items

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"

	"statehouse/engine/object"
)

// parquetRows reads the rows of a Parquet file: one row group after the other, and of each
// only the pages at hand.
type parquetRows struct {
	from   string
	object object.ReaderAt
	groups []parquet.RowGroup
	table  *column // how rows become items
	rows   parquet.Rows
	batch  []parquet.Row
	at     int // next row in batch
	parts  [][]parquet.Value
}

// batchSize is how many rows are decoded at a time.
const batchSize = 64

// openParquet reads the footer of a Parquet file.
func openParquet(ctx context.Context, store object.Store, c settings, a address) (_ rows, err error) {
	o, err := store.OpenAt(ctx, a.bucket, a.key, object.Get{Owner: c.owner})
	if err != nil {
		return nil, err
	}
	r := &parquetRows{from: a.String(), object: o}
	if err := r.open(c.limits); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	return r, nil
}

func (r *parquetRows) open(limits Limits) (err error) {
	defer r.guard(&err)
	size := r.object.Info().Size
	if size > limits.File {
		return unreadable("The object %s exceeds the limit of %d bytes", r.from, limits.File)
	}
	var tail [8]byte // length of the footer, "PAR1"
	if size < int64(len(tail))+4 {
		return r.broken(errors.New("it is too short"))
	}
	if _, err := r.object.ReadAt(tail[:], size-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if n := int64(binary.LittleEndian.Uint32(tail[:])); string(tail[4:]) == "PAR1" && n > limits.Footer {
		return unreadable("The footer of the Parquet file %s has %d bytes and exceeds the limit of %d bytes", r.from, n, limits.Footer)
	}
	f, err := parquet.OpenFile(r.object, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true),
		parquet.ReadBufferSize(256<<10))
	if err != nil {
		return r.broken(err)
	}
	for _, g := range f.Metadata().RowGroups {
		if g.TotalByteSize > limits.RowGroup {
			return unreadable("A row group of the Parquet file %s has %d bytes and exceeds the limit of %d bytes", r.from, g.TotalByteSize, limits.RowGroup)
		}
	}
	r.groups = f.RowGroups()
	r.table = newColumn(f.Root(), "", 0, 0, new(int))
	r.parts = make([][]parquet.Value, r.table.last)
	return nil
}

// guard turns a panic of the decoder, which damaged files can cause, into a failure.
func (r *parquetRows) guard(err *error) {
	if p := recover(); p != nil {
		*err = r.broken(fmt.Errorf("%v", p))
	}
}

func (r *parquetRows) broken(err error) error {
	if errors.As(err, new(*object.Error)) {
		return err
	}
	return &Failure{Code: ReaderFailed, Cause: fmt.Sprintf("The object %s is not a valid Parquet file: %v", r.from, err), Err: err}
}

func (r *parquetRows) next(context.Context) (item Item, err error) {
	defer r.guard(&err)
	for r.at == len(r.batch) {
		if err := r.fill(); err != nil {
			return Item{}, err
		}
	}
	row := r.batch[r.at]
	r.at++
	row.Range(func(i int, values []parquet.Value) bool {
		r.parts[i] = values
		return true
	})
	return Item{Value: r.table.item(r.parts), Source: r.from}, nil
}

// fill decodes more rows, of the next row group when one is over.
func (r *parquetRows) fill() error {
	if r.rows == nil {
		if len(r.groups) == 0 {
			return io.EOF
		}
		r.rows = r.groups[0].Rows()
	}
	r.batch, r.at = r.batch[:cap(r.batch)], 0
	if len(r.batch) == 0 {
		r.batch = make([]parquet.Row, batchSize)
	}
	n, err := r.rows.ReadRows(r.batch)
	r.batch = r.batch[:n]
	if err != nil && !errors.Is(err, io.EOF) {
		return r.broken(err)
	}
	if n == 0 {
		err := r.rows.Close()
		r.rows, r.groups = nil, r.groups[1:]
		return err
	}
	return nil
}

func (r *parquetRows) skip(_ context.Context, n int64) (over int64, err error) {
	defer r.guard(&err)
	for over < n {
		if left := int64(len(r.batch) - r.at); left > 0 {
			step := min(left, n-over)
			r.at += int(step)
			over += step
			continue
		}
		if r.rows == nil && len(r.groups) > 0 && r.groups[0].NumRows() <= n-over {
			over += r.groups[0].NumRows()
			r.groups = r.groups[1:]
			continue
		}
		if r.rows == nil && len(r.groups) > 0 {
			r.rows = r.groups[0].Rows()
			if err := r.rows.SeekToRow(n - over); err != nil {
				return over, r.broken(err)
			}
			return n, nil
		}
		if err := r.fill(); err != nil {
			return over, err
		}
	}
	return over, nil
}

func (r *parquetRows) close() error {
	var err error
	if r.rows != nil {
		err = r.rows.Close()
	}
	return errors.Join(err, r.object.Close())
}
