package asl

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"statehouse/engine/payload"
)

// maxLabel is how many characters the label of a Distributed Map may have.
const maxLabel = 40

var mapFields = fields{
	"ItemProcessor": {inBoth, readProcessor},
	"Iterator":      {inBoth, readProcessor},
	"ItemsPath":     {inJSONPath, func(r *reader, p place, n *node, s *State) { s.ItemsPath = r.reference(p, n, true) }},
	"Items":         {inJSONata, readItems},
	"ItemSelector":  {inBoth, readItemSelector},
	"Parameters":    {inJSONPath, readItemSelector},
	"MaxConcurrency": {inBoth, func(r *reader, p place, n *node, s *State) {
		s.MaxConcurrency = r.number(p, n, s.Language, 0, maxSeconds)
	}},
	"MaxConcurrencyPath": {inJSONPath, func(r *reader, p place, n *node, s *State) { s.MaxConcurrency = r.numberPath(p, n) }},
	"ToleratedFailureCount": {inBoth, func(r *reader, p place, n *node, s *State) {
		s.ToleratedFailureCount = r.number(p, n, s.Language, 0, maxSeconds)
	}},
	"ToleratedFailureCountPath":      {inJSONPath, func(r *reader, p place, n *node, s *State) { s.ToleratedFailureCount = r.numberPath(p, n) }},
	"ToleratedFailurePercentage":     {inBoth, readPercentage},
	"ToleratedFailurePercentagePath": {inJSONPath, func(r *reader, p place, n *node, s *State) { s.ToleratedFailurePercentage = r.numberPath(p, n) }},
	"Label":                          {inBoth, readLabel},
	"ItemReader":                     {inBoth, readItemReader},
	"ItemBatcher":                    {inBoth, readItemBatcher},
	"ResultWriter":                   {inBoth, readResultWriter},
}

func readProcessor(r *reader, p place, n *node, s *State) {
	b := r.inner(p, n, s.path+Path("/"+p.field), true)
	if b.Mode == "" {
		b.Mode = Inline
	}
	s.Processor = b
}

func readItemSelector(r *reader, p place, n *node, s *State) {
	if s.Language == JSONata {
		s.ItemSelector = r.queries(p, n)
		return
	}
	s.ItemSelector = r.template(p, n)
}

func readItems(r *reader, p place, n *node, s *State) {
	switch n.kind {
	case array, object:
	case str:
		if payload.IsQuery(n.text) || r.open(n.text) {
			break
		}
		fallthrough
	default:
		r.fail(p, n.span(), "The field 'Items' must be an array, an object or a JSONata expression")
		return
	}
	s.Items = r.queries(p, n)
}

func readPercentage(r *reader, p place, n *node, s *State) {
	s.ToleratedFailurePercentage = &Number{Field: last(p), Literal: n.json(r.text)}
	if s.Language == JSONata && n.kind == str && looksLikeExpression(n.text) {
		s.ToleratedFailurePercentage = &Number{Field: last(p), Query: r.expression(p, n)}
		return
	}
	r.fraction(p, n, 0, 100)
}

// readLabel reads the name that the child executions of a Distributed Map carry in their ARNs.
func readLabel(r *reader, p place, n *node, s *State) {
	s.Label = r.string(p, n)
	if n.kind != str || r.open(n.text) {
		return
	}
	bad := strings.IndexFunc(s.Label, notInLabel)
	switch {
	case s.Label == "":
		r.report(Error, invalidLabel, p, n.span(), "Label cannot be empty")
	case utf8.RuneCountInString(s.Label) > maxLabel:
		r.report(Error, invalidLabel, p, n.span(), "Label cannot exceed 40 characters")
	case bad >= 0:
		c, _ := utf8.DecodeRuneInString(s.Label[bad:])
		r.report(Error, invalidLabel, p, n.span(), "Label contains invalid character: "+pythonQuote(string(c)))
	case r.labels[s.Label]:
		r.report(Error, duplicateLabel, p, n.span(), "Duplicate Label name: "+s.Label)
	}
	r.labels[s.Label] = true
}

func notInLabel(c rune) bool {
	return unicode.IsSpace(c) || unicode.IsControl(c) || strings.ContainsRune("?*<>{}[]:;,\\|^~$#%&`\"/", c)
}

// distributedOnly refuses what an inline Map cannot do.
func distributedOnly(r *reader, p place, n *node, s *State) {
	if s.Language == JSONPath && s.ItemsPath == nil {
		s.ItemsPath = rootSelector
	}
	if s.Processor != nil && s.Processor.Mode == Distributed || r.openNode(modeOf(n)) {
		return
	}
	for _, name := range []string{"ItemReader", "ItemBatcher", "ResultWriter", "Label"} {
		if m := n.member(name); m != nil {
			r.fail(p.key(name), m.span(), "Field '%s' is only supported for Map states in DISTRIBUTED mode", name)
		}
	}
}

// modeOf is where a Map says how it runs, nil when it does not.
func modeOf(n *node) *node {
	for _, name := range []string{"ItemProcessor", "Iterator"} {
		if body := n.get(name); body != nil {
			if config := body.get("ProcessorConfig"); config != nil {
				return config.get("Mode")
			}
		}
	}
	return nil
}
