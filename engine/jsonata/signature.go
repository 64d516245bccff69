package jsonata

import "strings"

// signature says what arguments a function takes, such as <s-nn?:s>. Validation is matching the
// argument's type letters against the parameters, with the backtracking of a regular expression.
type signature struct {
	params []param
	simple bool // no parameter takes several arguments, or prefers to be missing
}

type param struct {
	types    string // letters that fit
	kind     string // the letter, or (letters)
	subtype  string // of a<s>
	typed    bool
	optional bool
	lazy     bool // prefers to be missing
	many     bool
	context  bool // takes the context when it is missing
	any      bool // of whatever type the context is
}

// maybe is what a question mark adds behind a parameter, as it does in a regular expression.
func (p *param) maybe() {
	if p.optional || p.many {
		p.lazy = true
	} else {
		p.optional = true
	}
}

func parseSignature(s string) (*signature, *Error) {
	sig := &signature{}
	at := func(i int) *param {
		if len(sig.params) == 0 {
			return &param{}
		}
		return &sig.params[i]
	}
	for i := 1; i < len(s) && s[i] != ':'; i++ {
		last := len(sig.params) - 1
		switch c := s[i]; c {
		case 's', 'n', 'b', 'l', 'o':
			sig.params = append(sig.params, param{types: string(c) + "m", kind: string(c)})
		case 'a', 'x':
			sig.params = append(sig.params, param{types: "asnblfom", kind: string(c)})
		case 'f':
			sig.params = append(sig.params, param{types: "f", kind: "f"})
		case 'j':
			sig.params = append(sig.params, param{types: "asnblom", kind: "j"})
		case '-':
			p := at(last)
			p.context, p.any = true, p.optional
			p.maybe()
		case '?':
			at(last).maybe()
		case '+':
			at(last).many = true
		case '(':
			end := closing(s, i, '(', ')')
			choice := s[i+1 : min(end, len(s))]
			if strings.Contains(choice, "<") {
				return nil, failAt("S0402", i, "", fields{"value": choice})
			}
			sig.params = append(sig.params, param{types: choice + "m", kind: "(" + choice + ")"})
			i = end
		case '<':
			p := at(last)
			if p.kind != "a" && p.kind != "f" {
				return nil, failAt("S0401", i, "", fields{"value": p.kind})
			}
			end := closing(s, i, '<', '>')
			p.subtype, p.typed = s[i+1:min(end, len(s))], true
			i = end
		}
	}
	sig.simple = true
	for i := range sig.params {
		if sig.params[i].lazy || sig.params[i].many {
			sig.simple = false
		}
	}
	return sig, nil
}

// closing finds the bracket that balances the one at start.
func closing(s string, start int, open, end byte) int {
	depth := 1
	for i := start + 1; i < len(s); i++ {
		switch s[i] {
		case end:
			if depth--; depth == 0 {
				return i
			}
		case open:
			depth++
		}
	}
	return len(s)
}

// letters are the types of arguments by kind, m for missing.
const letters = "mlbnsaofo"

func letter(i item) byte { return letters[i.kind()] }

// match gives to each of the parameters from p on its count of letters. All letters must be
// used when whole is set.
func match(params []param, sig string, counts []int, whole bool) bool {
	if len(params) == 0 {
		return !whole || sig == ""
	}
	p := &params[0]
	least, most := 1, 1
	if p.optional {
		least = 0
	}
	if p.many {
		most = len(sig)
	}
	fit := 0
	for fit < most && fit < len(sig) && strings.IndexByte(p.types, sig[fit]) >= 0 {
		fit++
	}
	if p.lazy {
		for n := least; n <= fit; n++ {
			counts[0] = n
			if match(params[1:], sig[n:], counts[1:], whole) {
				return true
			}
		}
		return false
	}
	for n := fit; n >= least; n-- {
		counts[0] = n
		if match(params[1:], sig[n:], counts[1:], whole) {
			return true
		}
	}
	return false
}

var plurals = map[string]any{"a": "arrays", "b": "booleans", "f": "functions", "n": "numbers", "o": "objects", "s": "strings"}

// validate gives the arguments that the function is to see: the context where it stands in,
// single values as arrays.
func (s *signature) validate(args []item, context *item) ([]item, error) {
	if s.simple && len(args) <= len(s.params) && s.fits(args) {
		return args, nil
	}
	var buf [16]byte
	found := buf[:0]
	for _, a := range args {
		found = append(found, letter(a))
	}
	sig := string(found)
	var room [12]int
	counts := room[:]
	if len(s.params) > len(room) {
		counts = make([]int, len(s.params))
	}
	if !match(s.params, sig, counts, true) {
		return nil, s.mismatch(args, sig)
	}
	out := make([]item, 0, max(len(args), len(s.params)))
	at, read := 0, 0 // in args, and in sig: a missing argument takes up a place in the one only
	arg := func(i int) item {
		if i < len(args) {
			return args[i]
		}
		return item{}
	}
	for i := range s.params {
		p := &s.params[i]
		if counts[i] == 0 {
			if !p.context {
				out = append(out, arg(at))
				at++
				continue
			}
			if !p.any && strings.IndexByte(p.types, letter(*context)) < 0 {
				return nil, fail("T0411", fields{"value": *context, "index": at + 1})
			}
			out = append(out, *context)
			continue
		}
		matched := sig[read : read+counts[i]]
		read += counts[i]
		first := arg(at) // sic: of several arguments jsonata-js hands on the first, as often as there are
		for _, single := range []byte(matched) {
			a := first
			if p.kind == "a" {
				a = arg(at)
			}
			if p.kind == "a" && single != 'm' {
				if !p.accepts(a, single, matched) {
					return nil, fail("T0412", fields{"value": a, "index": at + 1, "type": plurals[p.subtype]})
				}
				if single != 'a' {
					a = items(a)
				}
			}
			out = append(out, a)
			at++
		}
	}
	return out, nil
}

// fits is the quick way for arguments that need no change.
func (s *signature) fits(args []item) bool {
	for i := range args {
		p := &s.params[i]
		c := letter(args[i])
		if strings.IndexByte(p.types, c) < 0 || p.kind == "a" && (c != 'a' && c != 'm' || p.typed && !p.accepts(args[i], c, "a")) {
			return false
		}
	}
	for _, p := range s.params[len(args):] {
		if !p.optional || p.context {
			return false
		}
	}
	return true
}

// accepts checks what an array holds.
func (p *param) accepts(a item, single byte, matched string) bool {
	if !p.typed {
		return true
	}
	if single != 'a' {
		return matched == p.subtype
	}
	v := viewOf(a)
	want := byte(0)
	if p.subtype != "" {
		want = p.subtype[0]
	}
	if v.n == 0 || v.span != nil {
		return v.n == 0 || want == 'n'
	}
	for k := range v.json {
		if letters[v.json[k].Kind()] != want {
			return false
		}
	}
	for k := range v.cells {
		if letter(v.cells[k]) != want {
			return false
		}
	}
	return true
}

// mismatch finds the argument that no longer fits.
func (s *signature) mismatch(args []item, sig string) error {
	good := 0
	for i := range s.params {
		counts := make([]int, i+1)
		if !match(s.params[:i+1], sig, counts, false) {
			break
		}
		good = 0
		for _, n := range counts {
			good += n
		}
	}
	f := fields{"index": good + 1}
	if good < len(args) {
		f["value"] = args[good]
	}
	return fail("T0410", f)
}
