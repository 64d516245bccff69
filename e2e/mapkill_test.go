package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
)

// TestAKilledMapRunGoesOn kills the server in the middle of a Distributed Map, several times:
// in the end every row of the file has been worked on, and stands in the results once.
func TestAKilledMapRunGoesOn(t *testing.T) {
	t.Parallel()
	const rows, kills = 12_000, 3
	data := t.TempDir()
	var csv strings.Builder
	csv.WriteString("n\n")
	for i := range rows {
		fmt.Fprintf(&csv, "%d\n", i)
	}
	bucket := filepath.Join(data, "objects", "data")
	if err := errors.Join(os.MkdirAll(bucket, 0o700), os.WriteFile(filepath.Join(bucket, "in.csv"), []byte(csv.String()), 0o600)); err != nil {
		t.Fatal(err)
	}
	definition := strings.Replace(mapOver(fromObject("in.csv", `{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"}`)+
		`"ItemBatcher":{"MaxItemsPerBatch":3},"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"data","Prefix":"out"},"WriterConfig":{"Transformation":"COMPACT","OutputType":"JSONL"}},`),
		`"MaxConcurrency":1`, `"MaxConcurrency":50`, 1)
	s := start(t, data)
	execution := run(t, s.client(), machine(t, s.client(), "killed", definition), `{}`)
	for i := range kills {
		await(t, fmt.Sprintf("part %d of the run", i), func() bool {
			runs, err := s.client().ListMapRuns(t.Context(), &sfn.ListMapRunsInput{ExecutionArn: &execution})
			if err != nil || len(runs.MapRuns) == 0 {
				return false
			}
			r, err := s.client().DescribeMapRun(t.Context(), &sfn.DescribeMapRunInput{MapRunArn: runs.MapRuns[0].MapRunArn})
			if err != nil {
				return false
			}
			if r.Status != "RUNNING" {
				t.Fatalf("the run is %s before it could be killed", r.Status)
			}
			return r.ItemCounts.Succeeded > int64(rows*(i+1)/(2*kills))
		})
		s.kill(t)
		s = start(t, data)
	}
	var out struct{ ResultWriterDetails struct{ Key string } }
	text := outcome(t, s.client(), execution)
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(text, err)
	}
	b, err := os.ReadFile(filepath.Join(bucket, filepath.Dir(out.ResultWriterDetails.Key), "SUCCEEDED_0.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var got []int
	for line := range strings.Lines(string(b)) {
		var batch struct{ Items []struct{ N string } }
		if err := json.Unmarshal([]byte(line), &batch); err != nil {
			t.Fatal(line, err)
		}
		for _, item := range batch.Items {
			n, err := strconv.Atoi(item.N)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, n)
		}
	}
	if !slices.IsSorted(got) || len(got) != rows || got[0] != 0 || got[rows-1] != rows-1 || len(slices.Compact(slices.Clone(got))) != rows {
		t.Errorf("%d rows in the results, want %d in their order", len(got), rows)
	}
}
