package jsonata

var objectFunctions = []entry{
	{"boolean(arg)", "<x-:b>", missing(func(c *call) (item, error) {
		yes, err := c.ev.truthy(c.arg(0))
		return truth(yes), err
	})},
	{"not(arg)", "<x-:b>", missing(func(c *call) (item, error) {
		yes, err := c.ev.truthy(c.arg(0))
		return truth(!yes), err
	})},
	{"keys(arg)", "<x-:a<s>>", fnKeys},
	{"lookup(input, key)", "<x-s:x>", func(c *call) (item, error) { return c.ev.lookup(c.arg(0), jsText(c.arg(1))) }},
	{"exists(arg)", "<x:b>", func(c *call) (item, error) { return truth(!c.arg(0).undefined()), nil }},
	{"spread(arg)", "<x-:a<o>>", func(c *call) (item, error) { return c.ev.spreadOut(c.arg(0), 0) }},
	{"merge(arg)", "<a<o>:o>", missing(fnMerge)},
	{"error(message)", "<s?:x>", fnError},
	{"assert(condition, message)", "<bs?:x>", fnAssert},
	{"type(value)", "<x:s>", missing(fnType)},
	{"clone(arg)", "<(oa)-:o>", missing(func(c *call) (item, error) { return c.ev.clone(c.arg(0), 0) })},
}

func fnKeys(c *call) (item, error) {
	var all record
	if err := c.ev.keys(c.arg(0), &all, 0); err != nil {
		return item{}, err
	}
	out := &cell{kind: array, seq: true}
	for _, m := range all.members {
		c.ev.add(out, str(m.key))
	}
	return item{cell: out}, nil
}

func (ev *evaluation) keys(i item, all *record, depth int) error {
	if depth > maxDepthOut {
		return exceeded(DepthBudget)
	}
	switch i.kind() {
	case array:
		v := viewOf(i)
		for k := range v.n {
			if err := ev.tick(); err != nil {
				return err
			}
			if err := ev.keys(v.at(k), all, depth+1); err != nil {
				return err
			}
		}
	case object:
		for _, m := range i.members() {
			if err := ev.tick(); err != nil {
				return err
			}
			all.set(m.key, itemTrue)
		}
	default:
	}
	return nil
}

// spreadOut makes an object of each member.
func (ev *evaluation) spreadOut(i item, depth int) (item, error) {
	if depth > maxDepthOut {
		return item{}, exceeded(DepthBudget)
	}
	switch i.kind() {
	case array:
		out := &cell{kind: array, seq: true}
		v := viewOf(i)
		for k := range v.n {
			if err := ev.tick(); err != nil {
				return item{}, err
			}
			one, err := ev.spreadOut(v.at(k), depth+1)
			if err != nil {
				return item{}, err
			}
			if one.undefined() {
				continue
			}
			out.seq = false
			if err := ev.extend(out, one); err != nil {
				return item{}, err
			}
		}
		return item{cell: out}, nil
	case object:
		out := &cell{kind: array, seq: true}
		for _, m := range i.members() {
			r := &record{}
			r.set(m.key, m.val)
			ev.grown(2 * itemSize)
			ev.add(out, newObject(r))
		}
		return item{cell: out}, nil
	default:
		return i, nil
	}
}

func fnMerge(c *call) (item, error) {
	out := &record{}
	v := viewOf(c.arg(0))
	for k := range v.n {
		one := v.at(k)
		for _, m := range one.members() {
			if err := c.ev.tick(); err != nil {
				return item{}, err
			}
			out.set(m.key, m.val)
		}
	}
	c.ev.grown(len(out.members) * (itemSize + 16))
	return newObject(out), nil
}

func fnError(c *call) (item, error) {
	message := c.arg(0).text()
	if message == "" {
		message = "$error() function evaluated"
	}
	return item{}, fail("D3137", fields{"message": message})
}

func fnAssert(c *call) (item, error) {
	if jsTruth(c.arg(0)) {
		return item{}, nil
	}
	message := c.arg(1).text()
	if message == "" {
		message = "$assert() statement failed"
	}
	return item{}, fail("D3141", fields{"message": message})
}

func fnType(c *call) (item, error) {
	switch i := c.arg(0); i.kind() {
	case null:
		return str("null"), nil
	case number:
		ok, err := numeric(i)
		if !ok {
			return str("object"), err // NaN is neither
		}
		return str("number"), nil
	case text:
		return str("string"), nil
	case boolean:
		return str("boolean"), nil
	case array:
		return str("array"), nil
	case function:
		return str("function"), nil
	default:
		return str("object"), nil
	}
}
