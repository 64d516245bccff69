package teststate

import (
	"strings"
	"testing"

	"statehouse/engine/task"
)

// Every integration whose result is checked has an operation to check it against.
func TestServicesAreInTheTable(t *testing.T) {
	t.Parallel()
	resources := []string{
		"athena:startQueryExecution", "batch:submitJob", "bedrock:invokeModel", "bedrock:createModelCustomizationJob", "codebuild:startBuild",
		"databrew:startJobRun", "dynamodb:getItem", "ecs:runTask", "emr-containers:startJobRun",
		"emr-serverless:startJobRun", "events:putEvents", "glue:startJobRun", "lambda:invoke", "mediaconvert:createJob",
		"sagemaker:createTrainingJob", "sns:publish", "sqs:sendMessage", "states:startExecution",
		"aws-sdk:s3:getObject", "aws-sdk:sfn:describeExecution", "aws-sdk:cloudwatchlogs:putLogEvents",
	}
	for name := range polls {
		resources = append(resources, name+".sync")
	}
	for _, r := range resources {
		if operation, _ := responseOf(task.ParseResource("arn:aws:states:::" + r)); operation == nil {
			t.Errorf("%s is not in the table", strings.TrimSuffix(r, ".sync"))
		}
	}
}
