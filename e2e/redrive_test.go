package e2e

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// TestRedriveGoesOnAfterKill lets one of two branches fail, redrives, kills the server
// before the branch is done, and finds that only this branch was worked on again.
func TestRedriveGoesOnAfterKill(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := start(t, data)
	c := s.client()
	easy, hard := newActivity(t, c, "easy"), newActivity(t, c, "hard")
	m := machine(t, c, "both", `{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
		{"StartAt":"Easy","States":{"Easy":{"Type":"Task","Resource":"`+easy+`","End":true}}},
		{"StartAt":"Hard","States":{"Hard":{"Type":"Task","Resource":"`+hard+`","End":true}}}]}}}`)
	arn := run(t, c, m, `{}`)
	succeed(t, c, take(t, c, easy))
	if _, err := c.SendTaskFailure(t.Context(), &sfn.SendTaskFailureInput{TaskToken: aws.String(take(t, c, hard)), Error: aws.String("Boom"), Cause: aws.String("not today")}); err != nil {
		t.Fatal(err)
	}
	if x := finished(t, c, arn); x.Status != types.ExecutionStatusFailed || x.RedriveStatus != types.ExecutionRedriveStatusRedrivable {
		t.Fatalf("it is %s, %s", x.Status, x.RedriveStatus)
	}
	page := s.get(t, pageOf(arn))
	if text := page.text(); !strings.Contains(text, "Redrive this execution?") || !strings.Contains(page.Body, `<li translate="no">Hard</li>`) || strings.Contains(page.Body, `<li translate="no">Easy</li>`) {
		t.Errorf("the page does not say what runs again: %.3000s", text)
	}

	if a := s.post(t, pageOf(arn)+"/redrive", nil); a.StatusCode != 303 {
		t.Fatalf("redrive from the page: %d %.300s", a.StatusCode, a.text())
	}
	if a := s.post(t, pageOf(arn)+"/redrive", nil); a.StatusCode < 400 || a.StatusCode >= 500 || !strings.Contains(a.text(), "RUNNING") {
		t.Errorf("redrive of one that runs: %d %.300s", a.StatusCode, a.text())
	}
	s.kill(t)
	s = start(t, data)
	c = s.client()
	token := take(t, c, hard)
	s.kill(t)
	s = start(t, data)
	c = s.client()
	succeed(t, c, token)
	x := finished(t, c, arn)
	if x.Status != types.ExecutionStatusSucceeded || aws.ToInt32(x.RedriveCount) != 1 || x.RedriveDate == nil || x.RedriveDate.Before(*x.StartDate) {
		t.Errorf("in the end it is %s, redriven %d times at %v", x.Status, aws.ToInt32(x.RedriveCount), x.RedriveDate)
	}
	count := map[types.HistoryEventType]int{}
	h, err := c.GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: &arn})
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range h.Events {
		if e.Id != int64(i+1) {
			t.Errorf("event %d has id %d", i+1, e.Id)
		}
		count[e.Type]++
	}
	for kind, want := range map[types.HistoryEventType]int{
		types.HistoryEventTypeExecutionStarted: 1, types.HistoryEventTypeExecutionRedriven: 1, types.HistoryEventTypeExecutionFailed: 1,
		types.HistoryEventTypeActivityScheduled: 3, types.HistoryEventTypeExecutionSucceeded: 1,
	} {
		if count[kind] != want {
			t.Errorf("%d events of type %s, want %d", count[kind], kind, want)
		}
	}
	_, err = c.RedriveExecution(t.Context(), &sfn.RedriveExecutionInput{ExecutionArn: &arn})
	if err == nil || !strings.Contains(err.Error(), "ExecutionNotRedrivable") || !strings.Contains(err.Error(), "Execution is SUCCEEDED and cannot be redriven") {
		t.Errorf("redrive of one that succeeded: %v", err)
	}
	list, err := c.ListExecutions(t.Context(), &sfn.ListExecutionsInput{StateMachineArn: &m, RedriveFilter: types.ExecutionRedriveFilterRedriven})
	if err != nil || len(list.Executions) != 1 || aws.ToInt32(list.Executions[0].RedriveCount) != 1 {
		t.Errorf("redriven executions: %+v, %v", list, err)
	}
}

// TestVersionsAliasesAndTags walks them with the AWS SDK, across a kill.
func TestVersionsAliasesAndTags(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := start(t, data)
	c := s.client()
	ctx := t.Context()
	text := func(result string) *string {
		return aws.String(`{"StartAt":"A","States":{"A":{"Type":"Pass","Result":"` + result + `","End":true}}}`)
	}
	m, err := c.CreateStateMachine(ctx, &sfn.CreateStateMachineInput{
		Name: aws.String("one"), RoleArn: aws.String(role), Definition: text("one"), Publish: true, VersionDescription: aws.String("the first"),
		Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("red")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	up, err := c.UpdateStateMachine(ctx, &sfn.UpdateStateMachineInput{StateMachineArn: m.StateMachineArn, Definition: text("two"), Publish: true})
	if err != nil {
		t.Fatal(err)
	}
	alias, err := c.CreateStateMachineAlias(ctx, &sfn.CreateStateMachineAliasInput{Name: aws.String("PROD"), RoutingConfiguration: []types.RoutingConfigurationListItem{
		{StateMachineVersionArn: m.StateMachineVersionArn, Weight: 100},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if x := finished(t, c, run(t, c, *alias.StateMachineAliasArn, `{}`)); aws.ToString(x.Output) != `"one"` || aws.ToString(x.StateMachineVersionArn) != *m.StateMachineVersionArn {
		t.Errorf("by the alias: %s of %s", aws.ToString(x.Output), aws.ToString(x.StateMachineVersionArn))
	}
	if _, err := c.UpdateStateMachineAlias(ctx, &sfn.UpdateStateMachineAliasInput{StateMachineAliasArn: alias.StateMachineAliasArn, RoutingConfiguration: []types.RoutingConfigurationListItem{
		{StateMachineVersionArn: m.StateMachineVersionArn, Weight: 0}, {StateMachineVersionArn: up.StateMachineVersionArn, Weight: 100},
	}}); err != nil {
		t.Fatal(err)
	}
	s.kill(t)
	s = start(t, data)
	c = s.client()
	if x := finished(t, c, run(t, c, *alias.StateMachineAliasArn, `{}`)); aws.ToString(x.Output) != `"two"` || aws.ToString(x.StateMachineAliasArn) != *alias.StateMachineAliasArn {
		t.Errorf("by the changed alias: %s of %s", aws.ToString(x.Output), aws.ToString(x.StateMachineAliasArn))
	}
	tags, err := c.ListTagsForResource(ctx, &sfn.ListTagsForResourceInput{ResourceArn: m.StateMachineArn})
	if err != nil || len(tags.Tags) != 1 || aws.ToString(tags.Tags[0].Value) != "red" {
		t.Errorf("tags %+v, %v", tags, err)
	}
	_, err = c.DeleteStateMachineVersion(ctx, &sfn.DeleteStateMachineVersionInput{StateMachineVersionArn: m.StateMachineVersionArn})
	if err == nil || !strings.Contains(err.Error(), "ConflictException") || !strings.Contains(err.Error(), "[PROD]") {
		t.Errorf("deleting a version that an alias leads to: %v", err)
	}
	if _, err := c.DeleteStateMachine(ctx, &sfn.DeleteStateMachineInput{StateMachineArn: m.StateMachineArn}); err != nil {
		t.Fatal(err)
	}
	_, err = c.DescribeStateMachineAlias(ctx, &sfn.DescribeStateMachineAliasInput{StateMachineAliasArn: alias.StateMachineAliasArn})
	if err == nil || !strings.Contains(err.Error(), "ResourceNotFound") {
		t.Errorf("the alias of a deleted machine: %v", err)
	}
}
