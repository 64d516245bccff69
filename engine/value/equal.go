package value

// Equal compares by meaning: numbers by value, objects without regard to order. Absent equals
// only Absent.
func Equal(a, b Value) bool {
	if a.kind != b.kind {
		return false
	}
	switch a.kind {
	case KindAbsent, KindNull:
		return true
	case KindBool, KindString:
		return a.text == b.text
	case KindNumber:
		return a.text == b.text || Compare(a, b) == 0
	case KindArray:
		return a.node == b.node || equalItems(a.Items(), b.Items())
	case KindObject:
		return a.node == b.node || equalMembers(a.Members(), b)
	}
	panic("unreachable: kind")
}

// Equal is the method that go-cmp looks for.
func (v Value) Equal(other Value) bool { return Equal(v, other) }

func equalItems(a, b []Value) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !Equal(a[i], b[i]) {
			return false
		}
	}
	return true
}

func equalMembers(a []Member, b Value) bool {
	if len(a) != b.Len() {
		return false
	}
	for i := range a {
		if !Equal(a[i].Value, b.Get(a[i].Key)) {
			return false
		}
	}
	return true
}

// Same reports whether two arrays or objects are one: not equal by chance, but read or made once.
func Same(a, b Value) bool { return a.kind == b.kind && a.node != nil && a.node == b.node }
