package sqlite

import (
	"fmt"
	"os"
	"path/filepath"
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
				floor := storetest.Floor(b, b.TempDir(), c.concurrency, 10, c.executions)
				dir := b.TempDir()
				db := openAt(b, dir, time.Now)
				perSecond, p50 := storetest.Load(b, db, c.concurrency, 10, c.executions)
				if err := db.Close(); err != nil {
					b.Fatal(err)
				}
				info, err := os.Stat(filepath.Join(dir, fileName))
				if err != nil {
					b.Fatal(err)
				}
				bytes := float64(info.Size()) / float64(c.executions)
				b.ReportMetric(floor.PerSecond, "floor-exec/s")
				b.ReportMetric(perSecond, "exec/s")
				b.ReportMetric(perSecond/floor.PerSecond, "of-floor")
				b.ReportMetric(float64(p50)/float64(floor.P50), "p50-ratio")
				b.ReportMetric(bytes, "B/exec")
				b.ReportMetric(bytes/floor.Bytes, "B-ratio")
			}
		})
	}
}
