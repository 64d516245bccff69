package human

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// inWords says one fault as a person would: what is expected, not which keyword failed.
func inWords(e *jsonschema.ValidationError) string {
	switch k := e.ErrorKind.(type) {
	case *kind.Type:
		return "must be " + types(k.Want)
	case *kind.Enum:
		return "must be one of " + list(k.Want)
	case *kind.Const:
		return "must be " + literal(k.Want)
	case *kind.Format:
		return "must be " + format(k.Want)
	case *kind.MinLength:
		if k.Want == 1 {
			return "must not be empty"
		}
		return fmt.Sprintf("must have at least %s", plural(k.Want, "character"))
	case *kind.MaxLength:
		return fmt.Sprintf("must have at most %s, it has %d", plural(k.Want, "character"), k.Got)
	case *kind.Pattern:
		return fmt.Sprintf("must match the pattern %s", k.Want)
	case *kind.Minimum:
		return "must be at least " + number(k.Want)
	case *kind.Maximum:
		return "must be at most " + number(k.Want)
	case *kind.ExclusiveMinimum:
		return "must be more than " + number(k.Want)
	case *kind.ExclusiveMaximum:
		return "must be less than " + number(k.Want)
	case *kind.MultipleOf:
		return "must be a multiple of " + number(k.Want)
	case *kind.MinItems:
		return fmt.Sprintf("must have at least %s", plural(k.Want, "entry"))
	case *kind.MaxItems:
		return fmt.Sprintf("must have at most %s", plural(k.Want, "entry"))
	case *kind.UniqueItems:
		return fmt.Sprintf("must not have the same entry twice (%d and %d)", k.Duplicates[0]+1, k.Duplicates[1]+1)
	case *kind.MinProperties:
		return fmt.Sprintf("must have at least %s", plural(k.Want, "field"))
	case *kind.MaxProperties:
		return fmt.Sprintf("must have at most %s", plural(k.Want, "field"))
	case *kind.FalseSchema:
		return "is not allowed"
	case *kind.AnyOf, *kind.OneOf, *kind.Not, *kind.Contains:
		return "is not one of the allowed forms"
	}
	// The rest is rare, and the library's own words are understandable.
	return e.ErrorKind.LocalizedString(printer)
}

var printer = message.NewPrinter(language.English)

// number prints a bound as people write it: 0.5, not 1/2.
func number(r *big.Rat) string {
	if r.IsInt() {
		return r.RatString()
	}
	f, _ := r.Float64()
	return strconv.FormatFloat(f, 'f', -1, 64)
}

func types(want []string) string {
	names := map[string]string{
		"string": "text", "number": "a number", "integer": "a whole number", "boolean": "yes or no",
		"array": "a list", "object": "a group of fields", "null": "empty",
	}
	var words []string
	for _, w := range want {
		words = append(words, names[w])
	}
	return strings.Join(words, " or ")
}

func format(name string) string {
	switch name {
	case "date":
		return "a date such as 2030-01-31"
	case "date-time":
		return "a time such as 2030-01-31T17:00:00Z"
	case "time":
		return "a time of day such as 17:00:00Z"
	case "email":
		return "an e-mail address"
	case "uri":
		return "a web address such as https://example.org"
	case "duration":
		return "a duration such as P2D"
	}
	return "in the format " + name
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	if strings.HasSuffix(word, "y") {
		word = strings.TrimSuffix(word, "y") + "ie"
	}
	return fmt.Sprintf("%d %ss", n, word)
}

func list(values []any) string {
	var words []string
	for _, v := range values {
		words = append(words, literal(v))
	}
	return strings.Join(words, ", ")
}

func literal(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}
