package shape_test

import (
	"testing"

	"statehouse/engine/shape"
	"statehouse/engine/value"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name               string
		service, operation string
		answer             string
		complete           bool
		want               string
	}{
		{"an empty answer lacks what is required", "sfn", "startExecution", `{}`, true, "Required field 'ExecutionArn' is missing"},
		{"members begin with a capital", "sfn", "startExecution", `{"executionArn":"a","startDate":"b"}`, true, "Required field 'ExecutionArn' is missing"},
		{"members that are not known may be there", "sfn", "startExecution", `{"executionArn":1}`, false, ""},
		{"a time is a text", "sfn", "startExecution", `{"ExecutionArn":"a","StartDate":1}`, true, "Field 'StartDate' must be a string"},
		{"a text may be too short", "kms", "encrypt", `{"CiphertextBlob":""}`, true, "Field 'CiphertextBlob' is smaller than the minimum length"},
		{"a blob is a text", "kms", "encrypt", `{"CiphertextBlob":1}`, false, "Field 'CiphertextBlob' must be a string"},
		{"a number may be too large", "lambda", "getFunction", `{"Configuration":{"MemorySize":10241}}`, true, "Field 'MemorySize' exceeds the maximum value"},
		{"a number may be too small", "lambda", "getFunction", `{"Configuration":{"MemorySize":127}}`, true, "Field 'MemorySize' is less than the minimum value"},
		{"a number is no text", "dynamodb", "putItem", `{"ConsumedCapacity":{"CapacityUnits":"1.5"}}`, false, "Field 'CapacityUnits' must be a number"},
		{"an enumeration is closed", "s3", "getObject", `{"StorageClass":"Papyrus"}`, true, "Field 'StorageClass' is not an expected value"},
		{"a list is no text", "events", "putEvents", `{"Entries":"x"}`, true, "Field 'Entries' must be an array"},
		{"the innermost member is named", "events", "putEvents", `{"Entries":[{"EventId":["x"]}]}`, true, "Field 'EventId' must be a string"},
		{"a structure is no list", "lambda", "getFunction", `{"Configuration":[]}`, true, "Field 'Configuration' must be an object"},
		{"a boolean is no number", "dynamodb", "scan", `{"Items":[{"a":{"BOOL":1}}]}`, true, "Field 'BOOL' must be a boolean"},
		{"shapes may hold themselves", "dynamodb", "getItem", `{"Item":{"a":{"M":{"b":{"L":[{"S":1}]}}}}}`, true, "Field 'S' must be a string"},
		{"an operation may answer nothing", "sqs", "deleteMessage", `{"x":1}`, true, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := shape.Of(tt.service, tt.operation)
			if o == nil {
				t.Fatalf("%s:%s is not in the table", tt.service, tt.operation)
			}
			got := ""
			if err := o.Check(value.Raw(tt.answer), tt.complete); err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("Check = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestAMemberThatTheIntegrationChangesIsFree(t *testing.T) {
	t.Parallel()
	o := shape.Of("lambda", "invoke")
	answer := value.Raw(`{"Payload":{"parsed":true}}`)
	if err := o.Check(answer, true, "Payload"); err != nil {
		t.Error(err)
	}
	if err := o.Check(answer, true); err == nil {
		t.Error("the model says that Payload is a blob")
	}
}

func TestServicesHaveTheNamesOfResources(t *testing.T) {
	t.Parallel()
	for _, name := range [][2]string{
		{"sfn", "describeExecution"},
		{"stepfunctions", "describeExecution"},
		{"eventbridge", "putEvents"},
		{"cloudwatchlogs", "getLogEvents"},
		{"elasticloadbalancingv2", "describeRules"},
		{"emr", "describeCluster"},
		{"secretsmanager", "getSecretValue"},
		{"rds", "describeDbClusters"},
		{"S3", "ListObjectsV2"},
	} {
		if shape.Of(name[0], name[1]) == nil {
			t.Errorf("%s:%s is not in the table", name[0], name[1])
		}
	}
	for _, name := range [][2]string{{"nothing", "getObject"}, {"s3", "nothing"}, {"", ""}} {
		if shape.Of(name[0], name[1]) != nil {
			t.Errorf("%s:%s is in the table", name[0], name[1])
		}
	}
}
