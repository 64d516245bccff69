package awsapi

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"statehouse/engine/value"
)

const (
	definitionPass = `{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}`
	definitionWait = `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":86400,"End":true}}}`
	definitionWork = `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:us-east-1:000000000000:activity:act","End":true}}}`
	definitionEach = `{"StartAt":"M","States":{"M":{"Type":"Map","Label":"each","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},` +
		`"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":86400,"End":true}}},"End":true}}}`
)

// goods are requests that would succeed, by operation. Whatever is made wrong about them must
// leave the world as it is.
var goods = map[string]string{
	"CreateActivity":                   `{"name":"new"}`,
	"CreateStateMachine":               `{"name":"new","definition":"@pass","roleArn":"$role"}`,
	"CreateStateMachineAlias":          `{"name":"NEW","routingConfiguration":[{"stateMachineVersionArn":"$machine:1","weight":100}]}`,
	"DeleteActivity":                   `{"activityArn":"$activity"}`,
	"DeleteStateMachine":               `{"stateMachineArn":"$machine"}`,
	"DeleteStateMachineAlias":          `{"stateMachineAliasArn":"$machine:PROD"}`,
	"DeleteStateMachineVersion":        `{"stateMachineVersionArn":"$machine:2"}`,
	"DescribeActivity":                 `{"activityArn":"$activity"}`,
	"DescribeExecution":                `{"executionArn":"$running"}`,
	"DescribeMapRun":                   `{"mapRunArn":"$mapRun"}`,
	"DescribeStateMachine":             `{"stateMachineArn":"$machine"}`,
	"DescribeStateMachineAlias":        `{"stateMachineAliasArn":"$machine:PROD"}`,
	"DescribeStateMachineForExecution": `{"executionArn":"$running"}`,
	"GetActivityTask":                  `{"activityArn":"$activity"}`,
	"GetExecutionHistory":              `{"executionArn":"$running"}`,
	"ListActivities":                   `{}`,
	"ListExecutions":                   `{"stateMachineArn":"$machine"}`,
	"ListMapRuns":                      `{"executionArn":"$mapping"}`,
	"ListStateMachineAliases":          `{"stateMachineArn":"$machine"}`,
	"ListStateMachineVersions":         `{"stateMachineArn":"$machine"}`,
	"ListStateMachines":                `{}`,
	"ListTagsForResource":              `{"resourceArn":"$machine"}`,
	"PublishStateMachineVersion":       `{"stateMachineArn":"$machine"}`,
	"RedriveExecution":                 `{"executionArn":"$stopped"}`,
	"SendTaskFailure":                  `{"taskToken":"$token"}`,
	"SendTaskHeartbeat":                `{"taskToken":"$token"}`,
	"SendTaskSuccess":                  `{"taskToken":"$token","output":"{}"}`,
	"StartExecution":                   `{"stateMachineArn":"$machine"}`,
	"StartSyncExecution":               `{"stateMachineArn":"$express"}`,
	"StopExecution":                    `{"executionArn":"$running"}`,
	"TagResource":                      `{"resourceArn":"$machine","tags":[{"key":"new","value":"1"}]}`,
	"TestState":                        `{"definition":"@state","roleArn":"$role"}`,
	"UntagResource":                    `{"resourceArn":"$machine","tagKeys":["team"]}`,
	"UpdateMapRun":                     `{"mapRunArn":"$mapRun","maxConcurrency":1}`,
	"UpdateStateMachine":               `{"stateMachineArn":"$machine","definition":"@pass"}`,
	"UpdateStateMachineAlias":          `{"stateMachineAliasArn":"$machine:PROD","description":"new"}`,
	"ValidateStateMachineDefinition":   `{"definition":"@pass"}`,
}

// world is everything that a request could harm, and the words that goods use for it.
func (d *desk) world() *strings.Replacer {
	d.t.Helper()
	const role = "arn:aws:iam::000000000000:role/r"
	create := func(name, kind, definition string) string {
		in := value.Object(value.Member{Key: "name", Value: value.String(name)}, value.Member{Key: "definition", Value: value.String(definition)},
			value.Member{Key: "roleArn", Value: value.String(role)}, value.Member{Key: "type", Value: value.String(kind)})
		return d.must("CreateStateMachine", in.JSON())["stateMachineArn"].(string)
	}
	start := func(machine string) string {
		return d.must("StartExecution", `{"stateMachineArn":"`+machine+`","input":"[1,2]"}`)["executionArn"].(string)
	}
	activity := d.must("CreateActivity", `{"name":"act","tags":[{"key":"team","value":"red"}]}`)["activityArn"].(string)
	machine := create("m", "STANDARD", definitionWait)
	d.must("PublishStateMachineVersion", `{"stateMachineArn":"`+machine+`"}`)
	d.must("UpdateStateMachine", `{"stateMachineArn":"`+machine+`","roleArn":"`+role+`2","publish":true}`)
	d.must("CreateStateMachineAlias", `{"name":"PROD","routingConfiguration":[{"stateMachineVersionArn":"`+machine+`:1","weight":100}]}`)
	d.must("TagResource", `{"resourceArn":"`+machine+`","tags":[{"key":"team","value":"red"}]}`)
	running, stopped := start(machine), start(machine)
	d.must("StopExecution", `{"executionArn":"`+stopped+`"}`)
	start(create("work", "STANDARD", definitionWork))
	token := d.must("GetActivityTask", `{"activityArn":"`+activity+`"}`)["taskToken"].(string)
	mapping := start(create("big", "STANDARD", definitionEach))
	run := d.mapRun(mapping)
	return strings.NewReplacer(
		"$role", role, "$machine", machine, "$express", create("express", "EXPRESS", definitionPass), "$activity", activity, "$running", running,
		"$stopped", stopped, "$mapping", mapping, "$mapRun", run, "$token", token,
		`"@pass"`, value.String(definitionPass).JSON(), `"@state"`, value.String(`{"Type":"Pass","End":true}`).JSON(),
	)
}

// mapRun waits for the map run of an execution.
func (d *desk) mapRun(execution string) string {
	d.t.Helper()
	watch := d.eng.Watch(execution)
	defer watch.Close()
	for {
		if runs := d.must("ListMapRuns", `{"executionArn":"`+execution+`"}`)["mapRuns"].([]any); len(runs) > 0 {
			return runs[0].(map[string]any)["mapRunArn"].(string)
		}
		<-watch.C
	}
}

// inventory is the whole world as the API tells it.
func (d *desk) inventory(words *strings.Replacer) string {
	var b strings.Builder
	for _, call := range []string{
		`ListStateMachines {}`, `ListActivities {}`, `ListStateMachineVersions {"stateMachineArn":"$machine"}`,
		`ListStateMachineAliases {"stateMachineArn":"$machine"}`, `ListExecutions {"stateMachineArn":"$machine"}`,
		`ListTagsForResource {"resourceArn":"$machine"}`, `ListTagsForResource {"resourceArn":"$activity"}`,
		`DescribeStateMachine {"stateMachineArn":"$machine"}`, `DescribeStateMachineAlias {"stateMachineAliasArn":"$machine:PROD"}`,
		`DescribeExecution {"executionArn":"$running"}`, `DescribeExecution {"executionArn":"$stopped"}`,
		`DescribeMapRun {"mapRunArn":"$mapRun"}`, `SendTaskHeartbeat {"taskToken":"$token"}`,
	} {
		op, body, _ := strings.Cut(words.Replace(call), " ")
		a := d.post(op, body)
		fmt.Fprintln(&b, a.Status, a.Text)
	}
	return b.String()
}

// TestEveryBadValueIsRefused breaks every constraint of every operation, on a real store.
func TestEveryBadValueIsRefused(t *testing.T) {
	t.Parallel()
	atDesk(t, func(t *testing.T, d *desk) {
		words := d.world()
		synctest.Wait()
		before, tried := d.inventory(words), 0
		for _, op := range slices.Sorted(maps.Keys(operations)) {
			good, err := value.Parse(words.Replace(goods[op]))
			if err != nil {
				t.Fatal(op, err)
			}
			for _, b := range theModel().spoil(op, good) {
				tried++
				a := d.post(op, b.body)
				if a.Status == http.StatusOK || a.Code != b.code || !strings.Contains(a.Message, b.words) {
					t.Errorf("%s, '%s' %s: got %d %s %.300q, want %s with %q", op, b.path, b.what, a.Status, a.Code, a.Message, b.code, b.words)
				}
			}
			if after := d.inventory(words); after != before {
				t.Fatalf("%s: refused requests changed something:\n%s\nbefore:\n%s", op, after, before)
			}
		}
		t.Logf("%d bad values", tried)
		if tried < 1000 {
			t.Errorf("only %d bad values were tried", tried)
		}
	})
}
