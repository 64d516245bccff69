package intrinsic

import (
	"math"
	"math/bits"
	"math/rand/v2"

	"statehouse/engine/value"
)

// round gives the nearest whole number, halves upwards: 2.5 is 3 and -2.5 is -2.
func round(v value.Value) (int64, string) {
	i, whole := v.AsInt()
	if !whole {
		f := math.Floor(v.AsFloat() + 0.5)
		if f < math.MinInt32 || f > math.MaxInt32 {
			return 0, outOfRange
		}
		i = int64(f)
	}
	if i < math.MinInt32 || i > math.MaxInt32 {
		return 0, outOfRange
	}
	return i, ""
}

const outOfRange = "numbers must lie between -2147483648 and 2147483647"

func mathAdd(_ *Call, _ Env, args []value.Value) (value.Value, string) {
	a, problem := round(args[0])
	if problem != "" {
		return value.Value{}, problem
	}
	b, problem := round(args[1])
	if problem != "" {
		return value.Value{}, problem
	}
	return value.Int(a + b), ""
}

// mathRandom is from start up to, and without, end. A seed alone decides; without one the
// execution does.
func mathRandom(_ *Call, env Env, args []value.Value) (value.Value, string) {
	start, problem := round(args[0])
	if problem != "" {
		return value.Value{}, problem
	}
	end, problem := round(args[1])
	if problem != "" {
		return value.Value{}, problem
	}
	if start >= end {
		return value.Value{}, "the start must be less than the end"
	}
	var dice uint64
	if len(args) == 3 {
		seed, problem := round(args[2])
		if problem != "" {
			return value.Value{}, problem
		}
		dice = rand.NewPCG(uint64(seed), 0).Uint64()
	} else {
		dice = env.Random()
	}
	offset, _ := bits.Mul64(dice, uint64(end-start))
	return value.Int(start + int64(offset)), ""
}

func uuid(_ *Call, env Env, _ []value.Value) (value.Value, string) {
	return value.String(env.UUID()), ""
}
