package e2e

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// items is how many items the Distributed Map of TestEachItemHasOneResult has: make big-map
// runs a million.
var items = flag.Int("items", 20_000, "items of the Distributed Map")

// TestEachItemHasOneResult kills the server in the middle of a Distributed Map.
func TestEachItemHasOneResult(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	for _, bucket := range []string{"in-bucket", "out-bucket"} {
		if err := os.MkdirAll(filepath.Join(data, "objects", bucket), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	var lines strings.Builder
	for i := range *items {
		fmt.Fprintf(&lines, "{\"n\":%d}\n", i)
	}
	if err := os.WriteFile(filepath.Join(data, "objects", "in-bucket", "items.jsonl"), []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	s := start(t, data)
	c := s.client()
	machine, err := c.CreateStateMachine(t.Context(), &sfn.CreateStateMachineInput{
		Name: aws.String("big"), RoleArn: aws.String(role),
		Definition: aws.String(`{"StartAt":"M","States":{"M":{"Type":"Map","Label":"L","End":true,
			"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"in-bucket","Key":"items.jsonl"},"ReaderConfig":{"InputType":"JSONL"}},
			"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"out-bucket","Prefix":"r"},"WriterConfig":{"Transformation":"COMPACT","OutputType":"JSONL"}},
			"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}}}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	run, err := c.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: machine.StateMachineArn})
	if err != nil {
		t.Fatal(err)
	}
	describe := func() *sfn.DescribeMapRunOutput {
		runs, err := c.ListMapRuns(t.Context(), &sfn.ListMapRunsInput{ExecutionArn: run.ExecutionArn})
		if err != nil || len(runs.MapRuns) == 0 {
			return nil
		}
		d, err := c.DescribeMapRun(t.Context(), &sfn.DescribeMapRunInput{MapRunArn: runs.MapRuns[0].MapRunArn})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	await(t, "some items", func() bool { d := describe(); return d != nil && d.ItemCounts.Total >= int64(*items/4) })
	s.kill(t)
	s = start(t, data)
	c = s.client()
	for d := describe(); d.Status == types.MapRunStatusRunning; d = describe() {
		await(t, "progress", func() bool {
			now := describe()
			return now.Status != d.Status || now.ItemCounts.Succeeded > d.ItemCounts.Succeeded || now.ItemCounts.Succeeded == int64(*items)
		})
	}
	if d := describe(); d.Status != types.MapRunStatusSucceeded || d.ItemCounts.Succeeded != int64(*items) || d.ItemCounts.ResultsWritten != int64(*items) {
		t.Errorf("run %s with %+v", d.Status, d.ItemCounts)
	}
	took := time.Since(began)
	if x := finished(t, c, *run.ExecutionArn); x.Status != types.ExecutionStatusSucceeded {
		t.Fatalf("%s: %s %s", x.Status, aws.ToString(x.Error), aws.ToString(x.Cause))
	}
	t.Logf("%d items in %v, %.0f/s, peak memory after the restart %s", *items, took, float64(*items)/took.Seconds(), s.peak())
	wantEachOnce(t, filepath.Join(data, "objects", "out-bucket", "r"))
}

// wantEachOnce reads the results: one of each item, in order.
func wantEachOnce(t *testing.T, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*", "SUCCEEDED_*"))
	if err != nil {
		t.Fatal(err)
	}
	next := 0
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		for scan := bufio.NewScanner(f); scan.Scan(); next++ {
			var item struct{ N int }
			if err := json.Unmarshal(scan.Bytes(), &item); err != nil || item.N != next {
				t.Fatalf("line %d is %s (%v)", next, scan.Text(), err)
			}
		}
		f.Close()
	}
	if next != *items {
		t.Errorf("%d results, want %d", next, *items)
	}
}

// peak is the most memory that the server has had, where the system tells.
func (s *server) peak() string {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			return strings.TrimSpace(rest)
		}
	}
	return "unknown"
}
