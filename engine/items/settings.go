package items

import (
	"math"
	"strings"

	"statehouse/engine/value"
)

// Input types of a ReaderConfig, in AWS's words.
const (
	typeCSV      = "CSV"
	typeJSON     = "JSON"
	typeJSONL    = "JSONL"
	typeParquet  = "PARQUET"
	typeManifest = "MANIFEST"
)

// Kinds of manifests.
const (
	athenaData  = "ATHENA_DATA"
	s3Inventory = "S3_INVENTORY"
)

const mostItems = 100_000_000 // AWS's limit; a larger MaxItems counts as this

// delimiters are the values of CSVDelimiter.
var delimiters = map[string]byte{"COMMA": ',', "PIPE": '|', "SEMICOLON": ';', "SPACE": ' ', "TAB": '\t'}

// settings are the arguments and the ReaderConfig of a source, checked.
type settings struct {
	bucket, key, prefix string
	version, owner      string
	inputType           string
	flatten             bool   // Transformation LOAD_AND_FLATTEN
	manifest            string // ManifestType
	delimiter           byte
	headers             []string // GIVEN; nil = FIRST_ROW
	pointer             string   // ItemsPointer
	maxItems            int64
	limits              Limits
}

// settingsOf checks a source. Whatever a definition could not know before it ran is wrong
// here for the first time.
func settingsOf(s Source) (settings, error) {
	w := words{}
	c := settings{
		bucket: w.of(s.Arguments, "Bucket"), key: w.of(s.Arguments, "Key"), prefix: w.of(s.Arguments, "Prefix"),
		version: w.of(s.Arguments, "VersionId"), owner: w.of(s.Arguments, "ExpectedBucketOwner"),
		inputType: w.of(s.Config, "InputType"), manifest: w.of(s.Config, "ManifestType"),
		flatten: w.of(s.Config, "Transformation") == "LOAD_AND_FLATTEN",
		pointer: w.of(s.Config, "ItemsPointer"), limits: s.Limits.orAWS(),
	}
	if c.inputType == typeManifest && c.manifest == "" {
		c.manifest = s3Inventory
	}
	delimiter := w.of(s.Config, "CSVDelimiter")
	if delimiter == "" {
		delimiter = "COMMA"
	}
	var known bool
	if c.delimiter, known = delimiters[delimiter]; !known {
		w.fail("The CSVDelimiter %s is not supported", delimiter)
	}
	w.maxItems(&c, s.Config.Get("MaxItems"))
	w.headers(&c, s.Config)
	w.combination(&c, s.Resource)
	if w.failed != nil {
		return settings{}, w.failed
	}
	return c, nil
}

// words reads text fields and remembers the first thing that is wrong.
type words struct{ failed *Failure }

func (w *words) fail(format string, args ...any) {
	if w.failed == nil {
		w.failed = unreadable(format, args...)
	}
}

func (w *words) of(v value.Value, field string) string {
	f := v.Get(field)
	if !f.IsAbsent() && f.Kind() != value.KindString {
		w.fail("The field %s must be a string, but is %s", field, f.Kind())
	}
	return f.Text()
}

// maxItems reads MaxItems. AWS takes 0 for no limit.
func (w *words) maxItems(c *settings, v value.Value) {
	c.maxItems = math.MaxInt64
	if v.IsAbsent() {
		return
	}
	n, whole := v.AsInt()
	switch {
	case v.Kind() == value.KindNumber && value.Compare(v, value.Int(mostItems)) > 0:
		c.maxItems = mostItems
	case !whole:
		w.fail("field MaxItems must be an integer")
	case n < 0:
		w.fail("field MaxItems must be positive")
	case n > 0:
		c.maxItems = n
	}
}

// headers reads where a CSV file has the names of its columns.
func (w *words) headers(c *settings, config value.Value) {
	where, given := w.of(config, "CSVHeaderLocation"), config.Get("CSVHeaders")
	if where == "" && !given.IsAbsent() {
		where = "GIVEN"
	}
	switch where {
	case "GIVEN":
		c.headers = []string{}
		for _, h := range given.Items() {
			if h.Kind() != value.KindString {
				w.fail("CSV headers must be strings")
			}
			c.headers = append(c.headers, h.Text())
		}
		if err := checkHeaders(c.headers, c.limits.Header); err != nil {
			w.fail("%s", err.Cause)
		}
	case "", "FIRST_ROW":
	default:
		w.fail("The CSVHeaderLocation %s is not supported", where)
	}
}

// combination checks the fields against each other.
func (w *words) combination(c *settings, resource string) {
	if resource == "" {
		return
	}
	if c.bucket == "" {
		w.fail("The field Bucket is required")
	}
	if resource == GetObject && c.key == "" {
		w.fail("The field Key is required")
	}
	switch {
	case resource == ListObjects && c.flatten && c.inputType == "":
		w.fail("The field InputType is required when Transformation is LOAD_AND_FLATTEN")
	case resource == ListObjects && !c.flatten:
	case c.manifest == athenaData && c.inputType == "":
		w.fail("The field InputType is required when ManifestType is ATHENA_DATA")
	case c.manifest == "" && c.inputType == "":
		w.fail("The field InputType is required")
	case c.inputType == typeParquet && c.version != "":
		w.fail("The field VersionId is not supported when InputType is PARQUET")
	}
	if len(c.pointer) >= 2000 || c.pointer != "" && !strings.HasPrefix(c.pointer, "/") {
		w.fail("The ItemsPointer %s is not a valid JSON Pointer of less than 2000 characters", shorten(c.pointer))
	}
}

// shorten keeps messages readable.
func shorten(s string) string {
	const enough = 100
	if len(s) <= enough {
		return s
	}
	return strings.ToValidUTF8(s[:enough], "") + "…"
}
