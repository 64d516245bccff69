package engine

import (
	"strings"
	"unicode/utf8"

	"statehouse/engine/arn"
)

// maxName is AWS's limit for the names of machines, executions and activities.
const maxName = 80

// checkName applies AWS's rules for names.
func checkName(name string) error {
	switch n := utf8.RuneCountInString(name); {
	case !utf8.ValidString(name):
		return fault("InvalidName", "name", "Invalid Name: %q is not valid UTF-8", name)
	case n == 0:
		return fault("InvalidName", "name", "Invalid Name: '' - a name has 1 to %d characters", maxName)
	case n > maxName:
		return fault("InvalidName", "name", "Invalid Name: '%s…' - a name has at most %d characters, this one has %d",
			string([]rune(name)[:20]), maxName, n)
	}
	if strings.ContainsFunc(name, forbidden) {
		return fault("InvalidName", "name", "Invalid Name: '%s'", name)
	}
	return nil
}

func forbidden(r rune) bool {
	switch {
	case r <= 0x20, r >= 0x7f && r <= 0x9f, r >= 0xfffe && r <= 0xffff:
		return true
	}
	return strings.ContainsRune("<>{}[]?*\"#%\\^|~`$&,;:/", r) || isSpace(r)
}

func isSpace(r rune) bool {
	switch r {
	case 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff:
		return true
	}
	return r >= 0x2000 && r <= 0x200a
}

// checkARN says in AWS's words why a text is not the name of such a resource.
func checkARN(text, field string, kinds ...arn.Kind) error {
	a, err := arn.Parse(text)
	if err != nil {
		return fault("InvalidArn", field, "Invalid Arn: 'Invalid ARN prefix: %s'", clip(text))
	}
	if a.Service != "states" {
		return fault("InvalidArn", field, "Invalid Arn: 'ARN service is not states: %s'", clip(text))
	}
	got := a.Kind()
	for _, k := range kinds {
		if got != k {
			continue
		}
		if strings.ContainsFunc(a.MachineName()+a.ExecutionName()+a.ActivityName(), forbidden) {
			return fault("InvalidArn", field, "Invalid Arn: 'Invalid characters in the resource name: %s'", clip(text))
		}
		return nil
	}
	kind, _, _ := strings.Cut(a.Resource, ":")
	if got == arn.Unknown && len(kinds) > 0 && kind == string(kinds[0]) {
		return fault("InvalidArn", field, "Invalid Arn: 'Resource name is incomplete: %s'", clip(text))
	}
	return fault("InvalidArn", field, "Invalid Arn: 'Resource type not valid in this context: %s'", clip(kind))
}
