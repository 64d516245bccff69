package engine_test

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"statehouse/engine"
	"statehouse/engine/interp"
	"statehouse/engine/logfile"
	"statehouse/engine/task"
	"statehouse/store/sqlite"
	"statehouse/store/storetest"
)

// steps is a machine of n states in a row.
func steps(n int, state string) string {
	var b strings.Builder
	b.WriteString(`{"StartAt":"S1","States":{`)
	for i := 1; i <= n; i++ {
		next := fmt.Sprintf(`"Next":"S%d"`, i+1)
		if i == n {
			next = `"End":true`
		}
		if i > 1 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"S%d":{%s,%s}`, i, state, next)
	}
	b.WriteString(`}}`)
	return b.String()
}

const (
	noop     = `"Type":"Task","Resource":"arn:aws:states:::aws-sdk:noop:run"`
	pass     = `"Type":"Pass"`
	noopData = `{"order":{"id":1042,"customer":"Ann Lindqvist","total":742.5},"lines":[{"sku":"LAMP-03","quantity":2},{"sku":"DESK-11","quantity":1}]}`
)

// bench is an engine on a fresh store in real time.
func bench(b *testing.B) *house {
	b.Helper()
	percent := debug.SetGCPercent(400) // as cmd/statehouse has it
	b.Cleanup(func() { debug.SetGCPercent(percent) })
	h := &house{t: b, dir: b.TempDir(), log: slog.New(slog.DiscardHandler), add: func(g *task.Registry) {
		g.Register("aws-sdk:noop", "run", []string{""}, task.Func(func(_ context.Context, r task.Request) task.Reply {
			return task.Result(r.Input)
		}))
	}}
	h.open()
	b.Cleanup(h.close)
	return h
}

var serial atomic.Int64

// run starts an execution and waits for its end.
func (h *house) run(b *testing.B, machineARN, machineName string) {
	name := fmt.Sprintf("run-%d", serial.Add(1))
	input := noopData
	watch := h.Watch(h.Names().Execution(machineName, name))
	defer watch.Close()
	x, err := h.StartExecution(context.Background(), engine.StartExecution{MachineARN: machineARN, Name: name, Input: &input})
	if err != nil {
		b.Error(err)
		return
	}
	for x.Status == interp.Running {
		c, ok := <-watch.C
		if !ok {
			b.Error("lagged")
			return
		}
		x.Status = c.Status
	}
	if x.Status != interp.Succeeded {
		b.Errorf("%s is %s", x.ARN, x.Status)
	}
}

// loop runs n executions, some at a time, each worker one after the other.
func (h *house) loop(b *testing.B, n, concurrent int, machineARN, machineName string) time.Duration {
	var left atomic.Int64
	left.Store(int64(n))
	var wg sync.WaitGroup
	began := time.Now()
	for range concurrent {
		wg.Go(func() {
			for left.Add(-1) >= 0 {
				h.run(b, machineARN, machineName)
			}
		})
	}
	wg.Wait()
	return time.Since(began)
}

// BenchmarkThroughput runs workflows of ten steps in a closed loop, in ratio to bare
// storage in the same run. The floor is ten transitions of two events and one row each; the
// floor of the same rows writes what executions of ten tasks have to have, and nothing else.
func BenchmarkThroughput(b *testing.B) {
	for _, kind := range []struct{ name, state string }{{"Tasks", noop}, {"Passes", pass}} {
		for _, concurrent := range []int{1, 50, 500} {
			b.Run(fmt.Sprintf("%s/%d", kind.name, concurrent), func(b *testing.B) {
				h := bench(b)
				m := h.machine("steps", steps(10, kind.state))
				h.loop(b, concurrent, concurrent, m, "steps")
				b.ResetTimer()
				groups := commits(b, h)
				busy := cpu(b)
				took := h.loop(b, b.N, concurrent, m, "steps")
				busy = cpu(b) - busy
				b.StopTimer()
				groups = commits(b, h) - groups
				bare := cpu(b)
				floor := storetest.Floor(b, b.TempDir(), concurrent, 10, max(b.N, 20))
				bare = cpu(b) - bare
				if kind.state == noop {
					rows := storetest.FloorOfTasks(b, b.TempDir(), concurrent, 10, max(b.N, 20))
					b.ReportMetric(float64(b.N)/took.Seconds()/rows.PerSecond, "of-same-rows")
				}
				b.ReportMetric(float64(b.N)/took.Seconds(), "executions/s")
				b.ReportMetric(floor.PerSecond, "floor/s")
				b.ReportMetric(float64(groups)/float64(b.N), "commits")
				b.ReportMetric(float64(floor.Commits)/float64(max(b.N, 20)), "floor-commits")
				b.ReportMetric(float64(b.N)/took.Seconds()/floor.PerSecond, "of-floor")
				b.ReportMetric(float64(busy.Microseconds())/float64(b.N), "cpu-µs")
				b.ReportMetric(float64(busy)/float64(b.N)/(float64(bare)/float64(max(b.N, 20))), "cpu-of-floor")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

// commits counts the commits of the house's store.
func commits(b *testing.B, h *house) int64 {
	b.Helper()
	db, err := sql.Open("sqlite3", filepath.Join(h.dir, "statehouse.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	var n int64
	if err := db.QueryRow("select n from commits").Scan(&n); err != nil {
		b.Fatal(err)
	}
	return n
}

// cpu is the processor time that this process has used. Unlike the clock it hardly
// depends on what else the machine does.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkLatency is the time from start to finish of one execution of ten tasks, alone,
// over the time of ten bare commits.
func BenchmarkLatency(b *testing.B) {
	h := bench(b)
	m := h.machine("steps", steps(10, noop))
	h.run(b, m, "steps")
	var all []time.Duration
	for b.Loop() {
		began := time.Now()
		h.run(b, m, "steps")
		all = append(all, time.Since(began))
	}
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)/2].Microseconds()), "p50-µs")
	b.ReportMetric(0, "ns/op")
	floor := storetest.Floor(b, b.TempDir(), 1, 10, 200)
	b.ReportMetric(float64(floor.P50.Microseconds()), "ten-commits-µs")
	b.ReportMetric(float64(all[len(all)/2])/float64(floor.P50), "of-ten-commits")
}

// BenchmarkBytes is what an execution of ten tasks with its whole history takes on disk.
func BenchmarkBytes(b *testing.B) {
	h := bench(b)
	m := h.machine("steps", steps(10, noop))
	h.loop(b, 100, 10, m, "steps")
	before := size(b, h)
	const n = 1000
	for b.Loop() {
		h.loop(b, n, 50, m, "steps")
	}
	bytes := float64(size(b, h)-before) / float64(b.N*n)
	b.ReportMetric(bytes, "bytes/execution")
	b.ReportMetric(bytes/storetest.Floor(b, b.TempDir(), 50, 10, n).Bytes, "of-floor")
	b.ReportMetric(0, "ns/op")
}

// size is the size of the database after everything in the log is in it.
func size(b *testing.B, h *house) int64 {
	b.Helper()
	h.close()
	db, err := sqlite.Open(context.Background(), sqlite.Config{Dir: h.dir, Log: h.log})
	if err != nil {
		b.Fatal(err)
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(h.dir, "statehouse.db"))
	if err != nil {
		b.Fatal(err)
	}
	h.open()
	return info.Size()
}

// BenchmarkWaiting is the memory of 10,000 executions that wait.
func BenchmarkWaiting(b *testing.B) {
	h := bench(b)
	m := h.machine("sleep", `{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":86400,"End":true}}}`)
	input := noopData
	start := func(n int) {
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				for range n / 50 {
					if _, err := h.StartExecution(context.Background(), engine.StartExecution{MachineARN: m, Input: &input}); err != nil {
						b.Error(err)
					}
				}
			})
		}
		wg.Wait()
	}
	start(10000) // whatever is kept for speed is full now
	before, goroutines := heap(), runtime.NumGoroutine()
	const n = 10000
	rounds := 0
	for b.Loop() {
		start(n)
		rounds++
	}
	b.ReportMetric(float64(int64(heap())-int64(before))/float64(rounds*n), "bytes/waiting")
	b.ReportMetric(float64(runtime.NumGoroutine()-goroutines), "goroutines")
	b.ReportMetric(0, "ns/op")
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkLogging is what logging everything costs: executions of ten tasks by fifty
// clients, with level ALL and data against OFF, in turns. At the end all of it is in files.
func BenchmarkLogging(b *testing.B) {
	groups, err := logfile.Open(logfile.Config{Dir: filepath.Join(b.TempDir(), "logs")})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = groups.Close() })
	h := bench(b)
	h.close()
	h.logs = engine.Logs{Groups: groups, Files: true}
	h.open()
	off := h.machine("off", steps(10, noop))
	all, err := h.CreateStateMachine(b.Context(), engine.CreateStateMachine{Name: "all", Definition: steps(10, noop), Logging: allWithData})
	if err != nil {
		b.Fatal(err)
	}
	h.loop(b, 100, 50, off, "off")
	h.loop(b, 100, 50, all.ARN, "all")
	var without, with, busyWithout, busyWith time.Duration
	const n = 1000
	for b.Loop() {
		began := cpu(b)
		without += h.loop(b, n, 50, off, "off")
		busyWithout += cpu(b) - began
		began = cpu(b)
		start := time.Now()
		h.loop(b, n, 50, all.ARN, "all")
		with += time.Since(start)
		for waits := true; waits; { // what is not in files yet belongs to it
			list, err := h.db.Unlogged(b.Context(), 1, 1, nil)
			if err != nil {
				b.Fatal(err)
			}
			waits = len(list) > 0
		}
		busyWith += cpu(b) - began
	}
	b.ReportMetric(float64(n*b.N)/with.Seconds(), "executions/s")
	b.ReportMetric(without.Seconds()/with.Seconds(), "of-off")
	b.ReportMetric(float64(busyWith)/float64(busyWithout), "cpu-of-off")
	b.ReportMetric(0, "ns/op")
}
