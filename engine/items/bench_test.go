package items_test

import (
	"bufio"
	"errors"
	"io"
	"testing"

	"statehouse/engine/items"
	"statehouse/engine/object"
)

// The readers beside a floor: bufio.Scanner over the same bytes, which finds the ends of the
// lines and nothing else. Compare the items/s.

const benchSize = 8 << 20

func BenchmarkRead(b *testing.B) {
	for name, set := range large(benchSize) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(benchSize)
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				n += count(b, &stream{open: set.open, size: benchSize}, object1("f", set.config), 0)
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "items/s")
		})
	}
	b.Run("Parquet", func(b *testing.B) {
		rows := make([]part, 100_000)
		for i := range rows {
			rows[i] = part{Name: "a longer field, with quotes", Tags: []string{"307", "3.5"}}
		}
		store := bucket(b, map[string]string{"f": parquetFile(b, 50_000, rows)})
		b.ReportAllocs()
		n := 0
		for b.Loop() {
			n += count(b, store, object1("f", `{"InputType":"PARQUET"}`), 0)
		}
		b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "items/s")
	})
}

func BenchmarkSkip(b *testing.B) {
	for name, set := range large(benchSize) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(benchSize)
			for b.Loop() {
				count(b, &stream{open: set.open, size: benchSize}, object1("f", set.config), 1<<40)
			}
		})
	}
}

func BenchmarkFloor(b *testing.B) {
	for name, set := range large(benchSize) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(benchSize)
			n := 0
			for b.Loop() {
				s := bufio.NewScanner(set.open())
				s.Buffer(make([]byte, 64<<10), benchSize+1<<10)
				for s.Scan() {
					n++
				}
				if s.Err() != nil {
					b.Fatal(s.Err())
				}
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "items/s")
		})
	}
}

func count(b *testing.B, store object.Store, s items.Source, skip int64) (n int) {
	b.Helper()
	r, err := items.Open(b.Context(), store, s)
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	if err := r.Skip(b.Context(), skip); err != nil {
		b.Fatal(err)
	}
	for {
		item, err := r.Next(b.Context())
		if errors.Is(err, io.EOF) {
			return n
		}
		if err != nil {
			b.Fatal(err)
		}
		n++
		_ = item
	}
}

func BenchmarkBatch(b *testing.B) {
	item := parse(doc)
	b.ReportAllocs()
	batcher := items.NewBatcher(items.BatchConfig{MaxItems: 100, Input: parse(`{"a":1}`)})
	for b.Loop() {
		if _, _, err := batcher.Add(item); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	for _, transformation := range []string{"NONE", "COMPACT"} {
		b.Run(transformation, func(b *testing.B) {
			store := &stream{}
			w, err := items.NewWriter(b.Context(), store, run, 0, exportTo("p", `{"Transformation":"`+transformation+`","OutputType":"JSON"}`))
			if err != nil {
				b.Fatal(err)
			}
			r := result(items.Succeeded, doc)
			b.ReportAllocs()
			for b.Loop() {
				if err := w.Write(b.Context(), r); err != nil {
					b.Fatal(err)
				}
			}
			b.SetBytes(store.written / int64(b.N))
		})
	}
}
