package jsonata

import (
	"math/rand/v2"
	"strconv"
	"testing"
)

// Short decimals are printed in a way of their own.
func TestShortDecimalsPrintTheirShortestDigits(t *testing.T) {
	t.Parallel()
	draw := rand.New(rand.NewPCG(1, 2))
	for range 100_000 {
		whole := float64(draw.Int64N(1<<draw.IntN(50)+1) - 1<<10)
		for _, f := range []float64{
			whole / 10, whole / 100, whole / 1000, whole / 10000, whole + 0.1 + 0.2, draw.Float64(), draw.NormFloat64() * 1e3,
		} {
			want := strconv.FormatFloat(f, 'f', -1, 64)
			if a := max(f, -f); a < 1e-6 || f == 0 {
				continue // written as 1e-7, or a zero that may have a sign
			}
			if got := plainNumber(f); got != want {
				t.Fatalf("%s, want %s", got, want)
			}
		}
	}
}
