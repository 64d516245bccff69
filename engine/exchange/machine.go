package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"statehouse/engine/arn"
	"statehouse/engine/value"
)

// maxMachines is how many state machines are taken in at once.
const maxMachines = 500

// add checks a definition's JSON and takes the machine in. known tells what is known about
// placeholders by their names.
func (r *reader) add(m Machine, text string, known func(string) *hole) {
	if len(r.out.Machines) >= maxMachines {
		panic(&Error{Message: fmt.Sprintf("the files have more than %d state machines", maxMachines)})
	}
	if m.Name = NameOf(m.Name); m.Name == "" {
		m.Name = or(NameOf(m.ID), "workflow")
	}
	m.Name = unique(r.names, m.Name)
	m.Found = m.Name
	m.ID = unique(r.ids, m.ID)
	m.Definition = indented(text)
	m.Placeholders = placeholdersOf(m.Definition, known)
	r.out.Machines = append(r.out.Machines, m)
}

// checked tells whether a text is a JSON object, placeholders aside. Otherwise the error
// stands at the place, which is that of the text's beginning when it is a file's.
func checked(at Place, text string) error {
	v, err := value.Parse(sound(text))
	if e, ok := errors.AsType[*value.SyntaxError](err); ok {
		if at.Line == 1 {
			return fail(Place{at.File, e.Line, e.Column}, "the definition is no JSON: %s", e.Msg)
		}
		return fail(at, "the definition is no JSON: line %d, column %d of it: %s", e.Line, e.Column, e.Msg)
	}
	if v.Kind() != value.KindObject {
		return fail(at, "the definition is no JSON object")
	}
	return nil
}

// definitionFile is a file with a definition as JSON. A JSON file stays as it is.
func (r *reader) definitionFile(f File) (string, error) {
	if isObject(f.Data) {
		text := string(bytes.TrimSpace(f.Data))
		return text, checked(Place{File: f.Name, Line: 1, Column: 1}, text)
	}
	root, err := readYAML(f.Name, f.Data)
	if err != nil {
		return "", err
	}
	if root.kind != object {
		return "", fail(root.at, "the definition is no mapping")
	}
	return printed(root), nil
}

// described reads what DescribeStateMachine answers.
func (r *reader) described(root *node) error {
	get := func(key string) string { s, _ := root.get(key).plain(); return s }
	m := Machine{ID: get("name"), Name: get("name"), Type: machineType(get("type")), Role: get("roleArn"), Format: JSON, Place: root.at}
	if c := root.get("loggingConfiguration"); c.is(object) {
		m.Logging = compact(c)
	}
	if c := root.get("tracingConfiguration"); c.is(object) {
		m.Tracing = compact(c)
	}
	if c := root.get("encryptionConfiguration"); c != nil {
		m.Encryption = r.encryption(c.at, c.get("type"), c.get("kmsKeyId"), c.get("kmsDataKeyReusePeriodSeconds"))
	}
	at, text := root.get("definition").at, get("definition")
	if err := checked(at, text); err != nil {
		return err
	}
	r.add(m, text, r.pseudo)
	return nil
}

func compact(n *node) string {
	if v, err := value.Parse(sound(printed(n))); err == nil {
		return v.JSON()
	}
	return ""
}

// encryption are the settings of a key in the words of the API; "" is AWS's own key. A key
// that a template makes is not there.
func (r *reader) encryption(at Place, kind, key, reuse *node) string {
	word, ok := kind.given()
	if !ok || word != "CUSTOMER_MANAGED_KMS_KEY" {
		return ""
	}
	id, ok := key.given()
	if !ok {
		r.note(at, "the key of the encryption is not known here: what is stored is encrypted as all else of this server")
		return ""
	}
	c := value.Object(value.Member{Key: "type", Value: value.String(word)}, value.Member{Key: "kmsKeyId", Value: value.String(id)})
	if text, ok := reuse.given(); ok && value.Scalar(text).Kind() == value.KindNumber {
		c = c.With("kmsDataKeyReusePeriodSeconds", value.Scalar(text))
	}
	return c.JSON()
}

func machineType(s string) string {
	if strings.EqualFold(s, "EXPRESS") {
		return "EXPRESS"
	}
	return "STANDARD"
}

// maxName is how long names of machines may be.
const maxName = 80

// NameOf is the nearest text that may be the name of a state machine; empty when nothing of
// it is left.
func NameOf(s string) string {
	var b strings.Builder
	for _, c := range s {
		switch {
		case b.Len() >= maxName:
		case unicode.IsLetter(c) || unicode.IsDigit(c) || strings.ContainsRune("-_.+!@()='", c):
			b.WriteRune(c)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	name := []rune(strings.Trim(b.String(), "-"))
	return string(name[:min(len(name), maxName)])
}

// unique gives a name a number when it is used already.
func unique(used map[string]bool, name string) string {
	one := name
	for i := 2; used[one]; i++ {
		one = name + "-" + strconv.Itoa(i)
	}
	used[one] = true
	return one
}

// Renamed lets the definitions of machines that got other names than they were found with
// call each other by the new ones.
func Renamed(machines []Machine, names arn.Names) []Machine {
	var pairs []string
	for _, m := range machines {
		if m.Found == "" || m.Found == m.Name {
			continue
		}
		for _, end := range []string{`"`, `:`, `'`, `\`} { // not a name that only begins like it
			pairs = append(pairs, names.Machine(m.Found)+end, names.Machine(m.Name)+end)
		}
	}
	if len(pairs) == 0 {
		return machines
	}
	to := strings.NewReplacer(pairs...)
	out := make([]Machine, len(machines))
	for i, m := range machines {
		m.Definition = to.Replace(m.Definition)
		out[i] = m
	}
	return out
}

var notInHole = regexp.MustCompile(`[^A-Za-z0-9_.:-]+`)

// holeName is a readable name for ${…} from what the file calls a value.
func holeName(s string) string {
	s = strings.Trim(notInHole.ReplaceAllString(s, "_"), "_")
	if !isPlaceholder(s) { // begins with no letter
		s = "Value" + s
	}
	return s[:min(len(s), maxName)]
}
