package awsapi

import (
	"strings"
	"testing"

	"statehouse/engine/value"
)

func TestViolationsAreToldAllAtOnce(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ op, body, code, message string }{
		"one number": {
			"ListActivities", `{"maxResults":1001}`, "ValidationException",
			"1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000",
		},
		"a missing member and a short list": {
			"CreateStateMachineAlias", `{"routingConfiguration":[]}`, "ValidationException",
			"2 validation errors detected: Value null at 'name' failed to satisfy constraint: Member must not be null; " +
				"Value '[]' at 'routingConfiguration' failed to satisfy constraint: Member must have length greater than or equal to 1",
		},
		"inside a list": {
			"TagResource", `{"resourceArn":"x","tags":[{"key":"a","value":"b"},{"key":"","value":"b"}]}`, "ValidationException",
			"1 validation error detected: Value '' at 'tags.2.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1",
		},
		"a secret is not repeated": {
			"PublishStateMachineVersion", `{"stateMachineArn":"x","description":"` + strings.Repeat("s", 257) + `"}`, "ValidationException",
			"1 validation error detected: Value at 'description' failed to satisfy constraint: Member must have length less than or equal to 256",
		},
		"an alias of digits": {
			"CreateStateMachineAlias", `{"name":"123","routingConfiguration":[{"stateMachineVersionArn":"x","weight":100}]}`, "ValidationException",
			`1 validation error detected: Value '123' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$`,
		},
		"a fraction of a page": {
			"ListActivities", `{"maxResults":1.5}`, "SerializationException", "The member 'maxResults' must be a whole number of 32 bits, not 1.5",
		},
		"a list of texts where objects belong": {
			"TagResource", `{"resourceArn":"x","tags":["a"]}`, "SerializationException", "The member 'tags.1.member' must be an object, not a string",
		},
	} {
		in, err := value.Parse(tc.body)
		if err != nil {
			t.Fatal(err)
		}
		err = operations[tc.op].members.check(in)
		if want := tc.code + ": " + tc.message; err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", name, err, want)
		}
	}
}
