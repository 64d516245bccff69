package jsonata

import "statehouse/engine/value"

// equal compares deeply: numbers by value, objects whatever the order of their keys.
func (ev *evaluation) equal(a, b item, depth int) (bool, error) {
	if err := ev.tick(); err != nil {
		return false, err
	}
	if depth > maxDepthOut {
		return false, exceeded(DepthBudget)
	}
	k := a.kind()
	if k != b.kind() {
		return false, nil
	}
	switch k {
	case undefined, null:
		return true, nil
	case boolean:
		return a.json.AsBool() == b.json.AsBool(), nil
	case number:
		return a.float() == b.float(), nil
	case text:
		return a.text() == b.text(), nil
	case function:
		return a.cell.fn == b.cell.fn, nil
	case array:
		return ev.equalArrays(a, b, depth)
	case object:
		return ev.equalObjects(a, b, depth)
	case tuple:
	}
	return false, nil
}

func (ev *evaluation) equalArrays(a, b item, depth int) (bool, error) {
	x, y := viewOf(a), viewOf(b)
	if x.n != y.n {
		return false, nil
	}
	for i := range x.n {
		if same, err := ev.equal(x.at(i), y.at(i), depth+1); !same || err != nil {
			return false, err
		}
	}
	return true, nil
}

func (ev *evaluation) equalObjects(a, b item, depth int) (bool, error) {
	if a.fieldCount() != b.fieldCount() {
		return false, nil
	}
	for _, m := range a.unordered() {
		other := b.get(m.key)
		if other.undefined() {
			return false, nil
		}
		if same, err := ev.equal(m.val, other, depth+1); !same || err != nil {
			return false, err
		}
	}
	return true, nil
}

// unordered are an object's members in any order.
func (i item) unordered() []member {
	if i.cell != nil {
		return i.members()
	}
	read := i.json.Members()
	out := make([]member, len(read))
	for k := range read {
		out[k] = member{read[k].Key, item{json: read[k].Value}}
	}
	return out
}

// same is JavaScript's ===: scalars by value, all else only by identity, which two values that
// were read never have.
func same(a, b item) bool {
	k := a.kind()
	if k != b.kind() {
		return false
	}
	switch k {
	case undefined, null:
		return true
	case boolean:
		return a.json.AsBool() == b.json.AsBool()
	case number:
		return a.float() == b.float()
	case text:
		return a.text() == b.text()
	case array, object, function, tuple:
	}
	if a.cell != nil || b.cell != nil {
		return a.cell == b.cell
	}
	return value.Same(a.json, b.json)
}

// boolean is $boolean; undefined counts as false here.
func (ev *evaluation) truthy(i item) (bool, error) {
	switch i.kind() {
	case boolean:
		return i.json.AsBool(), nil
	case undefined, null, function, tuple:
		return i.kind() == function && i.cell.fn.isObject(), nil
	case text:
		return i.text() != "", nil
	case number:
		ok, err := numeric(i)
		return ok && i.float() != 0, err
	case object:
		return i.fieldCount() > 0, nil
	case array:
		return ev.anyTrue(i, 0)
	}
	panic("unreachable: kind")
}

func (ev *evaluation) anyTrue(i item, depth int) (bool, error) {
	if depth > maxDepthOut {
		return false, exceeded(DepthBudget)
	}
	v := viewOf(i)
	found := false
	for k := range v.n { // all of them, because each may be in error
		if err := ev.tick(); err != nil {
			return false, err
		}
		var yes bool
		var err error
		if one := v.at(k); one.isArray() {
			yes, err = ev.anyTrue(one, depth+1)
		} else {
			yes, err = ev.truthy(one)
		}
		if err != nil {
			return false, err
		}
		found = found || yes
	}
	return found, nil
}
