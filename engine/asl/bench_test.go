package asl_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"statehouse/engine/asl"
)

// large is a definition of about a size in bytes: chains of tasks with paths, calls, retriers and
// catchers, or the same with JSONata.
func large(size int, jsonata bool) string {
	var b strings.Builder
	head := `{"StartAt":"S0","States":{`
	state := `"S%d":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"work","Payload":{"order.$":"$.orders[0].id","text.$":"States.Format('{} of {}', $.n, States.ArrayLength($.orders))","fixed":[1,2,{"a":"b"}]}},"ResultPath":"$.result","Assign":{"last.$":"$.Payload"},"Retry":[{"ErrorEquals":["Lambda.TooManyRequestsException"],"IntervalSeconds":2,"MaxAttempts":6,"BackoffRate":2}],"Catch":[{"ErrorEquals":["States.ALL"],"Next":"End"}],"Next":"S%d"},`
	if jsonata {
		head = `{"QueryLanguage":"JSONata","StartAt":"S0","States":{`
		state = `"S%d":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"work","Payload":{"order":"{%% $states.input.orders[0].id %%}","text":"{%% $states.input.n & ' of ' & $count($states.input.orders) %%}","fixed":[1,2,{"a":"b"}]}},"Output":"{%% $merge([$states.input, {'result': $states.result.Payload}]) %%}","Retry":[{"ErrorEquals":["Lambda.TooManyRequestsException"],"IntervalSeconds":2,"MaxAttempts":6,"BackoffRate":2}],"Catch":[{"ErrorEquals":["States.ALL"],"Next":"End"}],"Next":"S%d"},`
	}
	b.WriteString(head)
	n := 0
	for ; b.Len() < size-700; n++ {
		fmt.Fprintf(&b, state, n, n+1)
	}
	fmt.Fprintf(&b, `"S%d":{"Type":"Pass","Next":"End"},"End":{"Type":"Succeed"}}}`, n)
	return b.String()
}

// BenchmarkParse reads and judges a definition of 1 MiB. The floor of the same run is
// encoding/json, which only makes maps of the same text: × says how many times that it takes.
func BenchmarkParse(b *testing.B) {
	for name, text := range map[string]string{"JSONPath": large(1<<20, false), "JSONata": large(1<<20, true)} {
		b.Run(name, func(b *testing.B) {
			if m, list := asl.Parse(text); m == nil {
				b.Fatal(asl.MessageOf(list)[:200])
			}
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			var floor, own time.Duration
			for b.Loop() {
				began := time.Now()
				var v any
				if err := json.Unmarshal([]byte(text), &v); err != nil {
					b.Fatal(err)
				}
				middle := time.Now()
				asl.Parse(text)
				floor += middle.Sub(began)
				own += time.Since(middle)
			}
			b.ReportMetric(float64(own.Milliseconds())/float64(b.N), "ms/parse")
			b.ReportMetric(float64(own)/float64(floor), "×json")
		})
	}
}
