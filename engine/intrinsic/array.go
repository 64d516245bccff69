package intrinsic

import (
	"fmt"

	"statehouse/engine/value"
)

// MaxRange is how many items States.ArrayRange may make.
const MaxRange = 1000

func makeArray(_ *Call, _ Env, args []value.Value) (value.Value, string) {
	return value.Array(args...), ""
}

func arrayPartition(_ *Call, _ Env, args []value.Value) (value.Value, string) {
	size, problem := round(args[1])
	if problem != "" {
		return value.Value{}, problem
	}
	if size <= 0 {
		return value.Value{}, "the chunk size must be a positive number"
	}
	items := args[0].Items()
	var chunks []value.Value
	for len(items) > 0 {
		n := min(size, int64(len(items)))
		chunks = append(chunks, value.Array(items[:n:n]...))
		items = items[n:]
	}
	return value.Array(chunks...), ""
}

func arrayContains(_ *Call, _ Env, args []value.Value) (value.Value, string) {
	for _, item := range args[0].Items() {
		if value.Equal(item, args[1]) {
			return value.Bool(true), ""
		}
	}
	return value.Bool(false), ""
}

func arrayRange(_ *Call, _ Env, args []value.Value) (value.Value, string) {
	var n [3]int64
	for i := range n {
		var problem string
		if n[i], problem = round(args[i]); problem != "" {
			return value.Value{}, problem
		}
	}
	first, last, step := n[0], n[1], n[2]
	if step == 0 {
		return value.Value{}, "the step must not be 0"
	}
	count := (last-first)/step + 1
	if (last-first)*step < 0 {
		count = 0
	}
	if count > MaxRange {
		return value.Value{}, fmt.Sprintf("the array would have %d items, at most %d are allowed", count, MaxRange)
	}
	items := make([]value.Value, count)
	for i := range items {
		items[i] = value.Int(first + int64(i)*step)
	}
	return value.Array(items...), ""
}

func arrayGetItem(_ *Call, _ Env, args []value.Value) (value.Value, string) {
	i, whole := args[1].AsInt()
	if !whole || i < 0 || i >= int64(args[0].Len()) {
		return value.Value{}, fmt.Sprintf("the index %s is outside of the array, which has %d items", args[1], args[0].Len())
	}
	return args[0].At(int(i)), ""
}

func arrayLength(_ *Call, _ Env, args []value.Value) (value.Value, string) {
	return value.Int(int64(args[0].Len())), ""
}

func arrayUnique(_ *Call, _ Env, args []value.Value) (value.Value, string) {
	seen := make(map[string]bool, args[0].Len())
	var items []value.Value
	for _, item := range args[0].Items() {
		if key := value.Canonical(item); !seen[key] {
			seen[key] = true
			items = append(items, item)
		}
	}
	return value.Array(items...), ""
}
