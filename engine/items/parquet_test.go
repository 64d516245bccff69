package items_test

import (
	"bytes"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"statehouse/engine/items"
)

type part struct {
	Name string   `parquet:"name"`
	Tags []string `parquet:"tags,list"`
}

type record struct {
	ID     int64             `parquet:"id"`
	Small  uint32            `parquet:"small"`
	Name   *string           `parquet:"name,optional"`
	Price  int64             `parquet:"price,decimal(2:10)"`
	Ratio  float32           `parquet:"ratio"`
	Score  float64           `parquet:"score"`
	OK     bool              `parquet:"ok"`
	Born   int32             `parquet:"born,date"`
	Made   time.Time         `parquet:"made,timestamp(millisecond)"`
	Raw    []byte            `parquet:"raw"`
	Key    [16]byte          `parquet:"key,uuid"`
	Parts  []part            `parquet:"parts,list"`
	Plain  []int32           `parquet:"plain"`
	Labels map[string]int32  `parquet:"labels"`
	Inner  *part             `parquet:"inner,optional"`
	Ages   map[int32]float64 `parquet:"ages"`
}

// parquetFile writes rows in groups of size.
func parquetFile[T any](t testing.TB, size int, rows []T, options ...parquet.WriterOption) string {
	t.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[T](&b, options...)
	for len(rows) > 0 {
		n := min(size, len(rows))
		if _, err := w.Write(rows[:n]); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		rows = rows[n:]
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestParquetRowsBecomeObjects(t *testing.T) {
	t.Parallel()
	full := record{
		ID: -7, Small: 4000000000, Name: new("Zoë"), Price: -1205, Ratio: 0.1, Score: 2.5, OK: true, Born: 19000,
		Made: time.UnixMilli(1700000000123).UTC(), Raw: []byte{0xff, 0}, Key: [16]byte{1, 2, 3, 15: 9},
		Parts:  []part{{Name: "a", Tags: []string{"x", "y"}}, {Name: "b"}},
		Plain:  []int32{1, 2},
		Labels: map[string]int32{"one": 1}, Inner: &part{Name: "in", Tags: []string{"z"}}, Ages: map[int32]float64{3: 0.5},
	}
	const want = `{"id":-7,"small":4000000000,"name":"Zoë","price":-12.05,"ratio":0.1,"score":2.5,"ok":true,` +
		`"born":"2022-01-08","made":"2023-11-14T22:13:20.123Z","raw":"/wA=","key":"01020300-0000-0000-0000-000000000009",` +
		`"parts":[{"name":"a","tags":["x","y"]},{"name":"b","tags":[]}],"plain":[1,2],"labels":{"one":1},` +
		`"inner":{"name":"in","tags":["z"]},"ages":{"3":0.5}}`
	const empty = `{"id":0,"small":0,"name":null,"price":0.00,"ratio":0,"score":0,"ok":false,` +
		`"born":"1970-01-01","made":"1970-01-01T00:00:00Z","raw":"","key":"00000000-0000-0000-0000-000000000000",` +
		`"parts":[],"plain":[],"labels":{},"inner":null,"ages":{}}`
	rows := []record{full, {Made: time.UnixMilli(0)}, full}
	for name, codec := range map[string]parquet.WriterOption{
		"plain": parquet.Compression(&parquet.Uncompressed), "gzip": parquet.Compression(&parquet.Gzip),
		"zstd": parquet.Compression(&parquet.Zstd), "snappy": parquet.Compression(&parquet.Snappy),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := bucket(t, map[string]string{"f.parquet": parquetFile(t, 2, rows, codec)})
			got, cause := read(t, store, object1("f.parquet", `{"InputType":"PARQUET"}`))
			if diff := cmp.Diff([]string{want, empty, want}, got); diff != "" || cause != "" {
				t.Error(cause, diff)
			}
		})
	}
}

func TestParquetLimits(t *testing.T) {
	t.Parallel()
	rows := make([]part, 100)
	for i := range rows {
		rows[i].Name = strings.Repeat("x", i)
	}
	store := bucket(t, map[string]string{"f": parquetFile(t, 100, rows)})
	s := object1("f", `{"InputType":"PARQUET"}`)
	s.Limits = items.Limits{RowGroup: 100}
	if _, cause := read(t, store, s); !strings.HasSuffix(cause, "exceeds the limit of 100 bytes") || !strings.HasPrefix(cause, "A row group") {
		t.Error(cause)
	}
	s.Limits = items.Limits{Footer: 10}
	if _, cause := read(t, store, s); !strings.HasSuffix(cause, "exceeds the limit of 10 bytes") || !strings.HasPrefix(cause, "The footer") {
		t.Error(cause)
	}
	s.Limits, s.Arguments = items.Limits{}, parse(`{"Bucket":"bucket","Key":"f","VersionId":"1"}`)
	if _, cause := read(t, store, s); cause != "The field VersionId is not supported when InputType is PARQUET" {
		t.Error(cause)
	}
}

// A damaged file fails, whatever is damaged, and never takes the program down.
func TestDamagedParquetFails(t *testing.T) {
	t.Parallel()
	rows := []record{{ID: 1, Parts: []part{{Name: "a", Tags: []string{"x"}}}}, {ID: 2}}
	good := parquetFile(t, 2, rows)
	objects := map[string]string{}
	for i := 4; i < len(good)-4; i += 7 {
		bad := []byte(good)
		bad[i] ^= 0x55
		objects[strconv.Itoa(i)] = string(bad)
	}
	store := bucket(t, objects)
	for key := range objects {
		read(t, store, object1(key, `{"InputType":"PARQUET"}`)) // checks that errors are failures
	}
}
