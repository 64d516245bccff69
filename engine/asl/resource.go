package asl

import (
	"regexp"
	"slices"
	"strings"

	"statehouse/engine/arn"
)

// patterns of an integration: how it waits for its answer.
const (
	waitForJob   = "sync"
	waitForJobV2 = "sync:2"
	waitForToken = "waitForTaskToken"
)

// human is the service of tasks that people do.
const human = "human"

// integrations are the services of arn:aws:states:::SERVICE:ACTION, their actions, and the
// patterns that each action has besides the plain request.
var integrations = map[string]map[string][]string{
	"apigateway": {"invoke": {waitForToken}},
	"athena":     {"startQueryExecution": {waitForJob}, "stopQueryExecution": nil, "getQueryExecution": nil, "getQueryResults": nil},
	"aws-sdk":    nil, // any service and action
	"batch":      {"submitJob": {waitForJob}},
	"bedrock": {
		"invokeModel":                 {waitForToken},
		"createModelCustomizationJob": {waitForJob},
	},
	"bedrockagentcore": {"invokeHarness": nil, "invokeAgentRuntime": nil},
	"codebuild":        {"startBuild": {waitForJob}, "stopBuild": nil, "batchDeleteBuilds": nil, "batchGetReports": nil, "startBuildBatch": {waitForJob}, "stopBuildBatch": nil, "retryBuildBatch": {waitForJob}, "deleteBuildBatch": nil},
	"dynamodb":         {"getItem": nil, "putItem": nil, "deleteItem": nil, "updateItem": nil},
	"ecs":              {"runTask": {waitForJob, waitForToken}},
	"eks": {
		"call": nil, "runJob": {waitForJob, waitForToken},
		"createCluster": {waitForJob}, "deleteCluster": {waitForJob}, "createNodegroup": {waitForJob}, "deleteNodegroup": {waitForJob},
		"createFargateProfile": {waitForJob}, "deleteFargateProfile": {waitForJob},
	},
	"elasticmapreduce": {
		"createCluster": {waitForJob}, "terminateCluster": {waitForJob}, "addStep": {waitForJob}, "cancelStep": nil,
		"setClusterTerminationProtection": nil, "modifyInstanceFleetByName": nil, "modifyInstanceGroupByName": nil,
	},
	"emr-containers": {"createVirtualCluster": nil, "deleteVirtualCluster": {waitForJob}, "startJobRun": {waitForJob}},
	"emr-serverless": {
		"createApplication": {waitForJob}, "startApplication": {waitForJob}, "stopApplication": {waitForJob}, "deleteApplication": {waitForJob},
		"startJobRun": {waitForJob}, "cancelJobRun": {waitForJob},
	},
	"events":       {"putEvents": {waitForToken}},
	"glue":         {"startJobRun": {waitForJob}},
	"databrew":     {"startJobRun": {waitForJob}},
	"http":         {"invoke": nil},
	human:          {"createTask": {waitForJob}}, // ours: a person decides
	"lambda":       {"invoke": {waitForToken}},
	"mediaconvert": {"createJob": {waitForJob}},
	"s3":           {"getObject": nil, "listObjectsV2": nil, "putObject": nil},
	"sagemaker": {
		"createTrainingJob": {waitForJob}, "createTransformJob": {waitForJob}, "createLabelingJob": {waitForJob}, "createProcessingJob": {waitForJob},
		"createHyperParameterTuningJob": {waitForJob}, "createEndpoint": nil, "createEndpointConfig": nil, "createModel": nil, "updateEndpoint": nil,
	},
	"sns":    {"publish": {waitForToken}},
	"sqs":    {"sendMessage": {waitForToken}},
	"states": {"startExecution": {waitForJob, waitForJobV2, waitForToken}},
}

var (
	uri            = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:[^\s]+$`)
	sdkAction      = regexp.MustCompile(`^[a-z0-9]+:[a-z][A-Za-z0-9]*(\.waitForTaskToken)?$`)
	lambdaFunction = regexp.MustCompile(`^function:[A-Za-z0-9_-]+(:(\$LATEST|[A-Za-z0-9_-]+))?$`)
)

// integrationOf splits arn:aws:states:::SERVICE:ACTION.PATTERN; service is empty for other names.
func integrationOf(resource string) (service, action string) {
	a, err := arn.Parse(resource)
	if err != nil || a.Service != "states" {
		return "", ""
	}
	service, action, _ = strings.Cut(a.Resource, ":")
	return service, action
}

// recognised tells whether a Task can name a resource. An integration may carry a region and an
// account, which change nothing.
func recognised(resource string) bool {
	a, err := arn.Parse(resource)
	switch {
	case err != nil:
		return false
	case a.Service == "lambda":
		return lambdaFunction.MatchString(a.Resource)
	case a.Service != "states":
		return true // another engine's workers: who runs them is not known here
	case a.Kind() == arn.Activity:
		return true
	}
	service, rest, _ := strings.Cut(a.Resource, ":")
	if service == "aws-sdk" {
		return sdkAction.MatchString(rest)
	}
	action, pattern, _ := strings.Cut(rest, ".")
	patterns, ok := integrations[service][action]
	if !ok || pattern == "" {
		return ok && service != human // a person's answer is always waited for
	}
	for _, p := range patterns {
		if p == pattern {
			return true
		}
	}
	return false
}

func readResource(r *reader, p place, n *node, s *State) {
	if name := substitution(n); name != "" {
		r.report(Warning, placeholderToFillIn, p, n.span(), "The value of '"+name+"' has to be filled in before the definition runs")
		return
	}
	s.Resource = r.string(p, n)
	if n.kind != str || r.open(s.Resource) {
		return
	}
	switch {
	case recognised(s.Resource):
	case uri.MatchString(s.Resource) && !strings.HasPrefix(s.Resource, "arn:"):
		// The States Language asks for a URI only, and so do linters; AWS refuses it.
		r.report(Warning, invalidResource, p, n.span(), "The resource '"+quote(s.Resource)+"' is not an ARN: no integration will run this task")
		return
	case !strings.HasPrefix(s.Resource, "arn:"):
		r.fail(p, n.span(), "Value is not a valid resource ARN").Hint = "it is " + quote(s.Resource)
		return
	default:
		r.unknownResource(p, n)
		return
	}
	if r.express {
		r.expressResource(p, n, s.Resource)
	}
}

// unknownResource says AWS's words; the hint names the actions of the service.
func (r *reader) unknownResource(p place, n *node) {
	d := r.fail(p, n.span(), "The resource provided %s is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.", n.text)
	service, _ := integrationOf(n.text)
	if actions := integrations[service]; len(actions) > 0 {
		d.Hint = service + " has " + strings.Join(forms(service, actions), ", ")
		d.aside = true
	}
}

// forms lists the ways to write the actions of a service.
func forms(service string, actions map[string][]string) []string {
	var out []string
	for action, patterns := range actions {
		if service != human {
			out = append(out, action)
		}
		for _, p := range patterns {
			out = append(out, action+"."+p)
		}
	}
	slices.Sort(out)
	return out
}

// expressResource refuses what an express state machine cannot wait for.
func (r *reader) expressResource(p place, n *node, resource string) {
	switch {
	case arn.KindOf(resource) == arn.Activity:
		r.fail(p, n.span(), "Express state machine does not support Activity ARN")
	case strings.HasSuffix(resource, "."+waitForToken):
		r.fail(p, n.span(), "Express state machine does not support '.waitForTaskToken' service integration ") // AWS ends it with a space
	case strings.HasSuffix(resource, "."+waitForJob), strings.HasSuffix(resource, "."+waitForJobV2):
		r.fail(p, n.span(), "Express state machine does not support '.sync' service integration")
	}
}
