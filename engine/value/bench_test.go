package value

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// order is what a workflow passes around: a few kilobytes, mixed kinds.
func order(lines int) string {
	var b strings.Builder
	for i := range lines {
		fmt.Fprintf(&b, `,{"sku":"x-%d","title":"A thing with a longer description, number %d","qty":%d,"price":%d.50,"tags":["new","sale"],"gift":%v}`,
			i, i, i%7, i, i%2 == 0)
	}
	return `{"orderId":"A-17","customer":{"name":"Ann","tier":"gold","address":{"city":"Oslo","zip":"0150"}},"items":[` + b.String()[1:] + `],"note":null}`
}

func BenchmarkParse(b *testing.B) {
	text := order(100)
	both(b, len(text), func() { _, _ = Parse(text) }, func() {
		var v any
		_ = json.Unmarshal([]byte(text), &v)
	})
}

func BenchmarkPrintBuilt(b *testing.B) {
	text := order(100)
	v := rebuild(Raw(text))
	var theirs any
	_ = json.Unmarshal([]byte(text), &theirs)
	buf := make([]byte, 0, len(text))
	both(b, len(text), func() { buf = v.AppendJSON(buf[:0]) }, func() { _, _ = json.Marshal(theirs) })
}

func BenchmarkPrintParsed(b *testing.B) {
	text := order(100)
	v := Raw(text)
	v.Len()
	var theirs any
	_ = json.Unmarshal([]byte(text), &theirs)
	both(b, len(text), func() { _ = v.JSON() }, func() { _, _ = json.Marshal(theirs) })
}

func BenchmarkRawThroughUnmarshal(b *testing.B) {
	text := []byte(order(100))
	both(b, len(text), func() {
		var v Value
		_ = v.UnmarshalJSON(text)
	}, func() {
		var v any
		_ = json.Unmarshal(text, &v)
	})
}

// both measures ours, then theirs for a while, and reports how many times faster ours is.
func both(b *testing.B, size int, ours, theirs func()) {
	b.Helper()
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		ours()
	}
	mine := float64(b.Elapsed().Nanoseconds()) / float64(b.N)
	start, n := time.Now(), 0
	for ; time.Since(start) < 200*time.Millisecond; n++ {
		theirs()
	}
	other := float64(time.Since(start).Nanoseconds()) / float64(n)
	b.ReportMetric(other/mine, "×encoding/json")
}
