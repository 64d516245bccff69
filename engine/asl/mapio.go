package asl

import "strings"

// The parts of a Distributed Map that touch storage. They stay values: the shell that carries
// out a map run reads them. Here they are only judged.

const (
	maxItems      = 100_000_000
	maxBatchBytes = 256 << 10
)

func readItemReader(r *reader, p place, n *node, s *State) {
	if !r.expect(p, n, object) {
		return
	}
	s.ItemReader = n.json(r.text)
	r.required(p, n, "Resource")
	in := p
	for i := range n.members {
		f := &n.members[i]
		p := p.key(f.key)
		switch {
		case f.key == "Resource":
			r.storage(p, f.val, "getObject", "listObjectsV2")
		case f.key == "ReaderConfig":
			r.readerConfig(p, f.val, s.Language)
		case r.storageArguments(p, f, s.Language):
		default:
			r.unsupported(in, f)
		}
	}
}

// storage checks a Resource that reads or writes objects.
func (r *reader) storage(p place, n *node, actions ...string) {
	text := r.string(p, n)
	if text == "" || r.open(text) {
		return
	}
	for _, a := range actions {
		if service, action := integrationOf(text); service == "s3" && action == a {
			return
		}
	}
	r.fail(p, n.span(), "The field 'Resource' does not match any of the allowed values").Hint = "it can be arn:aws:states:::s3:" + strings.Join(actions, " or arn:aws:states:::s3:")
}

// storageArguments reads Parameters or Arguments, whichever the language has.
func (r *reader) storageArguments(p place, f *member, q QueryLanguage) bool {
	switch {
	case f.key == "Parameters" && q == JSONPath:
		r.object(p, f.val)
	case f.key == "Arguments" && q == JSONata:
		r.queries(p, f.val)
	default:
		return false
	}
	return true
}

func (r *reader) readerConfig(p place, n *node, q QueryLanguage) {
	if !r.expect(p, n, object) {
		return
	}
	for i := range n.members {
		f := &n.members[i]
		at := p.key(f.key)
		switch f.key {
		case "InputType":
			r.oneWord(at, f.val, "CSV", "JSON", "JSONL", "PARQUET", "MANIFEST")
		case "Transformation":
			r.oneWord(at, f.val, "NONE", "LOAD_AND_FLATTEN")
		case "ManifestType":
			r.oneWord(at, f.val, "ATHENA_DATA", "S3_INVENTORY")
		case "CSVHeaderLocation":
			r.oneWord(at, f.val, "FIRST_ROW", "GIVEN")
		case "CSVDelimiter":
			r.oneWord(at, f.val, "COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB")
		case "CSVHeaders":
			r.strings(at, f.val)
		case "ItemsPointer":
			r.string(at, f.val)
		case "MaxItems":
			r.number(at, f.val, q, 0, maxItems)
		case "MaxItemsPath":
			r.numberPath(at, f.val)
		default:
			r.unsupported(p, f)
		}
	}
	r.atMostOne(p, n, "MaxItems", "MaxItemsPath")
	r.headers(p, n)
}

// headers judges what is said about the first row of a CSV file.
func (r *reader) headers(p place, n *node) {
	input, location := n.get("InputType"), n.member("CSVHeaderLocation")
	switch {
	case input == nil || r.open(input.text):
	case input.text == "CSV" && location == nil && n.get("ManifestType") == nil:
		r.fail(p, head(n), "The field 'CSVHeaderLocation' is required")
	case input.text == "JSON" && location != nil:
		r.unsupported(p, location)
	}
	if location != nil && location.val.text == "GIVEN" {
		r.required(p, n, "CSVHeaders")
	}
}

func readItemBatcher(r *reader, p place, n *node, s *State) {
	if !r.expect(p, n, object) {
		return
	}
	s.ItemBatcher = n.json(r.text)
	for i := range n.members {
		f := &n.members[i]
		at := p.key(f.key)
		switch f.key {
		case "MaxItemsPerBatch":
			r.number(at, f.val, s.Language, 1, maxItems)
		case "MaxInputBytesPerBatch":
			r.number(at, f.val, s.Language, 1, maxBatchBytes)
		case "MaxItemsPerBatchPath", "MaxInputBytesPerBatchPath":
			r.numberPath(at, f.val)
		case "BatchInput":
			if s.Language == JSONata {
				r.queries(at, f.val)
			} else {
				r.template(at, f.val)
			}
		default:
			r.unsupported(p, f)
		}
	}
	r.atMostOne(p, n, "MaxItemsPerBatch", "MaxItemsPerBatchPath")
	r.atMostOne(p, n, "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath")
}

func readResultWriter(r *reader, p place, n *node, s *State) {
	if !r.expect(p, n, object) {
		return
	}
	s.ResultWriter = n.json(r.text)
	if len(n.members) == 0 {
		r.fail(p, n.span(), "Value cannot be empty")
	}
	in := p
	for i := range n.members {
		f := &n.members[i]
		p := p.key(f.key)
		switch {
		case f.key == "Resource":
			r.storage(p, f.val, "putObject")
		case f.key == "WriterConfig":
			r.writerConfig(p, f.val)
		case r.storageArguments(p, f, s.Language):
		default:
			r.unsupported(in, f)
		}
	}
}

func (r *reader) writerConfig(p place, n *node) {
	if !r.expect(p, n, object) {
		return
	}
	for i := range n.members {
		f := &n.members[i]
		switch f.key {
		case "Transformation":
			r.oneWord(p.key(f.key), f.val, "NONE", "COMPACT", "FLATTEN")
		case "OutputType":
			r.oneWord(p.key(f.key), f.val, "JSON", "JSONL")
		default:
			r.unsupported(p, f)
		}
	}
	r.required(p, n, "OutputType")
}
