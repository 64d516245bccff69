package sqlite

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"statehouse/store/storetest"
)

// BenchmarkFloor compares executions of ten tasks, interpreter included, with the bare
// storage of the same number of transitions in the same run.
func BenchmarkFloor(b *testing.B) {
	for _, c := range []struct{ concurrency, executions int }{{1, 200}, {50, 3000}, {500, 5000}} {
		b.Run(fmt.Sprint(c.concurrency), func(b *testing.B) {
			for b.Loop() {
				compare(b, c.concurrency, c.executions)
			}
		})
	}
}

func compare(b *testing.B, concurrency, executions int) {
	began := processor(b)
	floor := storetest.Floor(b, b.TempDir(), concurrency, 10, executions)
	floorCPU := processor(b) - began

	dir := b.TempDir()
	db := openAt(b, dir, time.Now)
	commits := db.commits()
	began = processor(b)
	perSecond, p50 := storetest.Load(b, db, concurrency, 10, executions)
	cpu := processor(b) - began
	commits = db.commits() - commits
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(dir, fileName))
	if err != nil {
		b.Fatal(err)
	}
	transitions := float64(executions) * 10
	b.ReportMetric(floor.PerSecond, "floor-exec/s")
	b.ReportMetric(perSecond, "exec/s")
	b.ReportMetric(perSecond/floor.PerSecond, "of-floor")
	b.ReportMetric(float64(p50)/float64(floor.P50), "p50-ratio")
	b.ReportMetric(float64(cpu.Microseconds())/transitions, "cpu-us/transition")
	b.ReportMetric(float64(cpu)/float64(floorCPU), "cpu-ratio")
	b.ReportMetric(transitions/float64(floor.Commits), "floor-group")
	b.ReportMetric(transitions/float64(commits), "group")
	b.ReportMetric(float64(info.Size())/float64(executions), "B/exec")
	b.ReportMetric(float64(info.Size())/float64(executions)/floor.Bytes, "B-ratio")
}

// processor is how much processor time this process has used.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
