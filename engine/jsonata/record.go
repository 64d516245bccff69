package jsonata

import (
	"slices"

	"statehouse/engine/value"
)

// record is an object that the evaluation makes. Its members stand in the order that
// JavaScript gives them: integer-like keys first, by size, then the others as they came.
type record struct {
	members []member
	index   map[string]int
	numeric int // so many members at the front have integer-like keys
}

type member struct {
	key string
	val item
}

const recordIndexFrom = 12

func (r *record) find(key string) int {
	if len(r.members) < recordIndexFrom {
		for i := range r.members {
			if r.members[i].key == key {
				return i
			}
		}
		return -1
	}
	if r.index == nil {
		r.index = make(map[string]int, 2*len(r.members))
		for i := range r.members {
			r.index[r.members[i].key] = i
		}
	}
	if i, ok := r.index[key]; ok {
		return i
	}
	return -1
}

func (r *record) get(key string) item {
	if i := r.find(key); i >= 0 {
		return r.members[i].val
	}
	return item{}
}

func (r *record) set(key string, val item) {
	if i := r.find(key); i >= 0 {
		r.members[i].val = val
		return
	}
	if n, ok := arrayIndex(key); ok {
		at, _ := slices.BinarySearchFunc(r.members[:r.numeric], n, func(m member, n uint32) int {
			k, _ := arrayIndex(m.key)
			return int(int64(k) - int64(n))
		})
		r.numeric++
		r.members = slices.Insert(r.members, at, member{key, val})
		r.index = nil
		return
	}
	if r.index != nil {
		r.index[key] = len(r.members)
	}
	r.members = append(r.members, member{key, val})
}

func (r *record) remove(key string) {
	i := r.find(key)
	if i < 0 {
		return
	}
	if i < r.numeric {
		r.numeric--
	}
	r.members = slices.Delete(r.members, i, i+1)
	r.index = nil
}

// arrayIndex is the number of a key that JavaScript sorts as an integer.
func arrayIndex(key string) (uint32, bool) {
	if len(key) == 0 || len(key) > 10 || key[0] == '0' && len(key) > 1 {
		return 0, false
	}
	var n uint64
	for i := range len(key) {
		if key[i] < '0' || key[i] > '9' {
			return 0, false
		}
		n = n*10 + uint64(key[i]-'0')
	}
	return uint32(n), n < 1<<32-1
}

func newObject(r *record) item { return item{cell: &cell{kind: object, obj: r}} }

// get is the value of a key in one object; undefined for all else.
func (i item) get(key string) item {
	if i.cell == nil {
		return item{json: i.json.Get(key)}
	}
	if i.cell.obj != nil {
		return i.cell.obj.get(key)
	}
	return item{}
}

// members are an object's in JavaScript's order.
func (i item) members() []member {
	if i.cell != nil {
		if i.cell.obj == nil {
			return nil
		}
		return i.cell.obj.members
	}
	read := i.json.Members()
	out := make([]member, len(read))
	ordered := true
	for k := range read {
		out[k] = member{read[k].Key, item{json: read[k].Value}}
		if c := read[k].Key; ordered && c != "" && c[0] >= '0' && c[0] <= '9' {
			ordered = false
		}
	}
	if !ordered {
		sortMembers(out)
	}
	return out
}

func sortMembers(list []member) {
	slices.SortStableFunc(list, func(a, b member) int {
		x, xok := arrayIndex(a.key)
		y, yok := arrayIndex(b.key)
		switch {
		case xok && yok:
			return int(int64(x) - int64(y))
		case xok:
			return -1
		case yok:
			return 1
		}
		return 0
	})
}

// fieldCount counts an object's members.
func (i item) fieldCount() int {
	if i.cell == nil {
		return i.json.Len()
	}
	if i.cell.obj == nil {
		return 0
	}
	return len(i.cell.obj.members)
}

// short is so few steps that what they make is small, however often it holds the same.
const short = 32

// result is what the evaluation gives to the outside. Its text must be within the budget, too: an
// array that stands in many places takes little memory, but nobody could print it.
func (ev *evaluation) result(out item) (value.Value, error) {
	v, err := out.export(ev, 0)
	if err == nil && ev.steps > short && !v.Within(int(max(0, ev.budget.Bytes-ev.bytes))) {
		return value.Value{}, exceeded(BytesBudget)
	}
	return v, err
}

// export makes a value for the outside.
func (i item) export(ev *evaluation, depth int) (value.Value, error) {
	if i.cell == nil {
		return i.json, nil
	}
	if err := ev.tick(); err != nil {
		return value.Value{}, err
	}
	if depth > maxDepthOut {
		return value.Value{}, exceeded(DepthBudget)
	}
	switch i.cell.kind {
	case number:
		return numberValue(i.num), nil
	case text:
		return value.String(i.cell.str), nil
	case array:
		v := viewOf(i)
		if v.json != nil {
			return value.Array(v.json...), nil
		}
		if v.span != nil {
			if err := ev.spend(v.n * itemSize); err != nil {
				return value.Value{}, err
			}
		}
		list := make([]value.Value, v.n)
		for k := range list {
			var err error
			if list[k], err = v.at(k).export(ev, depth+1); err != nil {
				return value.Value{}, err
			}
		}
		return value.Array(list...), nil
	case object:
		members := make([]value.Member, len(i.cell.obj.members))
		for k, m := range i.cell.obj.members {
			v, err := m.val.export(ev, depth+1)
			if err != nil {
				return value.Value{}, err
			}
			members[k] = value.Member{Key: m.key, Value: v}
		}
		return value.Object(members...), nil
	case undefined, null, boolean, function, tuple:
	}
	return value.Value{}, ErrUnsupportedResult
}

// maxDepthOut is how deep a result may be: as deep as value.Parse reads.
const maxDepthOut = 1000
