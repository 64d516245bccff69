package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// logs speaks to the server like to CloudWatch Logs.
func (s *server) logs() *cloudwatchlogs.Client {
	return cloudwatchlogs.New(cloudwatchlogs.Options{
		Region:       "us-east-1",
		BaseEndpoint: aws.String(s.URL),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
	})
}

const logGroup = "/aws/vendedlogs/states/orders"

func logsTo(group string) *types.LoggingConfiguration {
	return &types.LoggingConfiguration{
		Level: types.LogLevelAll, IncludeExecutionData: true,
		Destinations: []types.LogDestination{{CloudWatchLogsLogGroup: &types.CloudWatchLogsLogGroup{
			LogGroupArn: aws.String("arn:aws:logs:us-east-1:000000000000:log-group:" + group + ":*"),
		}}},
	}
}

func loggedMachine(t *testing.T, c *sfn.Client, name, definition string) string {
	t.Helper()
	m, err := c.CreateStateMachine(t.Context(), &sfn.CreateStateMachineInput{
		Name: aws.String(name), Definition: aws.String(definition), RoleArn: aws.String("arn:aws:iam::000000000000:role/x"),
		LoggingConfiguration: logsTo(logGroup),
	})
	if err != nil {
		t.Fatal(err)
	}
	return *m.StateMachineArn
}

// filtered are the records that a filter finds, page by page.
func filtered(t *testing.T, c *cloudwatchlogs.Client, in cloudwatchlogs.FilterLogEventsInput) []logtypes.FilteredLogEvent {
	t.Helper()
	in.LogGroupName = aws.String(logGroup)
	var all []logtypes.FilteredLogEvent
	for pages := cloudwatchlogs.NewFilterLogEventsPaginator(c, &in); pages.HasMorePages(); {
		p, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p.Events...)
	}
	return all
}

// record is what a test looks at in a record.
type record struct {
	ID           string
	Type         string
	ExecutionARN string `json:"execution_arn"`
}

func read(t *testing.T, message *string) (r record) {
	t.Helper()
	if err := json.Unmarshal([]byte(*message), &r); err != nil {
		t.Fatalf("%v: %s", err, *message)
	}
	return r
}

func TestLogsAreReadByTheSDK(t *testing.T) {
	t.Parallel()
	s := start(t, t.TempDir())
	states, c := s.client(), s.logs()
	ctx := t.Context()
	if _, err := c.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String(logGroup)}); err != nil {
		t.Fatal(err)
	}
	_, err := c.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String(logGroup)})
	if _, ok := errors.AsType[*logtypes.ResourceAlreadyExistsException](err); !ok {
		t.Errorf("a group twice: %v", err)
	}
	groups, err := c.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: aws.String("/aws/")})
	if err != nil || len(groups.LogGroups) != 1 || *groups.LogGroups[0].Arn != "arn:aws:logs:us-east-1:000000000000:log-group:"+logGroup+":*" {
		t.Fatalf("groups %+v, %v", groups, err)
	}
	m := loggedMachine(t, states, "Orders", `{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"F"},"F":{"Type":"Fail","Error":"Broken","Cause":"no money left"}}}`)
	x, err := states.StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: &m, Input: aws.String(`{"n":1}`)})
	if err != nil {
		t.Fatal(err)
	}
	var events []logtypes.FilteredLogEvent
	await(t, "five records", func() bool {
		events = filtered(t, c, cloudwatchlogs.FilterLogEventsInput{Limit: aws.Int32(2)})
		return len(events) == 5
	})
	for i, e := range events {
		r := read(t, e.Message)
		if r.ID != fmt.Sprint(i+1) || r.ExecutionARN != *x.ExecutionArn || *e.Timestamp == 0 || !strings.HasPrefix(*e.LogStreamName, "states/Orders/") || *e.EventId == "" {
			t.Errorf("record %d is %s of %s", i+1, *e.Message, *e.LogStreamName)
		}
	}
	for pattern, want := range map[string]int{`{ $.type = "ExecutionFailed" }`: 1, `"no money"`: 1, "?PassStateEntered ?PassStateExited": 2, "-Pass": 3} {
		if got := filtered(t, c, cloudwatchlogs.FilterLogEventsInput{FilterPattern: &pattern}); len(got) != want {
			t.Errorf("%s finds %d records, want %d", pattern, len(got), want)
		}
	}
	if got := filtered(t, c, cloudwatchlogs.FilterLogEventsInput{StartTime: aws.Int64(*events[4].Timestamp + 1)}); len(got) != 0 {
		t.Errorf("%d records are later than the last one", len(got))
	}
	_, err = c.FilterLogEvents(ctx, &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(logGroup), FilterPattern: aws.String("{")})
	if _, ok := errors.AsType[*logtypes.InvalidParameterException](err); !ok {
		t.Errorf("a broken pattern: %v", err)
	}

	streams, err := c.DescribeLogStreams(ctx, &cloudwatchlogs.DescribeLogStreamsInput{
		LogGroupIdentifier: groups.LogGroups[0].LogGroupArn, OrderBy: logtypes.OrderByLastEventTime, Descending: aws.Bool(true),
	})
	if err != nil || len(streams.LogStreams) != 1 || *streams.LogStreams[0].LastEventTimestamp != *events[4].Timestamp {
		t.Fatalf("streams %+v, %v", streams, err)
	}
	var got []string
	in := &cloudwatchlogs.GetLogEventsInput{
		LogGroupName: aws.String(logGroup), LogStreamName: streams.LogStreams[0].LogStreamName, StartFromHead: aws.Bool(true), Limit: aws.Int32(2),
	}
	for pages := cloudwatchlogs.NewGetLogEventsPaginator(c, in, func(o *cloudwatchlogs.GetLogEventsPaginatorOptions) { o.StopOnDuplicateToken = true }); pages.HasMorePages(); {
		p, err := pages.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range p.Events {
			got = append(got, read(t, e.Message).ID)
		}
	}
	if want := []string{"1", "2", "3", "4", "5"}; !slices.Equal(got, want) {
		t.Errorf("the stream has events %v, want %v", got, want)
	}

	if _, err := c.DeleteLogGroup(ctx, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: aws.String(logGroup)}); err != nil {
		t.Fatal(err)
	}
	_, err = c.GetLogEvents(ctx, in)
	if _, ok := errors.AsType[*logtypes.ResourceNotFoundException](err); !ok {
		t.Errorf("a deleted group: %v", err)
	}
}

// TestNothingThatIsLoggedIsLostInACrash kills the server again and again while executions
// run, and holds their histories against the log.
func TestNothingThatIsLoggedIsLostInACrash(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	var arns []string
	var machine string
	for round := range 4 {
		s := start(t, data)
		c := s.client()
		if round == 0 {
			machine = loggedMachine(t, c, "Orders", `{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"W"},"W":{"Type":"Wait","Seconds":1,"Next":"B"},"B":{"Type":"Pass","End":true}}}`)
		}
		for range 60 {
			x, err := c.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: &machine})
			if err != nil {
				t.Fatal(err)
			}
			arns = append(arns, *x.ExecutionArn)
		}
		s.kill(t)
	}
	s := start(t, data)
	c := s.client()
	for _, arn := range arns {
		await(t, "the end of "+arn, func() bool {
			x, err := c.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: &arn})
			return err == nil && x.Status == types.ExecutionStatusSucceeded
		})
	}
	const each = 8 // events of one execution
	found := map[string]map[string]int{}
	await(t, "all records", func() bool {
		clear(found)
		n := 0
		for _, e := range filtered(t, s.logs(), cloudwatchlogs.FilterLogEventsInput{}) {
			r := read(t, e.Message)
			if found[r.ExecutionARN] == nil {
				found[r.ExecutionARN] = map[string]int{}
			}
			if found[r.ExecutionARN][r.ID]++; found[r.ExecutionARN][r.ID] == 1 {
				n++
			}
		}
		return n >= each*len(arns)
	})
	twice := 0
	for _, arn := range arns {
		if len(found[arn]) != each {
			t.Errorf("%s: %d events are logged, want %d", arn, len(found[arn]), each)
		}
		for _, n := range found[arn] {
			twice += n - 1
		}
	}
	t.Logf("%d executions, %d records, %d of them twice", len(arns), each*len(arns), twice)
	files, err := filepath.Glob(filepath.Join(data, "logs", "*", "*.jsonl"))
	if err != nil || len(files) == 0 {
		t.Fatalf("log files: %v, %v", files, err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if !json.Valid([]byte(line)) {
				t.Errorf("%s has a line that is no JSON: %.100s", f, line)
			}
		}
	}
}

// TestAReaderThatDoesNotReadStopsNobody logs to a standard output that nobody reads.
func TestAReaderThatDoesNotReadStopsNobody(t *testing.T) {
	t.Parallel()
	s := start(t, t.TempDir(), "--log-destination", "stdout") // start reads no further than the first line
	c := s.client()
	m := loggedMachine(t, c, "Orders", `{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}`)
	input := `"` + strings.Repeat("x", 100<<10) + `"`
	for range 40 { // far more than a pipe holds
		x, err := c.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: &m, Input: &input})
		if err != nil {
			t.Fatal(err)
		}
		await(t, "the end of an execution", func() bool {
			d, err := c.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: x.ExecutionArn})
			return err == nil && d.Status == types.ExecutionStatusSucceeded
		})
	}
	if status := s.terminate(t); status != 0 {
		t.Errorf("exit status %d", status)
	}
}
