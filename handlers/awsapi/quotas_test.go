package awsapi

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"statehouse/engine/value"
)

// TestQuotasOfAMachine fills a machine with versions, aliases and tags until AWS would say no.
func TestQuotasOfAMachine(t *testing.T) {
	t.Parallel()
	atDesk(t, func(t *testing.T, d *desk) {
		in := value.Object(value.Member{Key: "name", Value: value.String("m")}, value.Member{Key: "definition", Value: value.String(definitionPass)},
			value.Member{Key: "roleArn", Value: value.String(scripted["role"])}, value.Member{Key: "publish", Value: value.Bool(true)})
		m := d.must("CreateStateMachine", in.JSON())["stateMachineArn"].(string)
		update := func(i int) reply {
			return d.post("UpdateStateMachine", fmt.Sprintf(`{"stateMachineArn":%q,"roleArn":"%s-%d","publish":true}`, m, scripted["role"], i))
		}
		for i := 2; i <= 1000; i++ {
			if a := update(i); a.Status != http.StatusOK {
				t.Fatalf("version %d: %s", i, a.Text)
			}
		}
		if a := update(1001); a.Code != "ServiceQuotaExceededException" || a.Status != http.StatusPaymentRequired || !strings.Contains(a.Message, "1000") {
			t.Errorf("version 1001: %d %s", a.Status, a.Text)
		}
		if role := d.must("DescribeStateMachine", `{"stateMachineArn":"`+m+`"}`)["roleArn"]; role != scripted["role"]+"-1000" {
			t.Errorf("the refused update changed the machine: %v", role)
		}
		d.must("DeleteStateMachineVersion", `{"stateMachineVersionArn":"`+m+`:1"}`)
		if a := update(1001); a.Body["stateMachineVersionArn"] != m+":1001" {
			t.Errorf("after one was deleted: %s", a.Text)
		}
		alias := func(i int) reply {
			return d.post("CreateStateMachineAlias", fmt.Sprintf(`{"name":"A%d","routingConfiguration":[{"stateMachineVersionArn":"%s:1000","weight":100}]}`, i, m))
		}
		for i := range 100 {
			if a := alias(i); a.Status != http.StatusOK {
				t.Fatalf("alias %d: %s", i+1, a.Text)
			}
		}
		if a := alias(100); a.Code != "ServiceQuotaExceededException" || !strings.Contains(a.Message, "100") {
			t.Errorf("alias 101: %d %s", a.Status, a.Text)
		}
		tag := func(i int) reply {
			return d.post("TagResource", fmt.Sprintf(`{"resourceArn":%q,"tags":[{"key":"k%d","value":"v"}]}`, m, i))
		}
		for i := range 50 {
			if a := tag(i); a.Status != http.StatusOK {
				t.Fatalf("tag %d: %s", i+1, a.Text)
			}
		}
		if a := tag(50); a.Code != "TooManyTags" || a.Body["resourceName"] != m {
			t.Errorf("tag 51: %d %s", a.Status, a.Text)
		}
		if a := tag(7); a.Status != http.StatusOK {
			t.Errorf("a new value for a tag that is there: %s", a.Text)
		}
	})
}
