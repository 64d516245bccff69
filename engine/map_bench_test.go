package engine_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"statehouse/engine/object"
	"statehouse/store/storetest"
)

// BenchmarkDistributedMap runs the items of a file, each a child execution of one Pass, from
// the start to the output. The floor is bare storage in
// the same run: one durable transition of two events and one row an item, five hundred at a
// time.
func BenchmarkDistributedMap(b *testing.B) {
	for _, kind := range []string{"STANDARD", "EXPRESS"} {
		b.Run(kind, func(b *testing.B) {
			h := bench(b)
			n := max(b.N, 20_000)
			var lines bytes.Buffer
			for i := range n {
				fmt.Fprintf(&lines, "{\"order\":%d,\"customer\":\"Ann Lindqvist\"}\n", i)
			}
			folder := filepath.Join(h.dir, "objects", "orders")
			if err := os.MkdirAll(folder, 0o755); err != nil {
				b.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(folder, "all.jsonl"), lines.Bytes(), 0o644); err != nil {
				b.Fatal(err)
			}
			objects, err := object.NewFolder(filepath.Join(h.dir, "objects"))
			if err != nil {
				b.Fatal(err)
			}
			h.close()
			h.objects = objects
			h.open()
			m := h.machine("each", `{"StartAt":"M","States":{"M":{"Type":"Map","ResultPath":null,"End":true,
				"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSONL"},"Parameters":{"Bucket":"orders","Key":"all.jsonl"}},
				"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"orders","Prefix":"done"}},
				"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"`+kind+`"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}}}`)
			b.ResetTimer()
			began := time.Now()
			h.run(b, m, "each")
			perSecond := float64(n) / time.Since(began).Seconds()
			b.StopTimer()
			floor := storetest.Floor(b, b.TempDir(), 500, 1, n)
			b.ReportMetric(perSecond, "items/s")
			b.ReportMetric(floor.PerSecond, "floor/s")
			b.ReportMetric(perSecond/floor.PerSecond, "of-floor")
			b.ReportMetric(0, "ns/op")
		})
	}
}
