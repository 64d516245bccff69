package items

import (
	"context"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

	"statehouse/engine/object"
	"statehouse/engine/value"
)

// listed are the objects of an s3:listObjectsV2.
func listed(ctx context.Context, store object.Store, c settings) iter.Seq2[object.Info, error] {
	return store.List(ctx, c.bucket, c.prefix, "")
}

// listing reads what a bucket says of its objects.
type listing struct {
	pull func() (object.Info, error, bool)
	stop func()
	from string
}

func newListing(objects iter.Seq2[object.Info, error], bucket string) *listing {
	pull, stop := iter.Pull2(objects)
	return &listing{pull: pull, stop: stop, from: "s3://" + bucket}
}

func (r *listing) next(context.Context) (Item, error) {
	info, err, ok := r.pull()
	if !ok {
		return Item{}, io.EOF
	}
	return Item{Value: metadata(info), Source: r.from}, err
}

func (r *listing) skip(_ context.Context, n int64) (int64, error) {
	for over := range n {
		if _, err, ok := r.pull(); !ok || err != nil {
			return over, err
		}
	}
	return n, nil
}

func (r *listing) close() error {
	r.stop()
	return nil
}

// metadata is an object as AWS gives it to a child, in the order of its fields that was recorded.
func metadata(o object.Info) value.Value {
	return value.Object(
		value.Member{Key: "Etag", Value: value.String(o.ETag)},
		value.Member{Key: "LastModified", Value: seconds(o.Modified)},
		value.Member{Key: "Key", Value: value.String(o.Key)},
		value.Member{Key: "Size", Value: value.Int(o.Size)},
		value.Member{Key: "StorageClass", Value: value.String(o.StorageClass)},
	)
}

// seconds is a time in seconds since 1970, written as the JVM behind AWS writes a double:
// 1.790204286E9.
func seconds(t time.Time) value.Value {
	s := strconv.FormatFloat(float64(t.Unix()), 'E', -1, 64)
	mantissa, exponent, _ := strings.Cut(s, "E+")
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	return value.Number(mantissa + "E" + strings.TrimLeft(exponent, "0"))
}
