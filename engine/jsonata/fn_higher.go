package jsonata

var higherFunctions = []entry{
	{"map(arr, func)", "<af>", missing(fnMap)},
	{"filter(arr, func)", "<af>", missing(fnFilter)},
	{"single(arr, func)", "<af?>", missing(fnSingle)},
	{"reduce(sequence, func, init)", "<afj?:j>", missing(fnReduce)},
	{"sift(arg, func)", "<o-f?:o>", fnSift},
	{"each(obj, func)", "<o-f:a>", fnEach},
}

// with calls f with as many of the value, its place or key, and the whole as f declares.
func (c *call) with(f *callable, args *[3]item) (item, error) {
	return c.ev.apply(f, args[:max(1, min(3, f.takes()))], &itemNull, c.env)
}

// over calls f with each item of an array and hands on the result.
func (c *call) over(arr item, f *callable, do func(one, res item) error) error {
	v := viewOf(arr)
	args := new([3]item)
	for k := range v.n {
		one := v.at(k)
		*args = [3]item{one, num(float64(k)), arr}
		res, err := c.with(f, args)
		if err == nil {
			err = do(one, res)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func notCallable() error { return fail("T1006", nil) }

func fnMap(c *call) (item, error) {
	f := c.arg(1).function()
	if f == nil {
		return item{}, notCallable()
	}
	out := &cell{kind: array, seq: true}
	err := c.over(c.arg(0), f, func(_, res item) error {
		if !res.undefined() {
			c.ev.add(out, res)
		}
		return nil
	})
	return item{cell: out}, err
}

func fnFilter(c *call) (item, error) {
	f := c.arg(1).function()
	if f == nil {
		return item{}, notCallable()
	}
	out := &cell{kind: array, seq: true}
	err := c.over(c.arg(0), f, func(one, res item) error {
		yes, err := c.ev.truthy(res)
		if yes {
			c.ev.add(out, one)
		}
		return err
	})
	return item{cell: out}, err
}

func fnSingle(c *call) (item, error) {
	var found item
	n := 0
	keep := func(one, res item) error {
		yes, err := c.ev.truthy(res)
		if !yes || err != nil {
			return err
		}
		if n++; n > 1 {
			return fail("D3138", nil)
		}
		found = one
		return nil
	}
	var err error
	if f := c.arg(1).function(); f != nil {
		err = c.over(c.arg(0), f, keep)
	} else {
		v := viewOf(c.arg(0))
		for k := 0; k < v.n && err == nil; k++ {
			err = keep(v.at(k), itemTrue)
		}
	}
	if err == nil && n == 0 {
		err = fail("D3139", nil)
	}
	return found, err
}

func fnReduce(c *call) (item, error) {
	f := c.arg(1).function()
	if f == nil {
		return item{}, notCallable()
	}
	takes := f.takes()
	if takes < 2 {
		return item{}, fail("D3050", fields{"index": 1})
	}
	v := viewOf(c.arg(0))
	acc, k := c.arg(2), 0
	if acc.undefined() && v.n > 0 {
		acc, k = v.at(0), 1
	}
	for ; k < v.n; k++ {
		args := []item{acc, v.at(k)}
		if takes >= 3 {
			args = append(args, num(float64(k)))
		}
		if takes >= 4 {
			args = append(args, c.arg(0))
		}
		var err error
		if acc, err = c.invoke(f, args...); err != nil {
			return item{}, err
		}
	}
	return acc, nil
}

// overMembers is over for an object.
func (c *call) overMembers(do func(m member, res item) error) error {
	f := c.arg(1).function()
	for _, m := range pairsOf(c.arg(0)) {
		if f == nil {
			return notCallable()
		}
		res, err := c.with(f, &[3]item{m.val, str(m.key), c.arg(0)})
		if err == nil {
			err = do(m, res)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// pairsOf are the members of an object; an array's places are its keys.
func pairsOf(i item) []member {
	if i.kind() != array {
		return i.members()
	}
	v := viewOf(i)
	out := make([]member, v.n)
	for k := range out {
		out[k] = member{plainNumber(float64(k)), v.at(k)}
	}
	return out
}

func fnSift(c *call) (item, error) {
	out := &record{}
	err := c.overMembers(func(m member, res item) error {
		yes, err := c.ev.truthy(res)
		if yes {
			out.set(m.key, m.val)
			c.ev.grown(itemSize + 16)
		}
		return err
	})
	if err != nil || len(out.members) == 0 {
		return item{}, err
	}
	return newObject(out), nil
}

func fnEach(c *call) (item, error) {
	out := &cell{kind: array, seq: true}
	err := c.overMembers(func(_ member, res item) error {
		if !res.undefined() {
			c.ev.add(out, res)
		}
		return nil
	})
	return item{cell: out}, err
}
