package items_test

import (
	"strings"
	"testing"
)

// An object that cannot be opened as what it should be fails the listing or the manifest that
// names it, after the items of the objects before it, and the reader can be closed as always.
func TestAFaultyObjectAmongOthers(t *testing.T) {
	t.Parallel()
	const notIterable = "Attempting to map over non-iterable node."
	for name, test := range map[string]struct{ kind, good, bad, cause string }{
		"CSV with the same header twice": {"CSV", "a\n1\n", "b,b\n1,2\n", "CSV headers cannot contain duplicates."},
		"JSON that is no list":           {"JSON", "[1]", `{"a":1}`, notIterable},
		"JSON that ends too early":       {"JSON", "[1]", " ", "The object s3://bucket/d/2 is not valid JSON at byte 1: the file ends in the middle"},
		"no Parquet":                     {"PARQUET", parquetFile(t, 1, []part{{Name: "n"}}), "?", "The object s3://bucket/d/2 is not a valid Parquet file: it is too short"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := bucket(t, map[string]string{"d/1": test.good, "d/2": test.bad, "m.csv": "s3://bucket/d/1\ns3://bucket/d/2\n"})
			sources := map[string]string{"a listing": `{"Transformation":"LOAD_AND_FLATTEN","InputType":"KIND"}`}
			if test.kind != "JSON" {
				sources["a manifest"] = `{"ManifestType":"ATHENA_DATA","InputType":"KIND"}`
			}
			for what, config := range sources {
				source := listing("d/", strings.Replace(config, "KIND", test.kind, 1))
				if what == "a manifest" {
					source = object1("m.csv", strings.Replace(config, "KIND", test.kind, 1))
				}
				got, cause := read(t, store, source)
				if len(got) != 1 || cause != test.cause {
					t.Errorf("%s: %d items, then %q; want 1, then %q", what, len(got), cause, test.cause)
				}
			}
		})
	}
}
