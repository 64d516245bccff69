package exchange

// either is Fn::If: one of two values, by a condition.
func (t *template) either(at Place, n *node) *node {
	if !n.is(array) || len(n.items) != 3 {
		return t.open(at, "Fn::If", "If")
	}
	name, _ := n.items[0].plain()
	if t.condition(at, name) {
		return t.eval(n.items[1])
	}
	return t.eval(n.items[2])
}

// condition tells whether a condition of the template holds, parameters having their
// defaults. One that cannot be known is taken to hold.
func (t *template) condition(at Place, name string) bool {
	if holds, ok := t.conds[name]; ok {
		return holds
	}
	n := t.root.get("Conditions").get(name)
	if n == nil {
		t.r.note(at, "there is no condition %s: it is taken to hold", name)
		return true
	}
	if t.asked[name] {
		panic(fail(n.at, "the condition %s refers to itself", name))
	}
	t.asked[name] = true
	holds, known := t.holds(n)
	if !known {
		t.r.note(n.at, "whether the condition %s holds is not known here: it is taken to hold", name)
		holds = true
	}
	t.conds[name] = holds
	return holds
}

// holds judges a condition; known is false when it depends on what only AWS knows.
func (t *template) holds(n *node) (holds, known bool) {
	t.r.spend(n.at, 1)
	if !n.is(object) || len(n.members) != 1 {
		return false, false
	}
	val := n.members[0].val
	switch n.members[0].key {
	case "Condition":
		name, _ := val.plain()
		return t.condition(n.at, name), true
	case "Fn::Equals":
		if !val.is(array) || len(val.items) != 2 {
			return false, false
		}
		a, okA := t.eval(val.items[0]).given()
		b, okB := t.eval(val.items[1]).given()
		return a == b, okA && okB
	case "Fn::Not":
		if !val.is(array) || len(val.items) != 1 {
			return false, false
		}
		holds, known := t.holds(val.items[0])
		return !holds, known
	case "Fn::And", "Fn::Or":
		all := n.members[0].key == "Fn::And"
		known := true
		for _, item := range val.items {
			holds, ok := t.holds(item)
			if ok && holds != all { // this one decides
				return !all, true
			}
			known = known && ok
		}
		return all, known
	}
	return false, false
}
