//go:build clients

package clients

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
)

func (w *goWalk) create() {
	in := &sfn.CreateStateMachineInput{
		Name: aws.String("order"), Definition: definition("order-1"), RoleArn: aws.String(role),
		Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("red")}}, TracingConfiguration: &types.TracingConfiguration{Enabled: true},
	}
	made := must(w.CreateStateMachine(w.ctx, in))
	same(*made.StateMachineArn, order)
	same(time.Since(*made.CreationDate).Abs() < time.Minute, true)
	again := must(w.CreateStateMachine(w.ctx, in))
	same(*again.CreationDate, *made.CreationDate)
	in.Definition = definition("order-2")
	refused[*types.StateMachineAlreadyExists](second(w.CreateStateMachine(w.ctx, in)), "State Machine Already Exists: '"+order+"'")
	refused[*types.InvalidDefinition](second(w.CreateStateMachine(w.ctx, &sfn.CreateStateMachineInput{
		Name: aws.String("wrong"), RoleArn: aws.String(role), Definition: aws.String(`{"StartAt": "A"}`),
	})), "SCHEMA_VALIDATION_FAILED", "[States]")
	in.Name = aws.String("no spaces")
	refused[*types.InvalidName](second(w.CreateStateMachine(w.ctx, in)))

	got := must(w.DescribeStateMachine(w.ctx, &sfn.DescribeStateMachineInput{StateMachineArn: machine("order")}))
	same([]any{*got.Name, got.Status, got.Type, *got.RoleArn, *got.Definition, got.TracingConfiguration.Enabled},
		[]any{"order", types.StateMachineStatusActive, types.StateMachineTypeStandard, role, *definition("order-1"), true})
	got = must(w.DescribeStateMachine(w.ctx, &sfn.DescribeStateMachineInput{StateMachineArn: machine("order"), IncludedData: types.IncludedDataMetadataOnly}))
	same(*got.Definition, "{}")
	same(w.machines(), []string{"order", "Order-review"})

	same(must(w.ValidateStateMachineDefinition(w.ctx, &sfn.ValidateStateMachineDefinitionInput{Definition: definition("order-1")})).Result,
		types.ValidateStateMachineDefinitionResultCodeOk)
	judged := must(w.ValidateStateMachineDefinition(w.ctx, &sfn.ValidateStateMachineDefinitionInput{
		Definition: aws.String(`{"StartAt": "A", "States": {"A": {"Type": "Pass"}}}`),
	}))
	same(judged.Result, types.ValidateStateMachineDefinitionResultCodeFail)
	same(judged.Diagnostics[0].Severity, types.ValidateStateMachineDefinitionSeverityError)
}

// machines are the names of all machines, read one a page.
func (w *goWalk) machines() []string {
	var names []string
	for pages := sfn.NewListStateMachinesPaginator(w, &sfn.ListStateMachinesInput{MaxResults: 1}); pages.HasMorePages(); {
		for _, m := range must(pages.NextPage(w.ctx)).StateMachines {
			names = append(names, *m.Name)
		}
	}
	return names
}

func (w *goWalk) publish() {
	first := must(w.PublishStateMachineVersion(w.ctx, &sfn.PublishStateMachineVersionInput{StateMachineArn: machine("order"), Description: aws.String("the first rate")}))
	same(*first.StateMachineVersionArn, order+":1")
	again := must(w.PublishStateMachineVersion(w.ctx, &sfn.PublishStateMachineVersionInput{StateMachineArn: machine("order")}))
	same(*again.StateMachineVersionArn, order+":1")
	changed := must(w.UpdateStateMachine(w.ctx, &sfn.UpdateStateMachineInput{StateMachineArn: machine("order"), Definition: definition("order-2")}))
	refused[*types.ConflictException](second(w.PublishStateMachineVersion(w.ctx, &sfn.PublishStateMachineVersionInput{
		StateMachineArn: machine("order"), RevisionId: aws.String("INITIAL"),
	})), "revision")
	published := must(w.PublishStateMachineVersion(w.ctx, &sfn.PublishStateMachineVersionInput{StateMachineArn: machine("order"), RevisionId: changed.RevisionId}))
	same(*published.StateMachineVersionArn, order+":2")
	third := must(w.UpdateStateMachine(w.ctx, &sfn.UpdateStateMachineInput{
		StateMachineArn: machine("order"), Definition: definition("order-1"), Publish: true, VersionDescription: aws.String("back"),
	}))
	same(*third.StateMachineVersionArn, order+":3")
	refused[*types.MissingRequiredParameter](second(w.UpdateStateMachine(w.ctx, &sfn.UpdateStateMachineInput{StateMachineArn: machine("order")})))

	var versions []string
	in := &sfn.ListStateMachineVersionsInput{StateMachineArn: machine("order"), MaxResults: 1}
	for more := true; more; more = in.NextToken != nil {
		page := must(w.ListStateMachineVersions(w.ctx, in))
		for _, v := range page.StateMachineVersions {
			versions = append(versions, *v.StateMachineVersionArn)
		}
		in.NextToken = page.NextToken
	}
	same(versions, []string{order + ":3", order + ":2", order + ":1"})
	must(w.DeleteStateMachineVersion(w.ctx, &sfn.DeleteStateMachineVersionInput{StateMachineVersionArn: aws.String(order + ":3")}))
	same(*must(w.DescribeStateMachine(w.ctx, &sfn.DescribeStateMachineInput{StateMachineArn: aws.String(order + ":2")})).Definition, *definition("order-2"))
	refused[*types.StateMachineDoesNotExist](second(w.DescribeStateMachine(w.ctx, &sfn.DescribeStateMachineInput{StateMachineArn: aws.String(order + ":3")})))
}

// to sends a share of the executions to a version.
func to(version string, weight int32) types.RoutingConfigurationListItem {
	return types.RoutingConfigurationListItem{StateMachineVersionArn: aws.String(order + ":" + version), Weight: weight}
}

func (w *goWalk) alias() {
	prod := must(w.CreateStateMachineAlias(w.ctx, &sfn.CreateStateMachineAliasInput{
		Name: aws.String("PROD"), Description: aws.String("for all"), RoutingConfiguration: []types.RoutingConfigurationListItem{to("1", 100)},
	})).StateMachineAliasArn
	same(*prod, order+":PROD")
	run := w.closed(w.run(prod, "", `{"id": 1}`))
	same(parsed(run.Output), parsed(aws.String(`{"id": 1, "rate": 1}`)))
	same([]string{*run.StateMachineAliasArn, *run.StateMachineVersionArn}, []string{*prod, order + ":1"})
	refusal := as[*types.ValidationException](second(w.UpdateStateMachineAlias(w.ctx, &sfn.UpdateStateMachineAliasInput{
		StateMachineAliasArn: prod, RoutingConfiguration: []types.RoutingConfigurationListItem{to("1", 50), to("2", 40)},
	})))
	same(refusal.Reason, types.ValidationExceptionReasonInvalidRoutingConfiguration)
	routes := []types.RoutingConfigurationListItem{to("1", 0), to("2", 100)}
	must(w.UpdateStateMachineAlias(w.ctx, &sfn.UpdateStateMachineAliasInput{StateMachineAliasArn: prod, RoutingConfiguration: routes}))
	got := must(w.DescribeStateMachineAlias(w.ctx, &sfn.DescribeStateMachineAliasInput{StateMachineAliasArn: prod}))
	same([]any{*got.Name, *got.Description, got.RoutingConfiguration}, []any{"PROD", "for all", routes})
	same(got.UpdateDate.Before(*got.CreationDate), false)
	must(w.CreateStateMachineAlias(w.ctx, &sfn.CreateStateMachineAliasInput{Name: aws.String("TEST"), RoutingConfiguration: []types.RoutingConfigurationListItem{to("2", 100)}}))
	var aliases []string
	in := &sfn.ListStateMachineAliasesInput{StateMachineArn: machine("order"), MaxResults: 1}
	for more := true; more; more = in.NextToken != nil {
		page := must(w.ListStateMachineAliases(w.ctx, in))
		for _, a := range page.StateMachineAliases {
			aliases = append(aliases, *a.StateMachineAliasArn)
		}
		in.NextToken = page.NextToken
	}
	same(aliases, []string{order + ":PROD", order + ":TEST"})
	refused[*types.ConflictException](second(w.DeleteStateMachineVersion(w.ctx, &sfn.DeleteStateMachineVersionInput{StateMachineVersionArn: aws.String(order + ":1")})), "[PROD]")
}

func (w *goWalk) tags() {
	tags := func() map[string]string {
		found := map[string]string{}
		for _, t := range must(w.ListTagsForResource(w.ctx, &sfn.ListTagsForResourceInput{ResourceArn: machine("order")})).Tags {
			found[*t.Key] = *t.Value
		}
		return found
	}
	same(tags(), map[string]string{"team": "red"})
	must(w.TagResource(w.ctx, &sfn.TagResourceInput{ResourceArn: machine("order"), Tags: []types.Tag{
		{Key: aws.String("team"), Value: aws.String("blue")}, {Key: aws.String("cost"), Value: aws.String("")},
	}}))
	same(tags(), map[string]string{"team": "blue", "cost": ""})
	must(w.UntagResource(w.ctx, &sfn.UntagResourceInput{ResourceArn: machine("order"), TagKeys: []string{"cost"}}))
	same(tags(), map[string]string{"team": "blue"})
	one := []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}}
	refusal := as[*types.ResourceNotFound](second(w.TagResource(w.ctx, &sfn.TagResourceInput{ResourceArn: machine("nowhere"), Tags: one})))
	same(*refusal.ResourceName, *machine("nowhere"))
	many := slices.Repeat(one, 51)
	for i := range many {
		many[i].Key = aws.String(string(rune('A' + i)))
	}
	refused[*types.TooManyTags](second(w.TagResource(w.ctx, &sfn.TagResourceInput{ResourceArn: machine("order"), Tags: many})))
}

func (w *goWalk) errors() {
	err := second(w.DescribeStateMachine(w.ctx, &sfn.DescribeStateMachineInput{StateMachineArn: aws.String("order")}))
	refused[*types.InvalidArn](err, "Invalid Arn: 'Invalid ARN prefix: order'")
	told, _ := errors.AsType[*awshttp.ResponseError](err)
	same([]int{told.HTTPStatusCode(), len(told.ServiceRequestID())}, []int{400, 36})
	refused[*types.ValidationException](second(w.CreateStateMachine(w.ctx, &sfn.CreateStateMachineInput{
		Name: aws.String("wrong"), Definition: definition("order-1"), RoleArn: aws.String(role), Type: "FAST",
		Publish: true, VersionDescription: aws.String(strings.Repeat("x", 257)),
	})), "2 validation errors detected: ", "[STANDARD, EXPRESS]", "'versionDescription'")
}

func (w *goWalk) delete() {
	waiting := w.run(machine("work"), "", "{}")
	must(w.DeleteStateMachine(w.ctx, &sfn.DeleteStateMachineInput{StateMachineArn: machine("work")}))
	same(must(w.DescribeStateMachine(w.ctx, &sfn.DescribeStateMachineInput{StateMachineArn: machine("work")})).Status, types.StateMachineStatusDeleting)
	refused[*types.StateMachineDeleting](second(w.StartExecution(w.ctx, &sfn.StartExecutionInput{StateMachineArn: machine("work")})))
	w.succeed(w.take().TaskToken, "{}")
	same(w.closed(waiting).Status, types.ExecutionStatusSucceeded)
	alias := aws.String(order + ":TEST")
	must(w.DeleteStateMachineAlias(w.ctx, &sfn.DeleteStateMachineAliasInput{StateMachineAliasArn: alias}))
	refused[*types.ResourceNotFound](second(w.DescribeStateMachineAlias(w.ctx, &sfn.DescribeStateMachineAliasInput{StateMachineAliasArn: alias})))
	for _, name := range []string{"order", "asked", "callback", "each", "sum", "order"} { // the last one again: no error, as on AWS
		must(w.DeleteStateMachine(w.ctx, &sfn.DeleteStateMachineInput{StateMachineArn: machine(name)}))
	}
	until("only the sample is left", func() bool { return slices.Equal(w.machines(), []string{"Order-review"}) })
	refused[*types.StateMachineDoesNotExist](second(w.DescribeStateMachine(w.ctx, &sfn.DescribeStateMachineInput{StateMachineArn: machine("order")})))
	must(w.DeleteActivity(w.ctx, &sfn.DeleteActivityInput{ActivityArn: aws.String(worker)}))
	same(len(must(w.ListActivities(w.ctx, &sfn.ListActivitiesInput{})).Activities), 0)
}
