package interp_test

import (
	"fmt"
	"strings"
	"testing"

	"statehouse/engine/asl"
	"statehouse/engine/interp"
	"statehouse/engine/value"
)

// chain is a machine of n states of a kind, one after the other.
func chain(n int, state string) string {
	var states []string
	for i := range n {
		next := fmt.Sprintf(`"Next":"S%d"`, i+1)
		if i == n-1 {
			next = `"End":true`
		}
		states = append(states, fmt.Sprintf(`"S%d":{%s,%s}`, i, state, next))
	}
	return `{"StartAt":"S0","States":{` + strings.Join(states, ",") + `}}`
}

func benchMachine(b *testing.B, text string) *asl.Machine {
	b.Helper()
	m, problems := asl.Parse(text)
	if m == nil {
		b.Fatal(problems)
	}
	return m
}

// BenchmarkTenPass is a whole execution of ten Pass states in one step.
func BenchmarkTenPass(b *testing.B) {
	m := benchMachine(b, chain(10, `"Type":"Pass"`))
	in := value.Raw(`{"order":17,"lines":[{"sku":"A","n":1},{"sku":"B","n":2}]}`)
	b.ReportAllocs()
	for b.Loop() {
		x := interp.New(m, interp.Begin{})
		interp.Step(m, x, interp.Start{Input: in}, epoch)
	}
}

// BenchmarkTenTasks is a whole execution of ten tasks with the rows of each step.
func BenchmarkTenTasks(b *testing.B) {
	m := benchMachine(b, chain(10, `"Type":"Task","Resource":"arn:aws:states:::http:invoke"`))
	in := value.Raw(`{"order":17,"lines":[{"sku":"A","n":1},{"sku":"B","n":2}]}`)
	b.ReportAllocs()
	for b.Loop() {
		x := interp.New(m, interp.Begin{})
		step := func(in interp.Input) {
			out := interp.Step(m, x, in, epoch)
			_, _ = x.Head()
			for _, id := range out.Changed {
				if s := x.Scopes[id]; s != nil {
					_, _ = s.Row()
				}
			}
		}
		step(interp.Start{Input: in})
		for token := interp.Token(1); x.Outcome == nil; token++ {
			step(interp.TaskSucceeded{Token: token, Output: in})
		}
	}
}

// BenchmarkMapIteration is one finished iteration of a wide Map.
func BenchmarkMapIteration(b *testing.B) {
	m := benchMachine(b, `{"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::http:invoke","End":true}}}}}}`)
	items := make([]value.Value, 3000)
	for i := range items {
		items[i] = value.Int(int64(i))
	}
	b.ReportAllocs()
	var x *interp.Exec
	token := interp.Token(0)
	for b.Loop() {
		if x == nil || token == 3000 {
			x = interp.New(m, interp.Begin{})
			interp.Step(m, x, interp.Start{Input: value.Array(items...)}, epoch)
			token = 0
		}
		token++
		out := interp.Step(m, x, interp.TaskSucceeded{Token: token, Output: items[0]}, epoch)
		for _, id := range out.Changed {
			if s := x.Scopes[id]; s != nil {
				_, _ = s.Row()
			}
		}
	}
}

// BenchmarkRestore is a waiting execution that comes back from its rows.
func BenchmarkRestore(b *testing.B) {
	m := benchMachine(b, chain(1, `"Type":"Task","Resource":"arn:aws:states:::http:invoke"`))
	x := interp.New(m, interp.Begin{ExecutionARN: "arn:aws:states:us-east-1:000000000000:execution:demo:run"})
	interp.Step(m, x, interp.Start{Input: value.Raw(`{"order":17}`)}, epoch)
	head, _ := x.Head()
	rows := map[interp.ScopeID][]byte{}
	for id, s := range x.Scopes {
		rows[id], _ = s.Row()
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := interp.Restore(head, rows); err != nil {
			b.Fatal(err)
		}
	}
}
