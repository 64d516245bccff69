package teststate

import (
	"strings"

	"statehouse/engine/shape"
	"statehouse/engine/task"
)

// services are the optimised integrations whose name in a resource is not the service's.
var services = map[string]string{"states": "sfn", "elasticmapreduce": "emr"}

// polls names the operation that a .sync integration asks until its job is over. Its
// answer is what the state gets, and what a mock stands for.
var polls = map[string]string{
	"athena:startQueryExecution":              "getQueryExecution",
	"batch:submitJob":                         "describeJobs",
	"bedrock:createModelCustomizationJob":     "getModelCustomizationJob",
	"codebuild:startBuild":                    "batchGetBuilds",
	"codebuild:startBuildBatch":               "batchGetBuildBatches",
	"databrew:startJobRun":                    "describeJobRun",
	"ecs:runTask":                             "describeTasks",
	"elasticmapreduce:addStep":                "describeStep",
	"elasticmapreduce:createCluster":          "describeCluster",
	"elasticmapreduce:terminateCluster":       "describeCluster",
	"emr-containers:deleteVirtualCluster":     "describeVirtualCluster",
	"emr-containers:startJobRun":              "describeJobRun",
	"emr-serverless:cancelJobRun":             "getJobRun",
	"emr-serverless:createApplication":        "getApplication",
	"emr-serverless:deleteApplication":        "getApplication",
	"emr-serverless:startApplication":         "getApplication",
	"emr-serverless:startJobRun":              "getJobRun",
	"emr-serverless:stopApplication":          "getApplication",
	"glue:startJobRun":                        "getJobRun",
	"mediaconvert:createJob":                  "getJob",
	"sagemaker:createAutoMLJob":               "describeAutoMLJob",
	"sagemaker:createHyperParameterTuningJob": "describeHyperParameterTuningJob",
	"sagemaker:createLabelingJob":             "describeLabelingJob",
	"sagemaker:createProcessingJob":           "describeProcessingJob",
	"sagemaker:createTrainingJob":             "describeTrainingJob",
	"sagemaker:createTransformJob":            "describeTransformJob",
	"states:startExecution":                   "describeExecution",
}

// responseOf is the operation whose answer a task has as its result, and the members that
// the integration turns from text into JSON. It is nil where AWS does not check either:
// for functions and activities, callbacks, HTTP, API Gateway and EKS.
func responseOf(r task.Resource) (operation *shape.Operation, free []string) {
	if r.Kind != task.Service || r.Pattern == task.WaitForTaskToken {
		return nil, nil
	}
	if name, ok := strings.CutPrefix(r.Service, "aws-sdk:"); ok {
		return shape.Of(name, r.Action), nil
	}
	service, action := r.Service, r.Action
	if other, ok := services[service]; ok {
		service = other
	}
	switch {
	case service == "http", service == "apigateway", service == "eks", service == "human":
		return nil, nil
	case r.Pattern != task.RequestResponse:
		action = polls[r.Service+":"+r.Action]
		if r.Pattern == task.Sync2 {
			free = []string{"Input", "Output"}
		}
	case service == "lambda":
		free = []string{"Payload"}
	case service == "bedrock" && action == "invokeModel":
		service, free = "bedrock-runtime", []string{"Body"}
	}
	return shape.Of(service, action), free
}
