package items_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"statehouse/engine/items"
	"statehouse/engine/object"
	"statehouse/engine/value"
)

const run = "arn:aws:states:us-east-1:111111111111:mapRun:machine/Label:0a1b"

func result(status items.Status, output string) items.Result {
	start := time.Date(2026, 9, 23, 22, 58, 19, 314e6, time.UTC)
	r := items.Result{
		ARN: "arn:child:1", Name: "1", StateMachine: "arn:machine/Label", Status: status, Input: parse(`{"n": 1}`),
		Output: parse(output), Start: start, Stop: start.Add(time.Second), RedriveStatus: "NOT_REDRIVABLE",
		RedriveReason: "Execution is SUCCEEDED and cannot be redriven",
	}
	if status != items.Succeeded {
		r.Error, r.Cause, r.RedriveStatus, r.RedriveReason = "E", "because", "REDRIVABLE_BY_MAP_RUN", ""
	}
	if status == items.Pending {
		r = items.Result{Status: status, Input: r.Input}
	}
	return r
}

const (
	wholeSuccess = `{"ExecutionArn":"arn:child:1","Input":"{\"n\":1}","InputDetails":{"Included":true},"Name":"1","Output":"[1,2]","OutputDetails":{"Included":true},"RedriveCount":0,"RedriveStatus":"NOT_REDRIVABLE","RedriveStatusReason":"Execution is SUCCEEDED and cannot be redriven","StartDate":"2026-09-23T22:58:19.314Z","StateMachineArn":"arn:machine/Label","Status":"SUCCEEDED","StopDate":"2026-09-23T22:58:20.314Z"}`
	wholeFailure = `{"Cause":"because","Error":"E","ExecutionArn":"arn:child:1","Input":"{\"n\":1}","InputDetails":{"Included":true},"Name":"1","OutputDetails":{"Included":true},"RedriveCount":0,"RedriveStatus":"REDRIVABLE_BY_MAP_RUN","StartDate":"2026-09-23T22:58:19.314Z","StateMachineArn":"arn:machine/Label","Status":"FAILED","StopDate":"2026-09-23T22:58:20.314Z"}`
	wholePending = `{"Input":"{\"n\":1}","InputDetails":{"Included":true},"Status":"PENDING"}`
)

func write(t testing.TB, store object.Store, redrive int, o items.Output, results ...items.Result) (value.Value, error) {
	t.Helper()
	w, err := items.NewWriter(t.Context(), store, run, redrive, o)
	if err != nil {
		return value.Value{}, err
	}
	defer w.Abort()
	for _, r := range results {
		if err := w.Write(t.Context(), r); err != nil {
			return value.Value{}, err
		}
	}
	return w.Close(t.Context())
}

func TestResultsBecomeTheOutputOfTheState(t *testing.T) {
	t.Parallel()
	results := []items.Result{result(items.Succeeded, `[1,2]`), result(items.Failed, ""), result(items.Succeeded, `{"a":3}`)}
	for config, want := range map[string]string{
		``:                      `[[1,2],` + wholeFailure + `,{"a":3}]`,
		`{"OutputType":"JSON"}`: `[[1,2],` + wholeFailure + `,{"a":3}]`,
		`{"Transformation":"FLATTEN","OutputType":"JSON"}`:  `[1,2,` + wholeFailure + `,{"a":3}]`,
		`{"Transformation":"COMPACT","OutputType":"JSONL"}`: value.String("[1,2]\n" + wholeFailure + "\n{\"a\":3}\n").JSON(),
	} {
		got, err := write(t, nil, 0, items.Output{Config: parse(config)}, results...)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got.JSON()); diff != "" {
			t.Errorf("%s: %s", config, diff)
		}
	}
	got, err := write(t, nil, 0, items.Output{Config: parse(`{"Transformation":"NONE"}`)}, results[:2]...)
	if err != nil || got.JSON() != "["+wholeSuccess+","+wholeFailure+"]" {
		t.Error(got, err)
	}
}

func TestTheOutputOfTheStateIsLimited(t *testing.T) {
	t.Parallel()
	_, err := write(t, nil, 0, items.Output{MaxOutput: 20}, result(items.Succeeded, `"12345678"`), result(items.Succeeded, `"12345678"`))
	if f := new(items.Failure); !errors.As(err, &f) || f.Code != items.DataLimit {
		t.Error(err)
	}
	got, err := write(t, nil, 0, items.Output{MaxOutput: 23}, result(items.Succeeded, `"12345678"`), result(items.Succeeded, `"12345678"`))
	if err != nil || got.Size() != 23 {
		t.Error(got.Size(), err)
	}
}

// contents are the objects below a prefix.
func contents(t testing.TB, store object.Store, prefix string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for info, err := range store.List(t.Context(), "bucket", prefix, "") {
		if err != nil {
			t.Fatal(err)
		}
		r, _, err := store.Open(t.Context(), "bucket", info.Key, object.Get{})
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err := errors.Join(err, r.Close()); err != nil {
			t.Fatal(err)
		}
		all[info.Key] = string(b)
	}
	return all
}

func exportTo(prefix, config string) items.Output {
	return items.Output{Resource: items.PutObject, Arguments: parse(`{"Bucket":"bucket","Prefix":"` + prefix + `"}`), Config: parse(config)}
}

func TestExport(t *testing.T) {
	t.Parallel()
	store := bucket(t, nil)
	results := []items.Result{result(items.Succeeded, `[1,2]`), result(items.Failed, ""), result(items.Pending, ""), result(items.Succeeded, `[1,2]`)}
	got, err := write(t, store, 0, exportTo("jobs/all", ""), results...)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"MapRunArn":"` + run + `","ResultWriterDetails":{"Bucket":"bucket","Key":"jobs/all/0a1b/manifest.json"}}`; got.JSON() != want {
		t.Error(got)
	}
	want := map[string]string{
		"jobs/all/0a1b/SUCCEEDED_0.json": "[" + wholeSuccess + "," + wholeSuccess + "]",
		"jobs/all/0a1b/FAILED_0.json":    "[" + wholeFailure + "]",
		"jobs/all/0a1b/PENDING_0.json":   "[" + wholePending + "]",
		"jobs/all/0a1b/manifest.json": `{"DestinationBucket":"bucket","MapRunArn":"` + run + `","ResultFiles":{` +
			`"FAILED":[{"Key":"jobs/all/0a1b/FAILED_0.json","Size":` + size(1, wholeFailure) + `}],` +
			`"PENDING":[{"Key":"jobs/all/0a1b/PENDING_0.json","Size":` + size(1, wholePending) + `}],` +
			`"SUCCEEDED":[{"Key":"jobs/all/0a1b/SUCCEEDED_0.json","Size":` + size(2, wholeSuccess) + `}]}}`,
	}
	if diff := cmp.Diff(want, contents(t, store, "jobs/all/")); diff != "" {
		t.Error(diff)
	}

	if _, err := write(t, store, 0, exportTo("flat/", `{"Transformation":"FLATTEN","OutputType":"JSONL"}`), results[0], results[1]); err != nil {
		t.Fatal(err)
	}
	want = map[string]string{
		"flat/0a1b/SUCCEEDED_0.jsonl": "1\n2\n", "flat/0a1b/FAILED_0.jsonl": wholeFailure + "\n",
		"flat/0a1b/manifest.json": `{"DestinationBucket":"bucket","MapRunArn":"` + run + `","ResultFiles":{` +
			`"FAILED":[{"Key":"flat/0a1b/FAILED_0.jsonl","Size":` + size(0, wholeFailure+"\n") + `}],"PENDING":[],` +
			`"SUCCEEDED":[{"Key":"flat/0a1b/SUCCEEDED_0.jsonl","Size":4}]}}`,
	}
	if diff := cmp.Diff(want, contents(t, store, "flat/")); diff != "" {
		t.Error(diff)
	}
}

// size of an array of n equal texts, or of one text alone when n is 0.
func size(n int, text string) string {
	if n == 0 {
		return value.Int(int64(len(text))).JSON()
	}
	return value.Int(int64(n*(len(text)+1) + 1)).JSON()
}

func TestLargeExportsAreSplit(t *testing.T) {
	t.Parallel()
	store := bucket(t, nil)
	o := exportTo("", `{"Transformation":"COMPACT","OutputType":"JSON"}`)
	o.MaxFile = 10
	if _, err := write(t, store, 0, o, result(items.Succeeded, `123`), result(items.Succeeded, `4567`), result(items.Succeeded, `8`), result(items.Succeeded, `"longer than a file"`)); err != nil {
		t.Fatal(err)
	}
	got := contents(t, store, "0a1b/SUCCEEDED")
	want := map[string]string{"0a1b/SUCCEEDED_0.json": `[123,4567]`, "0a1b/SUCCEEDED_1.json": `[8]`, "0a1b/SUCCEEDED_2.json": `["longer than a file"]`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestARedrivenRunNamesEarlierSuccesses(t *testing.T) {
	t.Parallel()
	store := bucket(t, nil)
	o := exportTo("p", `{"Transformation":"COMPACT","OutputType":"JSON"}`)
	if _, err := write(t, store, 0, o, result(items.Succeeded, `1`), result(items.Failed, "")); err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int]string{
		1: `[{"Key":"p/0a1b/SUCCEEDED_0.json","Size":3},{"Key":"p/0a1b/Redrive-1/SUCCEEDED_0.json","Size":3}]`,
	} {
		got, err := write(t, store, n, o, result(items.Succeeded, `2`))
		if err != nil {
			t.Fatal(err)
		}
		key := got.Get("ResultWriterDetails").Get("Key").Text()
		files := parse(contents(t, store, "p/0a1b/Redrive-1/")[key]).Get("ResultFiles")
		if key != "p/0a1b/Redrive-1/manifest.json" || files.Get("SUCCEEDED").JSON() != want || files.Get("FAILED").Len() != 0 {
			t.Error(key, files)
		}
	}
}

func TestWhatCannotBeWrittenFailsInWords(t *testing.T) {
	t.Parallel()
	store := bucket(t, nil)
	for want, o := range map[string]items.Output{
		"The specified bucket does not exist (Service: S3, Status Code: 404)": {Resource: items.PutObject, Arguments: parse(`{"Bucket":"nobody"}`)},
		"The field Bucket is required and must be a string":                   {Resource: items.PutObject, Arguments: parse(`{"Bucket":1}`)},
		"The Transformation X is not supported":                               {Config: parse(`{"Transformation":"X"}`)},
		"The OutputType X is not supported":                                   {Config: parse(`{"OutputType":"X"}`)},
	} {
		_, err := write(t, store, 0, o, result(items.Succeeded, `1`))
		if f := new(items.Failure); !errors.As(err, &f) || f.Code != items.WriterFailed || f.Cause != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestAnAbortedExportLeavesNothing(t *testing.T) {
	t.Parallel()
	store := bucket(t, nil)
	w, err := items.NewWriter(t.Context(), store, run, 0, exportTo("p", ""))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(t.Context(), result(items.Succeeded, `1`)); err != nil {
		t.Fatal(err)
	}
	w.Abort()
	if got := contents(t, store, ""); len(got) != 0 {
		t.Error(got)
	}
}

func TestBatches(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		config items.BatchConfig
		items  string
		want   []string
	}{
		"by number":       {items.BatchConfig{MaxItems: 2}, `[1,2,3,4,5]`, []string{`{"Items":[1,2]}`, `{"Items":[3,4]}`, `{"Items":[5]}`}},
		"by bytes":        {items.BatchConfig{MaxBytes: int64(len(`{"Items":[1,2]}`))}, `[1,2,3,22,5]`, []string{`{"Items":[1,2]}`, `{"Items":[3]}`, `{"Items":[22]}`, `{"Items":[5]}`}},
		"by both":         {items.BatchConfig{MaxItems: 2, MaxBytes: 16}, `[1,2,3,222]`, []string{`{"Items":[1,2]}`, `{"Items":[3]}`, `{"Items":[222]}`}},
		"with BatchInput": {items.BatchConfig{MaxItems: 2, Input: parse(`{"a":1}`)}, `[1]`, []string{`{"BatchInput":{"a":1},"Items":[1]}`}},
		"none":            {items.BatchConfig{MaxItems: 2}, `[]`, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := items.NewBatcher(test.config)
			var got []string
			for _, v := range parse(test.items).Items() {
				full, ok, err := b.Add(v)
				if err != nil {
					t.Fatal(err)
				}
				if ok {
					got = append(got, full.Input.JSON())
				}
			}
			if last, ok := b.Flush(); ok {
				got = append(got, last.Input.JSON())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	b := items.NewBatcher(items.BatchConfig{MaxBytes: 20})
	if _, _, err := b.Add(value.String(strings.Repeat("x", 20))); err == nil {
		t.Error("an item larger than a batch was taken")
	}
}

func TestReadersObeyTheContext(t *testing.T) {
	t.Parallel()
	store := bucket(t, map[string]string{"f": "a\n1\n"})
	r, err := items.Open(t.Context(), store, object1("f", `{"InputType":"CSV"}`))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := r.Next(t.Context()); err != nil {
		t.Error(err)
	}
}
