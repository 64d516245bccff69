package logging

import (
	"bytes"
	"strconv"
	"time"

	"statehouse/engine/history"
)

// maxPayload is how long an escaped input or output in a record may be, as on AWS, in
// bytes. What is longer is cut, and its details say truncated.
const maxPayload = 248 << 10

// Record appends the record of one event, one line without its end, as AWS writes it into a
// log group: ids and times are texts.
func (c Config) Record(dst []byte, e *history.Event, executionARN string, redrives int) []byte {
	if !c.Data {
		bare := e.WithoutData()
		e = &bare
	}
	dst = append(dst, `{"id":"`...)
	dst = strconv.AppendInt(dst, int64(e.ID), 10)
	dst = append(dst, `","type":"`...)
	dst = append(dst, e.Type...)
	dst = append(dst, `","details":`...)
	dst = e.AppendDetails(dst, maxPayload)
	dst = append(dst, `,"previous_event_id":"`...)
	dst = strconv.AppendInt(dst, int64(e.Previous), 10)
	dst = append(dst, timeKey...)
	dst = strconv.AppendInt(dst, e.At.UnixMilli(), 10)
	dst = append(dst, arnKey...)
	dst = append(dst, executionARN...) // an ARN has no characters that JSON escapes
	dst = append(dst, `","redrive_count":"`...)
	dst = strconv.AppendInt(dst, int64(redrives), 10)
	return append(dst, `"}`...)
}

const (
	timeKey = `","event_timestamp":"`
	arnKey  = `","execution_arn":"`
)

// Time reads the time of a record without reading the rest. It answers false when the line
// is no record.
func Time(line []byte) (time.Time, bool) {
	// What follows the details is ours: the last one is the one.
	i := bytes.LastIndex(line, []byte(timeKey))
	if i < 0 {
		return time.Time{}, false
	}
	digits := line[i+len(timeKey):]
	j := bytes.IndexByte(digits, '"')
	if j < 0 {
		return time.Time{}, false
	}
	ms, err := strconv.ParseInt(string(digits[:j]), 10, 64)
	return time.UnixMilli(ms).UTC(), err == nil
}

// TypeOf reads the type of the event of a record.
func TypeOf(line []byte) history.Type {
	const key = `"type":"`
	i := bytes.Index(line, []byte(key)) // it comes right after the id
	if i < 0 {
		return ""
	}
	rest := line[i+len(key):]
	return history.Type(rest[:max(0, bytes.IndexByte(rest, '"'))])
}

// Of tells whether a line is a record of this execution.
func Of(line []byte, executionARN string) bool {
	i := bytes.LastIndex(line, []byte(arnKey))
	return i >= 0 && bytes.HasPrefix(line[i+len(arnKey):], append([]byte(executionARN), '"'))
}
