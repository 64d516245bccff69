package asl

// languages says in which query languages a field exists.
type languages uint8

const (
	inJSONPath languages = 1 << iota
	inJSONata
	inBoth = inJSONPath | inJSONata
)

func (l languages) has(q QueryLanguage) bool {
	if q == JSONata {
		return l&inJSONata != 0
	}
	return l&inJSONPath != 0
}

// field is one field of a state: where it may stand and how it is read.
type field struct {
	in   languages
	read func(r *reader, p place, n *node, s *State)
}

type fields map[string]field

// kindRules is what there is to say about one type of state.
type kindRules struct {
	fields   fields
	required []string
	oneOf    [][]string // exactly one of each group
	onlyOne  [][]string // at most one of each group
	whole    func(r *reader, p place, n *node, s *State)
}

// Groups of fields that several types share.
var (
	common = fields{
		"Type":          {inBoth, func(*reader, place, *node, *State) {}},
		"QueryLanguage": {inBoth, func(*reader, place, *node, *State) {}},
		"Comment":       {inBoth, func(r *reader, p place, n *node, s *State) { s.Comment = r.string(p, n) }},
	}
	moving = fields{
		"Next": {inBoth, func(r *reader, p place, n *node, s *State) { s.Next = r.string(p, n) }},
		"End":  {inBoth, readEnd},
	}
	shaping = fields{
		"InputPath":  {inJSONPath, func(r *reader, p place, n *node, s *State) { s.InputPath = r.nullable(p, n) }},
		"OutputPath": {inJSONPath, func(r *reader, p place, n *node, s *State) { s.OutputPath = r.nullable(p, n) }},
		"Output":     {inJSONata, func(r *reader, p place, n *node, s *State) { s.Output = r.queries(p, n) }},
	}
	assigning = fields{
		"Assign": {inBoth, func(r *reader, p place, n *node, s *State) { s.Assign = r.assign(p, n, s.Language) }},
	}
	resulting = fields{
		"ResultPath": {inJSONPath, func(r *reader, p place, n *node, s *State) { s.ResultPath = r.resultPath(p, n) }},
	}
	selecting = fields{
		"ResultSelector": {inJSONPath, func(r *reader, p place, n *node, s *State) { s.ResultSelector = r.object(p, n) }},
	}
	arguing = fields{
		"Parameters": {inJSONPath, func(r *reader, p place, n *node, s *State) { s.Parameters = r.template(p, n) }},
		"Arguments":  {inJSONata, func(r *reader, p place, n *node, s *State) { s.Arguments = r.queries(p, n) }},
	}
	failing = fields{
		"Retry": {inBoth, func(r *reader, p place, n *node, s *State) { s.Retry = r.retriers(p, n) }},
		"Catch": {inBoth, func(r *reader, p place, n *node, s *State) { s.Catch = r.catchers(p, n, s.Language) }},
	}
)

// kinds holds the rules of the eight types. It is filled by init because states hold states.
var kinds map[Type]kindRules

func init() {
	nextOrEnd := []string{"Next", "End"}
	kinds = map[Type]kindRules{
		Task: {
			fields:   join(common, moving, shaping, assigning, resulting, selecting, arguing, failing, taskFields),
			required: []string{"Resource"},
			oneOf:    [][]string{nextOrEnd},
			onlyOne:  [][]string{{"TimeoutSeconds", "TimeoutSecondsPath"}, {"HeartbeatSeconds", "HeartbeatSecondsPath"}},
			whole:    taskAsAWhole,
		},
		Pass: {
			fields: without(join(common, moving, shaping, assigning, resulting, arguing, passFields), "Arguments"),
			oneOf:  [][]string{nextOrEnd},
		},
		Choice: {
			fields:   join(common, shaping, assigning, choiceFields),
			required: []string{"Choices"},
		},
		Wait: {
			fields: join(common, moving, shaping, assigning, waitFields),
			oneOf:  [][]string{{"SecondsPath", "Seconds", "TimestampPath", "Timestamp"}, nextOrEnd},
		},
		Succeed: {
			fields: join(common, shaping),
		},
		Fail: {
			fields:  join(common, failFields),
			onlyOne: [][]string{{"Error", "ErrorPath"}, {"Cause", "CausePath"}},
		},
		Parallel: {
			fields:   join(common, moving, shaping, assigning, resulting, selecting, arguing, failing, parallelFields),
			required: []string{"Branches"},
			oneOf:    [][]string{nextOrEnd},
		},
		Map: {
			fields: join(common, moving, shaping, assigning, resulting, selecting, failing, mapFields),
			oneOf:  [][]string{{"ItemProcessor", "Iterator"}, nextOrEnd},
			onlyOne: [][]string{
				{"ItemSelector", "Parameters"},
				{"MaxConcurrency", "MaxConcurrencyPath"},
				{"ToleratedFailureCount", "ToleratedFailureCountPath"},
				{"ToleratedFailurePercentage", "ToleratedFailurePercentagePath"},
			},
			whole: distributedOnly,
		},
	}
}

func join(list ...fields) fields {
	out := fields{}
	for _, f := range list {
		for name, field := range f {
			out[name] = field
		}
	}
	return out
}

func without(f fields, name string) fields {
	delete(f, name)
	return f
}

// typeNames is the list of types in the order in which AWS names them.
var typeNames = []string{"Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map"}
