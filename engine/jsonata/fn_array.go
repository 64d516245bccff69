package jsonata

var arrayFunctions = []entry{
	{"count(args)", "<a:n>", fnCount},
	{"append(arg1, arg2)", "<xx:a>", fnAppend},
	{"reverse(arr)", "<a:a>", missing(fnReverse)},
	{"zip()", "<a+>", fnZip},
	{"shuffle(arr)", "<a:a>", missing(fnShuffle)},
	{"distinct(arr)", "<x:x>", missing(fnDistinct)},
	{"sort(arr, comparator)", "<af?:a>", missing(fnSort)},
}

func fnCount(c *call) (item, error) { return num(float64(c.arg(0).size())), nil }

func fnAppend(c *call) (item, error) {
	a, b := c.arg(0), c.arg(1)
	if !a.undefined() && !b.undefined() {
		x, y := viewOf(a), viewOf(b)
		if err := c.ev.spend((x.n + y.n) * itemSize); err != nil {
			return item{}, err
		}
	}
	return appended(a, b), nil
}

// listed copies the items of an array.
func (c *call) listed(i item) ([]item, error) {
	v := viewOf(i)
	if err := c.ev.spend(v.n * itemSize); err != nil {
		return nil, err
	}
	out := make([]item, v.n)
	for k := range out {
		out[k] = v.at(k)
	}
	return out, nil
}

func fnReverse(c *call) (item, error) {
	if c.arg(0).size() <= 1 {
		return c.arg(0), nil
	}
	list, err := c.listed(c.arg(0))
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	return items(list...), err
}

func fnZip(c *call) (item, error) {
	shortest := -1
	for _, a := range c.args {
		n := 0
		if a.isArray() {
			n = a.size()
		}
		if shortest < 0 || n < shortest {
			shortest = n
		}
	}
	if err := c.ev.spend(max(0, shortest) * (len(c.args) + 4) * itemSize); err != nil {
		return item{}, err
	}
	views := make([]view, len(c.args))
	for i, a := range c.args {
		views[i] = viewOf(a)
	}
	out := []item{}
	for k := range max(0, shortest) {
		row := make([]item, len(views))
		for i := range views {
			row[i] = views[i].at(k)
		}
		out = append(out, items(row...))
	}
	return items(out...), nil
}

func fnShuffle(c *call) (item, error) {
	if c.arg(0).size() <= 1 {
		return c.arg(0), nil
	}
	list, err := c.listed(c.arg(0))
	if err != nil {
		return item{}, err
	}
	for i := range list {
		j := int(c.ev.random() * float64(i+1))
		list[i], list[j] = list[j], list[i]
	}
	return items(list...), nil
}

func fnDistinct(c *call) (item, error) {
	arr := c.arg(0)
	if !arr.isArray() || arr.size() <= 1 {
		return arr, nil
	}
	v := viewOf(arr)
	out := &cell{kind: array, seq: arr.isSequence()}
	seen := map[any]bool{} // scalars are found at once
	for k := range v.n {
		one := v.at(k)
		if err := c.ev.tick(); err != nil {
			return item{}, err
		}
		if key := scalarKey(one); key != nil {
			if !seen[key] {
				seen[key] = true
				c.ev.add(out, one)
			}
			continue
		}
		known, err := c.known(item{cell: out}, one)
		if err != nil {
			return item{}, err
		}
		if !known {
			c.ev.add(out, one)
		}
	}
	return item{cell: out}, nil
}

func (c *call) known(list, one item) (bool, error) {
	v := viewOf(list)
	for k := range v.n {
		same, err := c.ev.equal(one, v.at(k), 0)
		if same || err != nil {
			return same, err
		}
	}
	return false, nil
}

// scalarKey is a map key that equal scalars share; NaN equals nothing and has none.
func scalarKey(i item) any {
	switch i.kind() {
	case null:
		return itemNull.json.Kind()
	case boolean:
		return i.json.AsBool()
	case text:
		return i.text()
	case number:
		if f := i.float(); f == f {
			return f
		}
	default:
	}
	return nil
}

func fnSort(c *call) (item, error) {
	arr := c.arg(0)
	if arr.size() <= 1 {
		return arr, nil
	}
	list, err := c.listed(arr)
	if err != nil {
		return item{}, err
	}
	after, err := c.order(list)
	if err != nil {
		return item{}, err
	}
	out, err := c.ev.mergeSort(list, after)
	return items(out...), err
}

// order is the comparison that $sort was given, or the natural one.
func (c *call) order(list []item) (func(a, b int) (bool, error), error) {
	if f := c.arg(1).function(); f != nil {
		return func(a, b int) (bool, error) {
			v, err := c.invoke(f, list[a], list[b])
			if err != nil {
				return false, err
			}
			return jsTruth(v), nil
		}, nil
	}
	numbers, texts := true, true
	for _, one := range list {
		ok, err := numeric(one)
		if numbers && err != nil {
			return nil, err
		}
		numbers = numbers && ok
		texts = texts && one.kind() == text
	}
	switch {
	case numbers:
		return func(a, b int) (bool, error) { return list[a].float() > list[b].float(), nil }, nil
	case texts:
		return func(a, b int) (bool, error) { return compareText(list[a].text(), list[b].text()) > 0, nil }, nil
	}
	return nil, fail("D3070", fields{"index": 1})
}

// jsTruth is what JavaScript itself takes for true: empty arrays and objects, too.
func jsTruth(i item) bool {
	switch i.kind() {
	case undefined, null:
		return false
	case boolean:
		return i.json.AsBool()
	case number:
		f := i.float()
		return f != 0 && f == f
	case text:
		return i.text() != ""
	case array, object, function, tuple:
	}
	return true
}
