package human

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"statehouse/engine/value"
)

// schemaURL is what the form's schema is called while it is compiled. Nothing is fetched.
const schemaURL = "form:///schema.json"

// Compile makes a form's JSON Schema usable. The draft is 2020-12 unless it names another
// one; references go nowhere outside of it.
func Compile(form value.Value) (*jsonschema.Schema, error) {
	doc, err := plain(form)
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	c.UseLoader(noLoader{})
	if err := c.AddResource(schemaURL, doc); err != nil {
		return nil, err
	}
	return c.Compile(schemaURL)
}

type noLoader struct{}

func (noLoader) Load(url string) (any, error) {
	return nil, fmt.Errorf("a form must not refer to %s: schemas from elsewhere are not fetched", url)
}

// plain is the value as the schema library wants it, numbers exact.
func plain(v value.Value) (any, error) {
	d := json.NewDecoder(strings.NewReader(v.JSON()))
	d.UseNumber()
	var out any
	err := d.Decode(&out)
	return out, err
}

// checkSchema says in one line what is wrong with a form's schema.
func checkSchema(form value.Value) error {
	if kind := form.Get("type"); !kind.IsAbsent() && kind.Text() != "object" {
		return invalid("Form", "must be a JSON Schema of type object, not of type %s", short(kind))
	}
	_, err := Compile(form)
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*jsonschema.SchemaValidationError](err); ok {
		if v, ok := errors.AsType[*jsonschema.ValidationError](e.Err); ok {
			leaf := v
			for len(leaf.Causes) > 0 {
				leaf = leaf.Causes[0]
			}
			return invalid("Form", "is no valid JSON Schema: at '%s': %s", pointer(leaf.InstanceLocation), inWords(leaf))
		}
	}
	return invalid("Form", "is no valid JSON Schema: %s", strings.ReplaceAll(err.Error(), schemaURL, ""))
}

func pointer(location []string) string {
	var b strings.Builder
	for _, part := range location {
		b.WriteByte('/')
		b.WriteString(strings.NewReplacer("~", "~0", "/", "~1").Replace(part))
	}
	return b.String()
}
