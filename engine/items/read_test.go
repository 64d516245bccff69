package items_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"statehouse/engine/items"
	"statehouse/engine/object"
	"statehouse/engine/value"
)

// bucket is a store with one bucket and these objects.
func bucket(t testing.TB, objects map[string]string) *object.Folder {
	t.Helper()
	dir := t.TempDir()
	for key, body := range objects {
		file := filepath.Join(dir, "bucket", key)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "bucket"), 0o700); err != nil {
		t.Fatal(err)
	}
	f, err := object.NewFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func object1(key, config string) items.Source {
	return items.Source{
		Resource:  items.GetObject,
		Arguments: value.Object(value.Member{Key: "Bucket", Value: value.String("bucket")}, value.Member{Key: "Key", Value: value.String(key)}),
		Config:    parse(config),
	}
}

func listing(prefix, config string) items.Source {
	return items.Source{
		Resource:  items.ListObjects,
		Arguments: value.Object(value.Member{Key: "Bucket", Value: value.String("bucket")}, value.Member{Key: "Prefix", Value: value.String(prefix)}),
		Config:    parse(config),
	}
}

func parse(text string) value.Value {
	if text == "" {
		return value.Value{}
	}
	v, err := value.Parse(text)
	if err != nil {
		panic(err)
	}
	return v
}

// read is every item as JSON, and how it ended when that was a failure.
func read(t testing.TB, store object.Store, s items.Source) (all []string, cause string) {
	t.Helper()
	got, err := readAll(t.Context(), store, s)
	var f *items.Failure
	if errors.As(err, &f) {
		if f.Code != items.ReaderFailed {
			t.Errorf("failed with %s", f.Code)
		}
		cause = f.Cause
	} else if err != nil {
		t.Fatal(err)
	}
	for _, item := range got {
		text := item.Value.JSON()
		if item.Key != nil {
			text = *item.Key + "=" + text
		}
		all = append(all, text)
	}
	return all, cause
}

func readAll(ctx context.Context, store object.Store, s items.Source) (all []items.Item, err error) {
	r, err := items.Open(ctx, store, s)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	for {
		item, err := r.Next(ctx)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		all = append(all, item)
	}
}

func TestCSVFollowsAWSRules(t *testing.T) {
	t.Parallel()
	const first = `{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"}`
	tests := map[string]struct {
		config, file string
		want         []string
	}{
		"as recorded": {
			`{"InputType":"CSV","CSVHeaderLocation":"GIVEN","CSVHeaders":["H1"]}`,
			"Value1,Value2,Value3\nValue4,Value5,Value6\n,,,\ntrue,1,'HelloWorld'\nNull,None,\n   \n",
			[]string{`{"H1":"Value1"}`, `{"H1":"Value4"}`, `{"H1":""}`, `{"H1":"true"}`, `{"H1":"Null"}`, `{"H1":"   "}`},
		},
		"the example of AWS's guide": {
			`{"InputType":"CSV","CSVHeaderLocation":"GIVEN","CSVHeaders":["a","b","c","d","e"]}`,
			"abc,123,\"This string contains commas, a double quotation marks (\"\"), and a newline (\n)\",{\"\"MyKey\"\":\"\"MyValue\"\"},\"[1,2,3]\"\n",
			[]string{`{"a":"abc","b":"123","c":"This string contains commas, a double quotation marks (\"), and a newline (\n)","d":"{\"MyKey\":\"MyValue\"}","e":"[1,2,3]"}`},
		},
		"short rows get empty fields, long ones are cut": {first, "a,b\n1\n1,2,3\n", []string{`{"a":"1","b":""}`, `{"a":"1","b":"2"}`}},
		"a backslash escapes itself":                     {first, "path,size\nC:\\\\Program Files\\\\MyApp.exe,6534512\n", []string{`{"path":"C:\\Program Files\\MyApp.exe","size":"6534512"}`}},
		"a backslash escapes the delimiter and a quote":  {first, "a,b\n1\\,2,\\\"x\\\"\n", []string{`{"a":"1,2","b":"\"x\""}`}},
		"a backslash before anything else disappears":    {first, "a,b\n\\n\\x,\"\\t\"\n", []string{`{"a":"nx","b":"t"}`}},
		"escapes in quotes":                              {first, "a,b\n\"1\\\"2\\\\\",\"x\"\"y\"\n", []string{`{"a":"1\"2\\","b":"x\"y"}`}},
		"a quote in the middle is a character":           {first, "a,b\n5\" pipe,6\" pipe\"\n", []string{`{"a":"5\" pipe","b":"6\" pipe\""}`}},
		"blanks before an opening quote are dropped":     {first, "a,b\n  \"x\" ,  y\n", []string{`{"a":"x ","b":"  y"}`}},
		"lines may end with carriage return":             {first, "a,b\r\n1,2\r\n\"3\r\n4\",5\r\n", []string{`{"a":"1","b":"2"}`, `{"a":"3\n4","b":"5"}`}},
		"the last line needs no end":                     {first, "a,b\n1,2\n3,\"4\"", []string{`{"a":"1","b":"2"}`, `{"a":"3","b":"4"}`}},
		"lines without a character are no rows":          {first, "a\n\n1\n\r\n2\n\n", []string{`{"a":"1"}`, `{"a":"2"}`}},
		"but an empty field in quotes is one":            {first, "a\n\"\"\n", []string{`{"a":""}`}},
		"a header of nothing":                            {first, "a,\n1,2\n", []string{`{"a":"1","":"2"}`}},
		"an empty file":                                  {first, "", nil},
		"only a header":                                  {first, "a,b\n", nil},
		"a mark of UTF-8 is no part of the header":       {first, "\uFEFFa\n1\n", []string{`{"a":"1"}`}},
		"pipes":                  {`{"InputType":"CSV","CSVDelimiter":"PIPE"}`, "a|b\n1,|2\n", []string{`{"a":"1,","b":"2"}`}},
		"semicolons":             {`{"InputType":"CSV","CSVDelimiter":"SEMICOLON"}`, "a;b\n1\\;;2\n", []string{`{"a":"1;","b":"2"}`}},
		"spaces":                 {`{"InputType":"CSV","CSVDelimiter":"SPACE"}`, "a b c\n1  \"2 3\"\n", []string{`{"a":"1","b":"","c":"2 3"}`}},
		"tabs":                   {`{"InputType":"CSV","CSVDelimiter":"TAB"}`, "a\tb\n1 \t2\n", []string{`{"a":"1 ","b":"2"}`}},
		"MaxItems":               {`{"InputType":"CSV","MaxItems":2}`, "a\n1\n2\n3\n", []string{`{"a":"1"}`, `{"a":"2"}`}},
		"MaxItems 0 is no limit": {`{"InputType":"CSV","MaxItems":0}`, "a\n1\n2\n3\n", []string{`{"a":"1"}`, `{"a":"2"}`, `{"a":"3"}`}},
		"MaxItems beyond AWS's limit counts as it": {`{"InputType":"CSV","MaxItems":100000001}`, "a\n1\n", []string{`{"a":"1"}`}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := bucket(t, map[string]string{"f.csv": test.file})
			got, cause := read(t, store, object1("f.csv", test.config))
			if cause != "" {
				t.Fatal(cause)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhatCannotBeReadFailsInWords(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		config, file, want string
		items              int
	}{
		"duplicate headers given":    {config: `{"InputType":"CSV","CSVHeaderLocation":"GIVEN","CSVHeaders":["H1","H1","H3"]}`, file: "1\n", want: "CSV headers cannot contain duplicates."},
		"duplicate headers read":     {config: `{"InputType":"CSV"}`, file: "a,b,a\n1\n", want: "CSV headers cannot contain duplicates."},
		"long headers":               {config: `{"InputType":"CSV"}`, file: strings.Repeat("x", 10<<10+1) + "\n1\n", want: "CSV headers cannot exceed 10 KiB."},
		"negative MaxItems":          {config: `{"InputType":"CSV","MaxItems":-1}`, file: "a\n", want: "field MaxItems must be positive"},
		"broken MaxItems":            {config: `{"InputType":"CSV","MaxItems":1.5}`, file: "a\n", want: "field MaxItems must be an integer"},
		"an object instead of items": {config: `{"InputType":"JSON"}`, file: `{"Hello": "world"}`, want: "Attempting to map over non-iterable node."},
		"a number instead of items":  {config: `{"InputType":"JSON","ItemsPointer":"/a"}`, file: `{"a":1}`, want: "Attempting to map over non-iterable node."},
		"a pointer to nothing":       {config: `{"InputType":"JSON","ItemsPointer":"/a/c"}`, file: `{"a":{"b":[]}}`, want: "The ItemsPointer /a/c selects nothing in the object s3://bucket/f"},
		"no pointer":                 {config: `{"InputType":"JSON","ItemsPointer":"a"}`, file: `[]`, want: "The ItemsPointer a is not a valid JSON Pointer of less than 2000 characters"},
		"an endless quote":           {config: `{"InputType":"CSV"}`, file: "a\n1\n\"2\n", items: 1, want: "The object s3://bucket/f is not valid CSV at byte 4: a quoted field does not end"},
		"JSON that ends too early":   {config: `{"InputType":"JSON"}`, file: `[1, 2`, items: 2, want: "The object s3://bucket/f is not valid JSON at byte 5: the file ends in the middle"},
		"JSON without a comma":       {config: `{"InputType":"JSON"}`, file: `[1 2]`, items: 1, want: "The object s3://bucket/f is not valid JSON at byte 3: expected ',' or ']', found \"2\""},
		"JSON with a comma too many": {config: `{"InputType":"JSON"}`, file: `[1, ]`, items: 1, want: "The object s3://bucket/f is not valid JSON at byte 4: expected a value, found \"]\""},
		"JSON with a broken item":    {config: `{"InputType":"JSON"}`, file: `[{"a" 1}]`, want: "The object s3://bucket/f is not valid JSON at byte 6: "},
		"an empty document":          {config: `{"InputType":"JSON"}`, file: ``, want: "The object s3://bucket/f is not valid JSON at byte 0: the file ends in the middle"},
		"a broken line":              {config: `{"InputType":"JSONL"}`, file: "{}\n{\n{}\n", items: 1, want: "The object s3://bucket/f is not valid JSON at byte 4: "},
		"no Parquet":                 {config: `{"InputType":"PARQUET"}`, file: strings.Repeat("x", 100), want: "The object s3://bucket/f is not a valid Parquet file: "},
		"an empty Parquet":           {config: `{"InputType":"PARQUET"}`, file: "", want: "The object s3://bucket/f is not a valid Parquet file: it is too short"},
		"no input type":              {config: `{}`, file: "", want: "The field InputType is required"},
		"no Athena type":             {config: `{"ManifestType":"ATHENA_DATA"}`, file: "", want: "The field InputType is required when ManifestType is ATHENA_DATA"},
		"an inventory in Parquet":    {config: `{"InputType":"MANIFEST"}`, file: `{"fileFormat":"Parquet"}`, want: `The manifest s3://bucket/f has the file format "Parquet": only CSV is supported`},
		"an inventory that is CSV":   {config: `{"InputType":"MANIFEST"}`, file: `a,b`, want: "The manifest s3://bucket/f is not valid JSON: "},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, cause := read(t, bucket(t, map[string]string{"f": test.file}), object1("f", test.config))
			if len(got) != test.items {
				t.Errorf("%d items before the failure, want %d", len(got), test.items)
			}
			if cause != test.want && (!strings.HasSuffix(test.want, ": ") || !strings.HasPrefix(cause, test.want)) {
				t.Errorf("got  %s\nwant %s", cause, test.want)
			}
		})
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		config, file string
		want         []string
	}{
		"an array":             {`{"InputType":"JSON"}`, ` [1, "a\"]", {"b": [ ]} ,null,[[]] ] trailing`, []string{`1`, `"a\"]"`, `{"b":[]}`, `null`, `[[]]`}},
		"an empty array":       {`{"InputType":"JSON"}`, `[ ]`, nil},
		"an array in the deep": {`{"InputType":"JSON","ItemsPointer":"/x~1y/1/z~0"}`, `{"a":[{"z~":[9]}],"x/y":[0,{"q":"]","z~":[1,2]}]}`, []string{`1`, `2`}},
		"an object in it":      {`{"InputType":"JSON","ItemsPointer":"/o"}`, `{"o":{"a": 1, "b\n":{"c":[]}}}`, []string{"a=1", "b\n={\"c\":[]}"}},
		"an empty key":         {`{"InputType":"JSON","ItemsPointer":"/"}`, `{"":[1]}`, []string{`1`}},
		"numbers keep digits":  {`{"InputType":"JSON"}`, `[12345678901234567890.10]`, []string{`12345678901234567890.10`}},
		"escapes":              {`{"InputType":"JSON"}`, `["\\","\\\"","\u00e9"]`, []string{`"\\"`, `"\\\""`, `"é"`}},
		"MaxItems stop":        {`{"InputType":"JSON","MaxItems":1}`, `[1, broken`, []string{`1`}},
		"lines":                {`{"InputType":"JSONL"}`, "{\"a\": 1}\r\n\n  \n[2]\n\"3\"", []string{`{"a":1}`, `[2]`, `"3"`}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, cause := read(t, bucket(t, map[string]string{"f": test.file}), object1("f", test.config))
			if cause != "" {
				t.Fatal(cause)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPackedObjectsAreUnpackedByTheirExtension(t *testing.T) {
	t.Parallel()
	const rows = "a\n1\n2\n"
	gz := packed(t, rows)
	var zst bytes.Buffer
	z, err := zstd.NewWriter(&zst)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write([]byte(rows)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	store := bucket(t, map[string]string{"a.csv.gz": gz, "b.csv.zst": zst.String(), "c.CSV.ZSTD": zst.String(), "d.gzip": gz, "bad.gz": rows, "cut.gz": gz[:len(gz)-6], "cut.zst": zst.String()[:zst.Len()-3]})
	for _, key := range []string{"a.csv.gz", "b.csv.zst", "c.CSV.ZSTD", "d.gzip"} {
		got, cause := read(t, store, object1(key, `{"InputType":"CSV"}`))
		if diff := cmp.Diff([]string{`{"a":"1"}`, `{"a":"2"}`}, got); diff != "" || cause != "" {
			t.Error(key, cause, diff)
		}
	}
	for _, key := range []string{"bad.gz", "cut.gz", "cut.zst"} {
		if _, cause := read(t, store, object1(key, `{"InputType":"CSV"}`)); !strings.HasPrefix(cause, "The object s3://bucket/"+key+" cannot be unpacked: ") {
			t.Errorf("%s: %s", key, cause)
		}
	}
	bomb := object1("a.csv.gz", `{"InputType":"CSV"}`)
	bomb.Limits.File = 64
	store = bucket(t, map[string]string{"a.csv.gz": packed(t, strings.Repeat("a\n", 1000))})
	if _, cause := read(t, store, bomb); cause != "The object s3://bucket/a.csv.gz exceeds the limit of 64 bytes" {
		t.Error(cause)
	}
}

func packed(t testing.TB, s string) string {
	t.Helper()
	var b bytes.Buffer
	g := gzip.NewWriter(&b)
	_, err := g.Write([]byte(s))
	if err := errors.Join(err, g.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestLimits(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 100)
	store := bucket(t, map[string]string{"f.csv": "a\n1\n" + long + "\n", "f.json": `[1,"` + long + `"]`, "f.jsonl": "1\n\"" + long + "\"\n", "p.json": `{"a":"` + long + `","b":[1]}`})
	for key, c := range map[string]struct{ config, want string }{
		"f.csv":   {`{"InputType":"CSV"}`, "The item at byte 4 of the object s3://bucket/f.csv exceeds the limit of 50 bytes"},
		"f.json":  {`{"InputType":"JSON"}`, "The item at byte 3 of the object s3://bucket/f.json exceeds the limit of 50 bytes"},
		"f.jsonl": {`{"InputType":"JSONL"}`, "The item at byte 2 of the object s3://bucket/f.jsonl exceeds the limit of 50 bytes"},
		"p.json":  {`{"InputType":"JSON","ItemsPointer":"/b"}`, "The ItemsPointer /b selects an array that begins after the first 50 bytes of the object s3://bucket/p.json"},
	} {
		s := object1(key, c.config)
		s.Limits = items.Limits{Item: 50, Pointer: 50}
		if _, cause := read(t, store, s); cause != c.want {
			t.Errorf("%s: %s", key, cause)
		}
		s.Limits = items.Limits{File: 10}
		if _, cause := read(t, store, s); cause != "The object s3://bucket/"+key+" exceeds the limit of 10 bytes" {
			t.Errorf("%s: %s", key, cause)
		}
	}
}

func TestListing(t *testing.T) {
	t.Parallel()
	store := bucket(t, map[string]string{"a/1.txt": "0HelloWorld!", "a/2.txt": "", "b": "x"})
	all, err := readAll(t.Context(), store, listing("a/", ""))
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 2 || all[0].Source != "s3://bucket" || all[0].Value.Get("Key").Text() != "a/1.txt" ||
		all[0].Value.Get("Size").JSON() != "12" || all[0].Value.Get("StorageClass").Text() != "STANDARD" || all[1].Index != 1 {
		t.Errorf("%+v", all)
	}
	var fields []string
	for _, m := range all[0].Value.Members() {
		fields = append(fields, m.Key)
	}
	if want := []string{"Etag", "LastModified", "Key", "Size", "StorageClass"}; !slices.Equal(fields, want) { // as recorded
		t.Errorf("fields %v, want %v", fields, want)
	}
	if m := all[0].Value.Get("LastModified"); m.Kind() != value.KindNumber || !strings.HasSuffix(m.JSON(), "E9") {
		t.Errorf("LastModified is %s", m)
	}
	if e := all[0].Value.Get("Etag").Text(); !strings.HasPrefix(e, `"`) || !strings.HasSuffix(e, `"`) {
		t.Errorf("Etag is %s", e)
	}
	if got, _ := read(t, store, listing("", `{"MaxItems":1}`)); len(got) != 1 {
		t.Error(got)
	}
	if got, cause := read(t, store, items.Source{Resource: items.ListObjects, Arguments: parse(`{"Bucket":"nobody"}`)}); cause != "The specified bucket does not exist (Service: S3, Status Code: 404)" {
		t.Error(got, cause)
	}
	if got, cause := read(t, store, object1("none", `{"InputType":"CSV"}`)); cause != "The specified key does not exist. (Service: S3, Status Code: 404)" {
		t.Error(got, cause)
	}
}

func TestLoadAndFlatten(t *testing.T) {
	t.Parallel()
	store := bucket(t, map[string]string{"f/1.csv": "a\n1\n2\n", "f/2.csv.gz": packed(t, "a,b\n3,4\n"), "f/_SUCCESS": "", "g.csv": "a\n9\n"})
	all, err := readAll(t.Context(), store, listing("f/", `{"InputType":"CSV","Transformation":"LOAD_AND_FLATTEN"}`))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, i := range all {
		got = append(got, i.Source+" "+i.Value.JSON())
	}
	want := []string{`s3://bucket/f/1.csv {"a":"1"}`, `s3://bucket/f/1.csv {"a":"2"}`, `s3://bucket/f/2.csv.gz {"a":"3","b":"4"}`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestManifests(t *testing.T) {
	t.Parallel()
	store := bucket(t, map[string]string{
		"inv/manifest.json": `{"sourceBucket":"source","destinationBucket":"arn:aws:s3:::bucket","version":"2016-11-30","fileFormat":"CSV","fileSchema":"Bucket, Key, Size","files":[{"key":"inv/1.csv.gz","size":1},{"key":"inv/2.csv","size":1}]}`,
		"inv/1.csv.gz":      packed(t, "\"source\",\"a b\",\"1\"\n\"source\",\"c\",\"2\"\n"),
		"inv/2.csv":         "\"source\",\"d\",\"3\"\n",
		"q-manifest.csv":    "s3://bucket/q/1.gz\n\"s3://bucket/q/2\"\n",
		"q/1.gz":            packed(t, "{\"n\":1}\n{\"n\":2}\n"),
		"q/2":               "{\"n\":3}\n",
		"bad.csv":           "s3://bucket\n",
	})
	inventory := []string{`{"Bucket":"source","Key":"a b","Size":"1"}`, `{"Bucket":"source","Key":"c","Size":"2"}`, `{"Bucket":"source","Key":"d","Size":"3"}`}
	for _, config := range []string{`{"InputType":"MANIFEST"}`, `{"ManifestType":"S3_INVENTORY"}`} {
		got, cause := read(t, store, object1("inv/manifest.json", config))
		if diff := cmp.Diff(inventory, got); diff != "" || cause != "" {
			t.Error(cause, diff)
		}
	}
	athena := object1("q-manifest.csv", `{"ManifestType":"ATHENA_DATA","InputType":"JSONL"}`)
	all, err := readAll(t.Context(), store, athena)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 3 || all[1].Source != "s3://bucket/q/1.gz" || all[2].Value.JSON() != `{"n":3}` || all[2].Index != 2 {
		t.Errorf("%+v", all)
	}
	if _, cause := read(t, store, object1("bad.csv", `{"ManifestType":"ATHENA_DATA","InputType":"CSV"}`)); cause != "The manifest s3://bucket/bad.csv has a line that is no address of an object: s3://bucket" {
		t.Error(cause)
	}
}

func TestStateData(t *testing.T) {
	t.Parallel()
	if got, _ := read(t, nil, items.Source{Items: parse(`[1,{"a":2}]`)}); !cmp.Equal(got, []string{`1`, `{"a":2}`}) {
		t.Error(got)
	}
	if got, _ := read(t, nil, items.Source{Items: parse(`{"a":1,"b":[2]}`)}); !cmp.Equal(got, []string{`a=1`, `b=[2]`}) {
		t.Error(got)
	}
	if _, cause := read(t, nil, items.Source{Items: parse(`"a"`)}); cause != "Attempting to map over non-iterable node." {
		t.Error(cause)
	}
}
