// Command bench measures our JSONata beside github.com/recolabs/gnata in one run and prints
// ratios: how many times as fast ours is. It is a module of its own, so that gnata is no
// dependency of the project.
//
//	go run .
//
// Each expression is asked as Step Functions asks it, with the data in a variable. "as root" is
// the other way round: the data is what the expression begins at, for which gnata has quick
// ways of its own on JSON text.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/recolabs/gnata"

	"statehouse/engine/jsonata"
	"statehouse/engine/value"
)

var expressions = []struct{ name, text string }{
	{"path", `$states.input.order.customer.name`},
	{"condition", `$states.input.order.total > 100 and $states.input.order.customer.tier = "gold"`},
	{"object with $sum", `{"id": $states.input.order.id, "total": $sum($states.input.order.items.(qty * price)), "count": $count($states.input.order.items)}`},
	{"$map", `$map($states.input.order.items, function($v, $i) { {"n": $i, "sku": $v.sku, "cost": $v.qty * $v.price} })`},
}

// input is an order with twenty items, 1.6 KB.
func input() string {
	var b strings.Builder
	b.WriteString(`{"order":{"id":"A-17","customer":{"name":"Ann","tier":"gold","address":{"city":"Oslo","zip":"0150"}},"total":1290.5,"paid":true,"items":[`)
	for i := range 20 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"sku":"sku-%d","qty":%d,"price":%d.5,"tags":["new","sale"],"note":null}`, i, i%5+1, 10*i+9)
	}
	b.WriteString(`]}}`)
	return b.String()
}

func main() {
	testing.Init()
	if err := flag.Set("test.benchtime", "200ms"); err != nil {
		log.Fatal(err)
	}
	log.SetFlags(0)
	ctx := context.Background()
	data := input()
	states := `{"input":` + data + `}`
	fmt.Printf("%-18s %-26s %12s %12s %8s\n", "expression", "", "ours", "gnata", "ratio")
	for _, x := range expressions {
		same(ctx, x.text, states)
		row(x.name, "compile", func() { must(jsonata.Compile(x.text)) }, func() { must(gnata.Compile(x.text)) })
		ours, theirs := must(jsonata.Compile(x.text)), must(gnata.Compile(x.text))
		parsed, decoded := must(value.Parse(states)), must(gnata.DecodeJSON([]byte(states)))
		bindings, vars := map[string]value.Value{"states": parsed}, map[string]any{"states": decoded}
		row(x.name, "evaluate",
			func() { must(ours.Eval(ctx, jsonata.Input{Bindings: bindings})) },
			func() { must(theirs.EvalWithVars(ctx, nil, vars)) })
		row(x.name, "decode, evaluate, encode",
			func() { whole(ctx, ours, states) },
			func() { wholeOfGnata(ctx, theirs, states) })
		rooted := strings.ReplaceAll(x.text, "$states.input.", "")
		ourRoot, theirRoot := must(jsonata.CompileStandard(rooted)), must(gnata.Compile(rooted))
		row(x.name, "the same as root",
			func() { must(ourRoot.Eval(ctx, jsonata.Input{Data: must(value.Parse(data))})).JSON() },
			func() { must(json.Marshal(must(theirRoot.EvalBytes(ctx, json.RawMessage(data))))) })
	}
}

func whole(ctx context.Context, e *jsonata.Expr, states string) string {
	v := must(value.Parse(states))
	return must(e.Eval(ctx, jsonata.Input{Bindings: map[string]value.Value{"states": v}})).JSON()
}

func wholeOfGnata(ctx context.Context, e *gnata.Expression, states string) string {
	v := must(gnata.DecodeJSON([]byte(states)))
	return string(must(json.Marshal(must(e.EvalWithVars(ctx, nil, map[string]any{"states": v})))))
}

// same makes sure that both do the same work.
func same(ctx context.Context, text, states string) {
	ours := whole(ctx, must(jsonata.Compile(text)), states)
	theirs := wholeOfGnata(ctx, must(gnata.Compile(text)), states)
	if !value.Equal(must(value.Parse(ours)), must(value.Parse(theirs))) {
		log.Printf("%s: ours %s, gnata's %s", text, ours, theirs)
		os.Exit(1)
	}
}

// row measures both in turns and prints the best of each.
func row(name, what string, ours, theirs func()) {
	const rounds = 3
	best := [2]time.Duration{1 << 62, 1 << 62}
	for range rounds {
		for i, f := range []func(){ours, theirs} {
			r := testing.Benchmark(func(b *testing.B) {
				for b.Loop() {
					f()
				}
			})
			best[i] = min(best[i], time.Duration(float64(r.T)/float64(r.N)))
		}
	}
	fmt.Printf("%-18s %-26s %12v %12v %7.1fx\n", name, what, best[0], best[1], float64(best[1])/float64(best[0]))
}

func must[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}
