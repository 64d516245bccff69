package e2e

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/google/go-cmp/cmp"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"github.com/parquet-go/parquet-go"
)

// zipped is text as gzip packs it.
func zipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write([]byte(text))
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// dataSets are the objects that the tests of readers read, by key.
func dataSets(t *testing.T) map[string]string {
	t.Helper()
	var p bytes.Buffer
	if err := parquet.Write(&p, []struct {
		Name string  `parquet:"name"`
		Size float64 `parquet:"size"`
	}{{"a", 1}, {"b", 2.5}}); err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"f.csv": "Col1|Col2\n\"Value|1\"|2\n3\n", "f.jsonl.gz": zipped(t, "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n"),
		"f.json": `{"deep":{"list":[1,[2]],"members":{"x":1,"y":{"z":2}}}}`, "f.parquet": p.String(),
		"many/1.csv": "n\n1\n2\n", "many/2.csv": "n\n3\n", "many/": "", "broken.json": `[1,`,
		"inv/manifest.json": `{"destinationBucket":"arn:aws:s3:::data","fileFormat":"CSV","fileSchema":"Bucket, Key","files":[{"key":"inv/1.csv.gz"}]}`,
		"inv/1.csv.gz":      zipped(t, "\"b\",\"k1\"\n\"b\",\"k2\"\n"),
		"unload.csv":        "s3://data/many/1.csv\ns3://data/many/2.csv\n",
	}
}

// mapOver is a machine with one Distributed Map whose children return their input.
func mapOver(fields string) string {
	return fmt.Sprintf(`{"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":1,%s"ItemProcessor":{
		"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}}}`, fields)
}

func fromObject(key, config string) string {
	return fmt.Sprintf(`"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"data","Key":%q},"ReaderConfig":%s},`, key, config)
}

// outcome waits for the end of an execution: its output, or its error and cause.
func outcome(t *testing.T, c *sfn.Client, execution string) string {
	t.Helper()
	var x *sfn.DescribeExecutionOutput
	await(t, "the end of "+execution, func() bool {
		var err error
		x, err = c.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: &execution})
		if err != nil {
			t.Fatal(err)
		}
		return x.Status != "RUNNING"
	})
	if x.Status != "SUCCEEDED" {
		return aws.ToString(x.Error) + ": " + aws.ToString(x.Cause)
	}
	return *x.Output
}

// TestReadersFeedDistributedMaps reads every kind of data set through an execution.
func TestReadersFeedDistributedMaps(t *testing.T) {
	t.Parallel()
	const selector = `"ItemSelector":{"i.$":"$$.Map.Item.Index","v.$":"$$.Map.Item.Value","s.$":"$$.Map.Item.Source"},`
	tests := map[string]struct{ fields, want string }{
		"csv":       {fromObject("f.csv", `{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW","CSVDelimiter":"PIPE"}`), `[{"Col1":"Value|1","Col2":"2"},{"Col1":"3","Col2":""}]`},
		"headers":   {fromObject("f.csv", `{"InputType":"CSV","CSVHeaderLocation":"GIVEN","CSVHeaders":["A"],"MaxItems":1}`), `[{"A":"Col1|Col2"}]`},
		"jsonl":     {fromObject("f.jsonl.gz", `{"InputType":"JSONL","MaxItems":2}`) + selector, `[{"i":0,"v":{"n":1},"s":"s3://data/f.jsonl.gz"},{"i":1,"v":{"n":2},"s":"s3://data/f.jsonl.gz"}]`},
		"pointer":   {fromObject("f.json", `{"InputType":"JSON","ItemsPointer":"/deep/list"}`), `[1,[2]]`},
		"members":   {fromObject("f.json", `{"InputType":"JSON","ItemsPointer":"/deep/members"}`), `[{"Key":"x","Value":1},{"Key":"y","Value":{"z":2}}]`},
		"parquet":   {fromObject("f.parquet", `{"InputType":"PARQUET"}`), `[{"name":"a","size":1},{"name":"b","size":2.5}]`},
		"inventory": {fromObject("inv/manifest.json", `{"InputType":"MANIFEST"}`), `[{"Bucket":"b","Key":"k1"},{"Bucket":"b","Key":"k2"}]`},
		"athena":    {fromObject("unload.csv", `{"ManifestType":"ATHENA_DATA","InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"}`), `[{"n":"1"},{"n":"2"},{"n":"3"}]`},
		"flattened": {`"ItemReader":{"Resource":"arn:aws:states:::s3:listObjectsV2","Parameters":{"Bucket":"data","Prefix":"many/"},"ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW","Transformation":"LOAD_AND_FLATTEN"}},"ItemBatcher":{"MaxItemsPerBatch":2},`, `[{"Items":[{"n":"1"},{"n":"2"}]},{"Items":[{"n":"3"}]}]`},
		"flat":      {fromObject("f.json", `{"InputType":"JSON","ItemsPointer":"/deep/list"}`) + `"ResultWriter":{"WriterConfig":{"Transformation":"FLATTEN","OutputType":"JSON"}},`, `[1,2]`},
		"broken":    {fromObject("broken.json", `{"InputType":"JSON"}`), `States.ItemReaderFailed: The object s3://data/broken.json is not valid JSON at byte 3: the file ends in the middle`},
		"missing":   {fromObject("none", `{"InputType":"JSON"}`), `States.ItemReaderFailed: The specified key does not exist. (Service: S3, Status Code: 404`},
		"object":    {fromObject("f.json", `{"InputType":"JSON"}`), `States.ItemReaderFailed: Attempting to map over non-iterable node.`},
		"nowhere":   {`"ItemReader":{"Resource":"arn:aws:states:::s3:listObjectsV2","Parameters":{"Bucket":"nobody"}},`, `States.ItemReaderFailed: The specified bucket does not exist`},
		"unwritten": {fromObject("f.jsonl.gz", `{"InputType":"JSONL"}`) + `"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"nobody"}},`, `States.ResultWriterFailed: The specified bucket does not exist`},
	}
	folder := t.TempDir()
	backend := s3mem.New()
	if err := backend.CreateBucket("data"); err != nil {
		t.Fatal(err)
	}
	for key, body := range dataSets(t) {
		if _, err := backend.PutObject("data", key, nil, strings.NewReader(body), int64(len(body)), nil); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(key, "/") { // a console's "folder" has no file
			continue
		}
		file := filepath.Join(folder, "objects", "data", key)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(body), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	service := httptest.NewServer(gofakes3.New(backend, gofakes3.WithLogger(gofakes3.DiscardLog())).Server())
	t.Cleanup(service.Close)
	for store, s := range map[string]*server{
		"folders": start(t, folder),
		"S3":      start(t, t.TempDir(), "--s3-endpoint", service.URL, "--s3-path-style", "--s3-access-key", "a", "--s3-secret-key", "b"),
	} {
		t.Run(store, func(t *testing.T) {
			t.Parallel()
			c := s.client()
			started := map[string]string{}
			for name, test := range tests {
				started[name] = run(t, c, machine(t, c, name, mapOver(test.fields)), `{}`)
			}
			for name, test := range tests {
				if got := outcome(t, c, started[name]); got != test.want && (!strings.HasPrefix(test.want, "States.") || !strings.HasPrefix(got, test.want)) {
					t.Errorf("%s: got %s\nwant %s", name, got, test.want)
				}
			}
		})
	}
}

// TestExportsAreWhatTheChildrenDid exports the results of a map run, of which some fail, into
// a folder and into S3, and compares the files.
func TestExportsAreWhatTheChildrenDid(t *testing.T) {
	t.Parallel()
	backend := s3mem.New()
	if err := backend.CreateBucket("results"); err != nil {
		t.Fatal(err)
	}
	service := httptest.NewServer(gofakes3.New(backend, gofakes3.WithLogger(gofakes3.DiscardLog())).Server())
	t.Cleanup(service.Close)
	folder := t.TempDir()
	if err := os.MkdirAll(filepath.Join(folder, "objects", "results"), 0o700); err != nil {
		t.Fatal(err)
	}
	definition := `{"StartAt":"M","States":{"M":{"Type":"Map","Label":"L","ToleratedFailureCount":1,
		"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"C","States":{
			"C":{"Type":"Choice","Choices":[{"Variable":"$","NumericEquals":2,"Next":"F"}],"Default":"P"},
			"F":{"Type":"Fail","Error":"E","Cause":"two"},"P":{"Type":"Pass","End":true}}},
		"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"results","Prefix":"jobs"}},"End":true}}}`
	for store, test := range map[string]struct {
		args []string
		data string
		read func(ctx context.Context, key string) ([]byte, error)
	}{
		"folders": {nil, folder, func(_ context.Context, key string) ([]byte, error) {
			return os.ReadFile(filepath.Join(folder, "objects", "results", key))
		}},
		"S3": {[]string{"--s3-endpoint", service.URL, "--s3-path-style", "--s3-access-key", "a", "--s3-secret-key", "b"}, t.TempDir(), func(_ context.Context, key string) ([]byte, error) {
			o, err := backend.GetObject("results", key, nil)
			if err != nil {
				return nil, err
			}
			b, err := io.ReadAll(o.Contents)
			return b, errors.Join(err, o.Contents.Close())
		}},
	} {
		t.Run(store, func(t *testing.T) {
			t.Parallel()
			c := start(t, test.data, test.args...).client()
			var out struct {
				MapRunArn           string
				ResultWriterDetails struct{ Bucket, Key string }
			}
			text := outcome(t, c, run(t, c, machine(t, c, "export", definition), `[1,2,3]`))
			if err := json.Unmarshal([]byte(text), &out); err != nil {
				t.Fatal(text, err)
			}
			b, err := test.read(t.Context(), out.ResultWriterDetails.Key)
			if err != nil {
				t.Fatal(err)
			}
			var manifest struct {
				DestinationBucket, MapRunArn string
				ResultFiles                  map[string][]struct {
					Key  string
					Size int64
				}
			}
			if err := json.Unmarshal(b, &manifest); err != nil {
				t.Fatal(err)
			}
			if manifest.MapRunArn != out.MapRunArn || manifest.DestinationBucket != "results" {
				t.Errorf("%+v is not of %+v", manifest, out)
			}
			got := map[string][]string{}
			for status, files := range manifest.ResultFiles {
				for _, f := range files {
					b, err := test.read(t.Context(), f.Key)
					if err != nil || int64(len(b)) != f.Size {
						t.Fatal(f, len(b), err)
					}
					var results []struct{ Input, Output, Status, Cause, StateMachineArn string }
					if err := json.Unmarshal(b, &results); err != nil {
						t.Fatal(err)
					}
					for _, r := range results {
						got[status] = append(got[status], r.Input+r.Output+r.Cause)
						if !strings.HasSuffix(r.StateMachineArn, ":export/L") || r.Status != status {
							t.Errorf("%+v", r)
						}
					}
				}
			}
			if diff := cmp.Diff(map[string][]string{"SUCCEEDED": {"11", "33"}, "FAILED": {"2two"}}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
