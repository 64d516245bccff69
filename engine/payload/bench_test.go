package payload

import (
	"encoding/json"
	"testing"
	"time"

	"statehouse/engine/jsonpath"
	"statehouse/engine/value"
)

const benchInput = `{"order":{"id":"o-17","lines":[{"sku":"a","n":2,"price":9.5},{"sku":"b","n":1,"price":20},{"sku":"c","n":7,"price":1.25}],"customer":{"name":"Ann","address":{"city":"Bern"}}},"n":3}`

// The floor of both benchmarks is what encoding/json takes to read the same input once, in the
// same run.
func floor(b *testing.B, own func()) {
	b.ReportAllocs()
	for b.Loop() {
		own()
	}
	const rounds = 2000
	began := time.Now()
	for range rounds {
		var v any
		if err := json.Unmarshal([]byte(benchInput), &v); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/(float64(time.Since(began))/rounds), "×json")
}

func BenchmarkJSONPath(b *testing.B) {
	doc, err := value.Parse(benchInput)
	if err != nil {
		b.Fatal(err)
	}
	for name, text := range map[string]string{
		"definite": "$.order.customer.address.city", "wildcard": "$.order.lines[*].price", "filter": "$.order.lines[?(@.price > 5)].sku", "scan": "$..price",
	} {
		b.Run(name, func(b *testing.B) {
			p, err := jsonpath.Parse(text)
			if err != nil {
				b.Fatal(err)
			}
			floor(b, func() {
				if _, err := p.Find(doc); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

func BenchmarkTemplate(b *testing.B) {
	doc, err := value.Parse(benchInput)
	if err != nil {
		b.Fatal(err)
	}
	t, err := Compile(value.Raw(`{"id.$":"$.order.id","city.$":"$.order.customer.address.city","text.$":"States.Format('{} has {}', $.order.customer.name, $.n)","fixed":{"list":[1,2,3]},"deep":[{"sum.$":"States.MathAdd($.n, 1)"}]}`))
	if err != nil {
		b.Fatal(err)
	}
	w := world{input: doc}
	floor(b, func() {
		if _, err := t.Eval(w); err != nil {
			b.Fatal(err)
		}
	})
}
