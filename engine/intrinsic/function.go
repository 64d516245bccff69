package intrinsic

import (
	"fmt"

	"statehouse/engine/value"
)

// function is one row of the table: what it takes and how it answers. A problem is a sentence
// for the cause of the failure.
type function struct {
	params   []param
	optional int  // how many of the last parameters may be left out
	rest     bool // the last parameter repeats, from no times on
	answer   func(c *Call, env Env, args []value.Value) (v value.Value, problem string)
}

type param struct {
	name string
	kind value.Kind // KindAbsent takes everything
}

func text(name string) param     { return param{name, value.KindString} }
func number(name string) param   { return param{name, value.KindNumber} }
func array(name string) param    { return param{name, value.KindArray} }
func object(name string) param   { return param{name, value.KindObject} }
func flag(name string) param     { return param{name, value.KindBool} }
func anything(name string) param { return param{name, value.KindAbsent} }

var functions = map[string]*function{
	"Format":         {params: []param{text("template"), anything("value")}, rest: true, answer: answerFormat},
	"StringToJson":   {params: []param{text("text")}, answer: stringToJSON},
	"JsonToString":   {params: []param{anything("value")}, answer: jsonToString},
	"Array":          {params: []param{anything("item")}, rest: true, answer: makeArray},
	"ArrayPartition": {params: []param{array("array"), number("chunk size")}, answer: arrayPartition},
	"ArrayContains":  {params: []param{array("array"), anything("value")}, answer: arrayContains},
	"ArrayRange":     {params: []param{number("start"), number("end"), number("step")}, answer: arrayRange},
	"ArrayGetItem":   {params: []param{array("array"), number("index")}, answer: arrayGetItem},
	"ArrayLength":    {params: []param{array("array")}, answer: arrayLength},
	"ArrayUnique":    {params: []param{array("array")}, answer: arrayUnique},
	"Base64Encode":   {params: []param{text("text")}, answer: base64Encode},
	"Base64Decode":   {params: []param{text("text")}, answer: base64Decode},
	"Hash":           {params: []param{anything("data"), text("algorithm")}, answer: hashOf},
	"JsonMerge":      {params: []param{object("first"), object("second"), flag("deep")}, answer: jsonMerge},
	"MathRandom":     {params: []param{number("start"), number("end"), number("seed")}, optional: 1, answer: mathRandom},
	"MathAdd":        {params: []param{number("first"), number("second")}, answer: mathAdd},
	"StringSplit":    {params: []param{text("text"), text("delimiters")}, answer: stringSplit},
	"UUID":           {answer: uuid},
}

// param is the parameter that argument i belongs to.
func (f *function) param(i int) param {
	return f.params[min(i, len(f.params)-1)]
}

func (f *function) count(n int) string {
	least, most := len(f.params)-f.optional, len(f.params)
	switch {
	case f.rest && n < least-1:
		return fmt.Sprintf("at least %s, but there are %d", arguments(least-1), n)
	case f.rest:
		return ""
	case least == most && n != most:
		return fmt.Sprintf("it takes %s, but there are %d", arguments(most), n)
	case n < least || n > most:
		return fmt.Sprintf("it takes %d or %s, but there are %d", least, arguments(most), n)
	}
	return ""
}

func arguments(n int) string {
	switch n {
	case 0:
		return "no arguments"
	case 1:
		return "1 argument"
	}
	return fmt.Sprintf("%d arguments", n)
}

// checkLiterals judges what is known before anything runs.
func (f *function) checkLiterals(args []argument) string {
	if problem := f.count(len(args)); problem != "" {
		return problem
	}
	for i, a := range args {
		if a.literal.IsAbsent() {
			continue
		}
		if problem := f.param(i).check(i, a.literal); problem != "" {
			return problem
		}
	}
	return ""
}

func (f *function) check(args []value.Value) string {
	for i, v := range args {
		if problem := f.param(i).check(i, v); problem != "" {
			return problem
		}
	}
	return ""
}

func (p param) check(i int, v value.Value) string {
	if p.kind == value.KindAbsent || p.kind == v.Kind() {
		return ""
	}
	return fmt.Sprintf("argument %d (%s) must be of type %s, but is of type %s", i+1, p.name, p.kind, v.Kind())
}
