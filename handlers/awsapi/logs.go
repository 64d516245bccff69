package awsapi

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"

	"statehouse/engine/arn"
	"statehouse/engine/logfile"
	"statehouse/engine/logging"
	"statehouse/engine/value"
)

// The part of Amazon CloudWatch Logs that reads log groups. What executions log comes into
// them by itself: there is nothing to put.

const logTarget = "Logs_20140328."

var (
	groupName = &shape{kind: value.KindString, min: 1, max: logging.MaxGroup, pattern: &pattern{
		`[\.\-_/#A-Za-z0-9]+`, func(s string) bool { return s == "" || len(s) > logging.MaxGroup || logging.CheckGroup(s) == nil },
	}}
	streamName = &shape{kind: value.KindString, min: 1, max: 512, pattern: &pattern{
		`[^:*]*`, func(s string) bool { return !strings.ContainsAny(s, ":*") },
	}}
	groupPart     = &shape{kind: value.KindString, max: logging.MaxGroup}
	groupOrARN    = &shape{kind: value.KindString, min: 1, max: 2048}
	filterPattern = &shape{kind: value.KindString, max: 1024}
	moment        = &shape{kind: value.KindNumber, long: true}
	logToken      = &shape{kind: value.KindString, min: 1}
	fewItems      = &shape{kind: value.KindNumber, min: 1, max: 50}
	manyEvents    = &shape{kind: value.KindNumber, min: 1, max: 10000}
	streamOrder   = oneOf("LogStreamName", "LastEventTime")
	streamNames   = sized(&shape{kind: value.KindArray, item: streamName}, 1, 100)
)

// logOperations are the rows of the service "logs".
var logOperations = map[string]operation{
	"CreateLogGroup": {members{must("logGroupName", groupName)}, createLogGroup},
	"DeleteLogGroup": {members{must("logGroupName", groupName)}, deleteLogGroup},
	"DescribeLogGroups": {members{
		may("logGroupNamePrefix", groupName), may("logGroupNamePattern", groupPart), may("nextToken", logToken), may("limit", fewItems),
	}, describeLogGroups},
	"DescribeLogStreams": {members{
		may("logGroupName", groupName), may("logGroupIdentifier", groupOrARN), may("logStreamNamePrefix", streamName),
		may("orderBy", streamOrder), may("descending", flagShape), may("nextToken", logToken), may("limit", fewItems),
	}, describeLogStreams},
	"GetLogEvents": {members{
		may("logGroupName", groupName), may("logGroupIdentifier", groupOrARN), must("logStreamName", streamName),
		may("startTime", moment), may("endTime", moment), may("nextToken", logToken), may("limit", manyEvents),
		may("startFromHead", flagShape), may("unmask", flagShape),
	}, getLogEvents},
	"FilterLogEvents": {members{
		may("logGroupName", groupName), may("logGroupIdentifier", groupOrARN), may("logStreamNames", streamNames), may("logStreamNamePrefix", streamName),
		may("startTime", moment), may("endTime", moment), may("filterPattern", filterPattern), may("nextToken", logToken),
		may("limit", manyEvents), may("interleaved", flagShape), may("unmask", flagShape),
	}, filterLogEvents},
}

// logCodes are the names that the errors of this service have instead of ours, and its own.
var logCodes = map[string]string{
	"ValidationException": invalidParameter, "InvalidToken": invalidParameter, invalidParameter: invalidParameter,
	"ResourceNotFoundException": "ResourceNotFoundException", "ResourceAlreadyExistsException": "ResourceAlreadyExistsException",
	"ServiceUnavailable": "ServiceUnavailableException",
}

const invalidParameter = "InvalidParameterException"

// logPageBytes is how much the records of an answer have, about: 1 MiB, as on AWS.
const logPageBytes = 1 << 20

func createLogGroup(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	return empty, h.engine.CreateLogGroup(ctx, in.Get("logGroupName").Text())
}

func deleteLogGroup(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	return empty, h.engine.DeleteLogGroup(ctx, in.Get("logGroupName").Text())
}

func describeLogGroups(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	prefix, part := in.Get("logGroupNamePrefix").Text(), in.Get("logGroupNamePattern").Text()
	if prefix != "" && part != "" {
		return value.Value{}, fault(invalidParameter, "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.")
	}
	all := h.engine.LogGroups(ctx, prefix, part)
	from, next, err := cutPage(in, all, func(g logfile.Group) string { return g.Name })
	if err != nil {
		return value.Value{}, err
	}
	var items []value.Value
	for _, g := range from {
		var o object
		o.text("logGroupName", g.Name)
		o.add("creationTime", millis(g.Created))
		o.add("metricFilterCount", value.Int(0))
		o.text("arn", h.groupARN(g.Name)+":*")
		o.add("storedBytes", value.Int(g.Bytes))
		o.text("logGroupClass", "STANDARD")
		o.text("logGroupArn", h.groupARN(g.Name))
		items = append(items, o.value())
	}
	return list("logGroups", items, next), nil
}

func describeLogStreams(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	group, err := groupIn(in)
	if err != nil {
		return value.Value{}, err
	}
	prefix, byTime := in.Get("logStreamNamePrefix").Text(), in.Get("orderBy").Text() == "LastEventTime"
	if byTime && prefix != "" {
		return value.Value{}, fault(invalidParameter, "Cannot order by LastEventTime with a logStreamNamePrefix.")
	}
	all, err := h.engine.LogStreams(ctx, group, prefix)
	if err != nil {
		return value.Value{}, err
	}
	if !byTime {
		slices.SortFunc(all, func(a, b logfile.Stream) int { return strings.Compare(a.Name, b.Name) })
	}
	if in.Get("descending").AsBool() {
		slices.Reverse(all)
	}
	some, next, err := cutPage(in, all, func(s logfile.Stream) string { return s.Name })
	if err != nil {
		return value.Value{}, err
	}
	var items []value.Value
	for _, s := range some {
		if err := h.engine.LogStreamTimes(ctx, group, &s); err != nil {
			continue // it was deleted meanwhile
		}
		var o object
		o.text("logStreamName", s.Name)
		o.add("creationTime", millis(s.Begin))
		if !s.First.IsZero() {
			o.add("firstEventTimestamp", millis(s.First))
			o.add("lastEventTimestamp", millis(s.Last))
			o.add("lastIngestionTime", millis(s.Last))
		}
		o.text("arn", h.groupARN(group)+":log-stream:"+s.Name)
		o.add("storedBytes", value.Int(s.Bytes))
		items = append(items, o.value())
	}
	return list("logStreams", items, next), nil
}

func getLogEvents(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	group, err := groupIn(in)
	if err != nil {
		return value.Value{}, err
	}
	q := logfile.StreamQuery{
		Group: group, Stream: in.Get("logStreamName").Text(), Range: logfile.Range{From: timeIn(in, "startTime"), To: timeIn(in, "endTime")},
		Limit: eventLimit(in), Bytes: logPageBytes, Back: !in.Get("startFromHead").AsBool(), Before: -1,
	}
	if token := optional(in, "nextToken"); token != nil {
		way, offset, _ := strings.Cut(*token, "/")
		n, err := strconv.ParseInt(offset, 10, 64)
		if err != nil || n < 0 || way != "f" && way != "b" {
			return value.Value{}, fault(invalidParameter, "The specified nextToken is invalid.")
		}
		q.Back, q.From, q.Before = way == "b", n, n
	}
	page, err := h.engine.LogStream(ctx, q)
	if err != nil {
		return value.Value{}, err
	}
	items := []value.Value{}
	for _, e := range page.Events {
		items = append(items, eventObject(e).value())
	}
	var o object
	o.add("events", value.Array(items...))
	// At the end of the stream the token stays the same: so clients know it.
	o.text("nextForwardToken", fmt.Sprintf("f/%056d", page.To))
	o.text("nextBackwardToken", fmt.Sprintf("b/%056d", page.From))
	return o.value(), nil
}

func filterLogEvents(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	group, err := groupIn(in)
	if err != nil {
		return value.Value{}, err
	}
	p, err := logging.ParsePattern(in.Get("filterPattern").Text())
	if err != nil {
		return value.Value{}, fault(invalidParameter, "%v", err)
	}
	prefix := in.Get("logStreamNamePrefix").Text()
	names := map[string]bool{}
	for _, n := range in.Get("logStreamNames").Items() {
		names[n.Text()] = true
	}
	if len(names) > 0 && prefix != "" {
		return value.Value{}, fault(invalidParameter, "logStreamNamePrefix and logStreamNames are mutually exclusive parameters.")
	}
	end := timeIn(in, "endTime")
	if !end.IsZero() {
		end = end.Add(time.Millisecond) // unlike GetLogEvents, this has what is at the end
	}
	page, err := h.engine.FilterLogs(ctx, logfile.Query{
		Group: group, Range: logfile.Range{From: timeIn(in, "startTime"), To: end}, Match: p.Matches,
		Stream: func(name string) bool { return strings.HasPrefix(name, prefix) && (len(names) == 0 || names[name]) },
		Limit:  eventLimit(in), Bytes: logPageBytes, Token: in.Get("nextToken").Text(),
	})
	if err != nil {
		return value.Value{}, err
	}
	items := []value.Value{}
	for _, e := range page.Events {
		o := object{{Key: "logStreamName", Value: value.String(e.Stream)}}
		o = append(o, eventObject(e)...)
		o.text("eventId", eventID(e))
		items = append(items, o.value())
	}
	var o object
	o.add("events", value.Array(items...))
	o.add("searchedLogStreams", value.Array())
	o.filled("nextToken", page.Next)
	return o.value(), nil
}

// eventObject is what answers tell of a record. The time when it was written is not kept:
// that is a moment after its own.
func eventObject(e logfile.Event) object {
	var o object
	o.add("timestamp", millis(e.At))
	o.text("message", e.Text)
	o.add("ingestionTime", millis(e.At))
	return o
}

// eventID names a record, in digits as on AWS: always the same, and no other one's.
func eventID(e logfile.Event) string {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(e.Stream))
	return fmt.Sprintf("%014d%020d%022d", max(0, e.At.UnixMilli()), hash.Sum64(), e.Offset)
}

// groupIn reads which group a request is about: by name, or by an ARN.
func groupIn(in value.Value) (string, error) {
	name, id := in.Get("logGroupName").Text(), in.Get("logGroupIdentifier").Text()
	switch {
	case name != "" && id != "":
		return "", fault(invalidParameter, "LogGroup name and LogGroup identifier are mutually exclusive parameters.")
	case name != "":
		return name, nil
	case id == "":
		return "", fault(invalidParameter, "Either the LogGroup name or the LogGroup identifier must be specified.")
	}
	if a, err := arn.Parse(id); err == nil {
		group, ok := strings.CutPrefix(a.Resource, "log-group:")
		id = strings.TrimSuffix(group, ":*")
		if !ok || a.Service != "logs" {
			id = ""
		}
	}
	if logging.CheckGroup(id) != nil {
		return "", fault(invalidParameter, "The LogGroup identifier is invalid.")
	}
	return id, nil
}

func (h *Handler) groupARN(name string) string {
	n := h.engine.Names()
	return fmt.Sprintf("arn:%s:logs:%s:%s:log-group:%s", arn.PartitionOf(n.Region), n.Region, n.Account, name)
}

func millis(t time.Time) value.Value { return value.Int(t.UnixMilli()) }

// timeIn reads milliseconds since 1970; the zero time when there are none.
func timeIn(in value.Value, name string) time.Time {
	ms, ok := in.Get(name).AsInt()
	if !ok {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// eventLimit reads how many records an answer may have.
func eventLimit(in value.Value) int {
	if n, ok := in.Get("limit").AsInt(); ok {
		return int(n)
	}
	return 10000
}

// cutPage takes the page that a request asks for out of a list. Its token is the name of the
// last one before it: what is made or deleted meanwhile moves nothing.
func cutPage[T any](in value.Value, all []T, name func(T) string) (page []T, next string, err error) {
	limit := 50
	if n, ok := in.Get("limit").AsInt(); ok {
		limit = int(n)
	}
	if token := optional(in, "nextToken"); token != nil {
		i := slices.IndexFunc(all, func(x T) bool { return name(x) == *token })
		if i < 0 {
			return nil, "", fault(invalidParameter, "The specified nextToken is invalid.")
		}
		all = all[i+1:]
	}
	if len(all) > limit {
		return all[:limit], name(all[limit-1]), nil
	}
	return all, "", nil
}
