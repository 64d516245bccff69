package exchange

import (
	"regexp"
	"strings"

	"statehouse/engine/arn"
)

// service is what is known about a kind of resource: enough to guess how a resource that a
// template makes is called, here.
type service struct {
	cfn, tf         string // types of CloudFormation and Terraform
	cfnName, tfName string // the properties that name one
	arn             string // {p}artition, {r}egion, {a}ccount, {n}ame
	ref             string // what Ref gives: "" the name, otherwise as arn
}

const ownARN = "arn"

var services = []service{
	{"AWS::Lambda::Function", "aws_lambda_function", "FunctionName", "function_name", "arn:{p}:lambda:{r}:{a}:function:{n}", ""},
	{"AWS::Serverless::Function", "", "FunctionName", "", "arn:{p}:lambda:{r}:{a}:function:{n}", ""},
	{"AWS::Lambda::Alias", "aws_lambda_alias", "", "", "arn:{p}:lambda:{r}:{a}:function:{n}", ownARN},
	{"AWS::SQS::Queue", "aws_sqs_queue", "QueueName", "name", "arn:{p}:sqs:{r}:{a}:{n}", "https://sqs.{r}.amazonaws.com/{a}/{n}"},
	{"AWS::SNS::Topic", "aws_sns_topic", "TopicName", "name", "arn:{p}:sns:{r}:{a}:{n}", ownARN},
	{"AWS::DynamoDB::Table", "aws_dynamodb_table", "TableName", "name", "arn:{p}:dynamodb:{r}:{a}:table/{n}", ""},
	{"AWS::Serverless::SimpleTable", "", "TableName", "", "arn:{p}:dynamodb:{r}:{a}:table/{n}", ""},
	{"AWS::S3::Bucket", "aws_s3_bucket", "BucketName", "bucket", "arn:{p}:s3:::{n}", ""},
	{"AWS::ECS::Cluster", "aws_ecs_cluster", "ClusterName", "name", "arn:{p}:ecs:{r}:{a}:cluster/{n}", ""},
	{"AWS::ECS::TaskDefinition", "aws_ecs_task_definition", "Family", "family", "arn:{p}:ecs:{r}:{a}:task-definition/{n}", ownARN},
	{"AWS::Batch::JobQueue", "aws_batch_job_queue", "JobQueueName", "name", "arn:{p}:batch:{r}:{a}:job-queue/{n}", ownARN},
	{"AWS::Batch::JobDefinition", "aws_batch_job_definition", "JobDefinitionName", "name", "arn:{p}:batch:{r}:{a}:job-definition/{n}:1", ownARN},
	{"AWS::Events::EventBus", "aws_cloudwatch_event_bus", "Name", "name", "arn:{p}:events:{r}:{a}:event-bus/{n}", ""},
	{"AWS::Events::Connection", "aws_cloudwatch_event_connection", "Name", "name", "arn:{p}:events:{r}:{a}:connection/{n}", ""},
	{"AWS::IAM::Role", "aws_iam_role", "RoleName", "name", "arn:{p}:iam::{a}:role/{n}", ""},
	{"AWS::Logs::LogGroup", "aws_cloudwatch_log_group", "LogGroupName", "name", "arn:{p}:logs:{r}:{a}:log-group:{n}:*", ""},
	{"AWS::Glue::Job", "aws_glue_job", "Name", "name", "arn:{p}:glue:{r}:{a}:job/{n}", ""},
	{"AWS::CodeBuild::Project", "aws_codebuild_project", "Name", "name", "arn:{p}:codebuild:{r}:{a}:project/{n}", ""},
	{"AWS::SecretsManager::Secret", "aws_secretsmanager_secret", "Name", "name", "arn:{p}:secretsmanager:{r}:{a}:secret:{n}", ownARN},
	{"AWS::StepFunctions::StateMachine", "aws_sfn_state_machine", "StateMachineName", "name", "arn:{p}:states:{r}:{a}:stateMachine:{n}", ownARN},
	{"AWS::Serverless::StateMachine", "", "Name", "", "arn:{p}:states:{r}:{a}:stateMachine:{n}", ownARN},
	{"AWS::StepFunctions::Activity", "aws_sfn_activity", "Name", "name", "arn:{p}:states:{r}:{a}:activity:{n}", ownARN},
}

func serviceOf(kind string) (service, bool) {
	for _, s := range services {
		if kind != "" && (s.cfn == kind || s.tf == kind) {
			return s, true
		}
	}
	return service{}, false
}

// cdkHash is what CDK appends to its logical ids.
var cdkHash = regexp.MustCompile(`[0-9A-F]{8}$`)

// value is what an attribute of such a resource is likely to be; empty when nobody knows.
func (s service) value(known Known, name, attribute string) string {
	form := ""
	switch attribute {
	case "Arn", "arn", "TopicArn", "TaskDefinitionArn", "qualified_arn", "invoke_arn":
		form = s.arn
	case "Ref":
		if form = or(s.ref, "{n}"); form == ownARN {
			form = s.arn
		}
	case "id":
		switch s.tf {
		case "aws_sqs_queue":
			form = s.ref
		case "aws_sns_topic", "aws_sfn_state_machine", "aws_sfn_activity", "aws_secretsmanager_secret", "aws_ecs_cluster":
			form = s.arn
		default:
			form = "{n}"
		}
	case "url", "QueueUrl":
		form = s.ref
	case "name", "Name", "bucket", "function_name", "family", "QueueName", "TopicName", "TableName", s.cfnName, s.tfName:
		form = "{n}"
	}
	return expand(known.Names, form, name)
}

func expand(n arn.Names, form, name string) string {
	return strings.NewReplacer("{p}", partition(n), "{r}", n.Region, "{a}", n.Account, "{n}", name).Replace(form)
}

func partition(n arn.Names) string { return or(n.Partition, arn.PartitionOf(n.Region)) }

// called is a readable name for a resource that its template does not name.
func called(kind, id string) string {
	if short := cdkHash.ReplaceAllString(id, ""); short != "" {
		id = short
	}
	if strings.Contains(strings.ToLower(kind), "s3") {
		return strings.ToLower(id)
	}
	return id
}
