package storetest

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"statehouse/engine/asl"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

// Median is the one in the middle.
func Median(d []time.Duration) time.Duration { return Quantile(d, 0.5) }

// Quantile is the duration that the part q of all, below 1, are not longer than.
func Quantile(d []time.Duration, q float64) time.Duration {
	if len(d) == 0 {
		return 0
	}
	s := slices.Clone(d)
	slices.Sort(s)
	return s[int(q*float64(len(s)))]
}

// Load runs whole executions of so many tasks on a store, in the same closed loop as
// Floor: the interpreter steps, the store keeps, and the tasks are answered at once.
func Load(b testing.TB, s ledger.Store, concurrency, transitions, executions int) (perSecond float64, p50 time.Duration) {
	b.Helper()
	w := &load{b: b, s: s, transitions: transitions}
	text := `{"StartAt":"Step1","States":{`
	for i := 1; i < transitions; i++ {
		text += fmt.Sprintf(`"Step%d":{"Type":"Task","Resource":"arn:aws:states:::http:invoke","Next":"Step%d"},`, i, i+1)
	}
	w.text = text + fmt.Sprintf(`"Step%d":{"Type":"Task","Resource":"arn:aws:states:::http:invoke","End":true}}}`, transitions)
	w.machine, _ = asl.Parse(w.text)
	if w.machine == nil {
		b.Fatal("the definition of the load does not parse")
	}
	w.arn = fmt.Sprintf("arn:aws:states:us-east-1:000000000000:stateMachine:Load-%d-%d", concurrency, executions)
	now := time.Now().UTC()
	if _, err := s.CreateMachine(b.Context(), ledger.Machine{
		ARN: w.arn, Name: w.arn[50:], Type: "STANDARD", Definition: w.text, RevisionID: "r", Created: now, Updated: now,
	}, ledger.With{}); err != nil {
		b.Fatal(err)
	}
	numbers := make(chan int, executions)
	for i := range executions {
		numbers <- i
	}
	close(numbers)
	took := make([]time.Duration, executions)
	began := time.Now()
	var wg sync.WaitGroup
	for range concurrency {
		wg.Go(func() {
			for i := range numbers {
				began := time.Now()
				w.execution(i)
				took[i] = time.Since(began)
			}
		})
	}
	wg.Wait()
	return float64(executions) / time.Since(began).Seconds(), Median(took)
}

type load struct {
	b           testing.TB
	s           ledger.Store
	transitions int
	text, arn   string
	machine     *asl.Machine
}

func (w *load) execution(i int) {
	name := fmt.Sprintf("execution-%08d", i)
	arn := "arn:aws:states:us-east-1:000000000000:execution:" + w.arn[50:] + ":" + name
	now := time.Now().UTC()
	x := interp.New(w.machine, interp.Begin{
		ExecutionARN: arn, ExecutionName: name, MachineARN: w.arn, MachineName: w.arn[50:], Started: now, Seed: [32]byte{byte(i), byte(i >> 8), byte(i >> 16), 1},
	})
	in := value.Raw(`{"order":12345,"items":[{"sku":"A-1","n":2}]}`)
	out := interp.Step(w.machine, x, interp.Start{Input: in}, now)
	id, err := w.s.Create(w.b.Context(), ledger.New{
		Execution: ledger.Execution{
			ARN: arn, Name: name, MachineARN: w.arn, MachineName: w.arn[50:], Type: "STANDARD", Status: interp.Running, Input: in, Started: now, RevisionID: "r",
		},
		Definition: w.text, Exec: x, Out: out,
	})
	if err != nil {
		w.b.Error(err)
		return
	}
	done := make(chan error, 1)
	answer := func(err error) { done <- err }
	for rev := ledger.FirstRevision; x.Outcome == nil; rev++ {
		var token interp.Token
		for _, c := range out.Commands {
			if c, ok := c.(interp.RunTask); ok {
				token = c.Token
			}
		}
		at := time.Now().UTC()
		out = interp.Step(w.machine, x, interp.TaskStarted{Token: token}, at)
		last := interp.Step(w.machine, x, interp.TaskSucceeded{Token: token, Output: in}, at)
		out.Events = append(out.Events, last.Events...)
		out.Commands, out.Changed = last.Commands, last.Changed
		w.s.Advance(ledger.Advance{ID: id, Base: rev, Exec: x, Out: out, Settled: []interp.Token{token}}, answer)
		if err := <-done; err != nil {
			w.b.Error(err)
			return
		}
	}
}
