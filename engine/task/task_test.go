package task_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"statehouse/engine/task"
)

func TestParseResource(t *testing.T) {
	t.Parallel()
	tests := []struct {
		arn  string
		want task.Resource
	}{
		{"arn:aws:states:::http:invoke", task.Resource{Kind: task.Service, Service: "http", Action: "invoke"}},
		{"arn:aws:states:::human:createTask.sync", task.Resource{Kind: task.Service, Service: "human", Action: "createTask", Pattern: task.Sync}},
		{"arn:aws:states:::states:startExecution.sync:2", task.Resource{Kind: task.Service, Service: "states", Action: "startExecution", Pattern: task.Sync2}},
		{"arn:aws:states:::sqs:sendMessage.waitForTaskToken", task.Resource{Kind: task.Service, Service: "sqs", Action: "sendMessage", Pattern: task.WaitForTaskToken}},
		{"arn:aws:states:::aws-sdk:s3:getObject", task.Resource{Kind: task.Service, Service: "aws-sdk:s3", Action: "getObject"}},
		{"arn:aws:states:us-east-1:1:activity:pack", task.Resource{Kind: task.Activity, Service: "activity", Action: "pack"}},
		{"arn:aws:lambda:us-east-1:1:function:f", task.Resource{Kind: task.Lambda, Service: "lambda", Action: "function"}},
		{"arn:aws:states:::nothing", task.Resource{Kind: task.Service}},
		{"nothing", task.Resource{Kind: task.Service}},
		{"", task.Resource{Kind: task.Service}},
	}
	for _, tt := range tests {
		t.Run(tt.arn, func(t *testing.T) {
			t.Parallel()
			tt.want.ARN = tt.arn
			if got := task.ParseResource(tt.arn); got != tt.want {
				t.Errorf("ParseResource = %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestRegistry(t *testing.T) {
	t.Parallel()
	g := task.NewRegistry()
	one := task.Func(func(context.Context, task.Request) task.Reply { return task.Reply{} })
	g.Register("a", "b", []string{"", task.Sync}, one)
	if _, ok := g.Find(task.ParseResource("arn:aws:states:::a:b.sync")); !ok {
		t.Error("a:b.sync is not found")
	}
	unknown := task.ParseResource("arn:aws:states:::a:b.waitForTaskToken")
	if _, ok := g.Find(unknown); ok {
		t.Error("a pattern that was not registered is found")
	}
	if got, want := g.Names(), []string{"a:b", "a:b.sync"}; !slices.Equal(got, want) {
		t.Errorf("Names = %v, want %v", got, want)
	}
	if r := g.Unknown(unknown); r.Error != "States.Runtime" || !strings.Contains(r.Cause, unknown.ARN) || !strings.Contains(r.Cause, "a:b.sync") {
		t.Errorf("Unknown = %+v", r)
	}
}
