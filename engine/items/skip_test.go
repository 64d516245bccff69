package items_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"statehouse/engine/items"
)

// Reading after Skip(n) gives what reading without it gives from n on, for every kind of
// source and every n, also beyond the end.
func TestSkipIsReadingWithoutLooking(t *testing.T) {
	t.Parallel()
	var csv, lines, array strings.Builder
	csv.WriteString("a,b\n")
	array.WriteString("[")
	var rows []part
	for i := range 150 {
		fmt.Fprintf(&csv, "%d,\"x\"\"\n%d\"\n", i, i)
		fmt.Fprintf(&lines, "{\"n\":%d}\n\n", i)
		fmt.Fprintf(&array, "{\"n\":[%d,\"]\"]},", i)
		rows = append(rows, part{Name: fmt.Sprint(i), Tags: []string{"t", fmt.Sprint(i)}})
	}
	objects := map[string]string{
		"f.csv": csv.String(), "f.jsonl": lines.String(), "f.json": strings.TrimSuffix(array.String(), ",") + "]",
		"f.parquet": parquetFile(t, 70, rows),
		"m.csv":     "s3://bucket/d/1.jsonl\ns3://bucket/d/2.jsonl\ns3://bucket/d/3.jsonl\n",
	}
	for i := range 3 {
		objects[fmt.Sprintf("d/%d.jsonl", i+1)] = strings.Repeat(fmt.Sprintf("%d\n", i), 40)
	}
	store := bucket(t, objects)
	state := items.Source{Items: parse(objects["f.json"])}
	sources := map[string]items.Source{
		"state data": state,
		"CSV":        object1("f.csv", `{"InputType":"CSV"}`),
		"JSONL":      object1("f.jsonl", `{"InputType":"JSONL","MaxItems":120}`),
		"JSON":       object1("f.json", `{"InputType":"JSON"}`),
		"Parquet":    object1("f.parquet", `{"InputType":"PARQUET"}`),
		"listing":    listing("", `{}`),
		"flattened":  listing("d/", `{"InputType":"JSONL","Transformation":"LOAD_AND_FLATTEN"}`),
		"Athena":     object1("m.csv", `{"ManifestType":"ATHENA_DATA","InputType":"JSONL"}`),
	}
	for name, s := range sources {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all, err := readAll(t.Context(), store, s)
			if err != nil || len(all) < 5 {
				t.Fatal(len(all), err)
			}
			for n := range int64(len(all) + 3) {
				r, err := items.Open(t.Context(), store, s)
				if err != nil {
					t.Fatal(err)
				}
				if err := r.Skip(t.Context(), n/2); err != nil {
					t.Fatal(err)
				}
				if err := r.Skip(t.Context(), n-n/2); err != nil {
					t.Fatal(err)
				}
				got, err := r.Next(t.Context())
				if n >= int64(len(all)) {
					if !errors.Is(err, io.EOF) {
						t.Fatalf("after %d of %d items: %v %v", n, len(all), got, err)
					}
				} else if diff := cmp.Diff(all[n], got); diff != "" || err != nil {
					t.Fatalf("after %d items: %v %s", n, err, diff)
				}
				if err := r.Close(); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
