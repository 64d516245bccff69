//go:build clients

package clients

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/smithy-go/middleware"
)

const (
	role   = "arn:aws:iam::000000000000:role/any"
	prefix = "arn:aws:states:us-east-1:000000000000:"
	order  = prefix + "stateMachine:order"
	worker = prefix + "activity:worker"
)

// goWalk goes to all stations with the AWS SDK for Go. What is not as it should be is a panic, which ends the walk.
type goWalk struct {
	*sfn.Client
	ctx context.Context
	at  place
}

func walkGo(t *testing.T, at place, done func(string)) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("%v\n%s", p, debug.Stack())
		}
	}()
	w := goWalk{Client: sfn.New(options(at), withoutPrefix), ctx: t.Context(), at: at}
	for _, s := range []struct {
		name string
		walk func()
	}{
		{"create", w.create},
		{"publish", w.publish},
		{"alias", w.alias},
		{"tags", w.tags},
		{"start", w.start},
		{"stop", w.stop},
		{"activity", w.activity},
		{"callback", w.callback},
		{"history", w.history},
		{"redrive", w.redrive},
		{"map run", w.mapRun},
		{"express", w.express},
		{"test state", w.testState},
		{"prefix", w.prefix},
		{"lost answer", w.lostAnswer},
		{"throttled", w.throttled},
		{"errors", w.errors},
		{"delete", w.delete},
	} {
		s.walk()
		done(s.name)
	}
}

func options(at place) sfn.Options {
	return sfn.Options{
		BaseEndpoint: &at.url,
		Region:       "us-east-1",

		RetryMaxAttempts: 10, // for the station that is throttled
		Credentials:      credentials.NewStaticCredentialsProvider(at.key, at.secret, ""),
	}
}

// withoutPrefix keeps the client from putting sync- before the host.
func withoutPrefix(o *sfn.Options) {
	o.APIOptions = append(o.APIOptions, func(s *middleware.Stack) error {
		_, _ = s.Finalize.Remove("EndpointHostPrefix") // few operations have it
		return nil
	})
}

func (w *goWalk) prefix() {
	proxy, err := url.Parse(w.at.url) // no name server knows the host with sync- before it; the proxy does
	if err != nil {
		panic(err)
	}
	o := options(w.at)
	o.HTTPClient = &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(proxy)}}
	got := must(sfn.New(o).StartSyncExecution(w.ctx, &sfn.StartSyncExecutionInput{StateMachineArn: machine("sum"), Input: aws.String(`{"numbers": [4]}`)}))
	same(parsed(got.Output), parsed(aws.String(`{"sum": 4}`)))
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func same(got, want any) {
	if !reflect.DeepEqual(got, want) {
		panic(fmt.Sprintf("got %v, want %v", got, want))
	}
}

// as expects the client's exception E.
func as[E error](err error) E {
	e, ok := errors.AsType[E](err)
	if !ok {
		panic(fmt.Sprintf("got %v, want %T", err, e))
	}
	return e
}

// refused expects the client's exception E whose message has the words.
func refused[E error](err error, words ...string) {
	e := as[E](err)
	for _, word := range words {
		if !strings.Contains(e.Error(), word) {
			panic(fmt.Sprintf("%v does not say %q", e, word))
		}
	}
}

// second is the error of a call.
func second[T any](_ T, err error) error { return err }

func until(what string, holds func() bool) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(time.Minute)
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			panic("waited a minute for: " + what)
		}
	}
}

func definition(name string) *string {
	return aws.String(string(must(os.ReadFile("machines/" + name + ".asl.json"))))
}

// state is one state of a definition, as text.
func state(machine, name string) *string {
	var d struct{ States map[string]json.RawMessage }
	if err := json.Unmarshal([]byte(*definition(machine)), &d); err != nil {
		panic(err)
	}
	return aws.String(string(d.States[name]))
}

func machine(name string) *string { return aws.String(prefix + "stateMachine:" + name) }

func parsed(text *string) (v any) {
	if err := json.Unmarshal([]byte(aws.ToString(text)), &v); err != nil {
		panic(err)
	}
	return v
}

func (w *goWalk) make(name, text string) {
	must(w.CreateStateMachine(w.ctx, &sfn.CreateStateMachineInput{Name: &name, Definition: definition(text), RoleArn: aws.String(role)}))
}

// run starts an execution and gives its name.
func (w *goWalk) run(machine *string, name, input string) *string {
	in := &sfn.StartExecutionInput{StateMachineArn: machine, Input: &input}
	if name != "" {
		in.Name = &name
	}
	return must(w.StartExecution(w.ctx, in)).ExecutionArn
}

// closed waits until an execution is over, and describes it.
func (w *goWalk) closed(execution *string) (x *sfn.DescribeExecutionOutput) {
	until(*execution+" has closed", func() bool {
		x = must(w.DescribeExecution(w.ctx, &sfn.DescribeExecutionInput{ExecutionArn: execution}))
		return x.Status != types.ExecutionStatusRunning
	})
	return x
}

// take takes the oldest task of the activity.
func (w *goWalk) take() *sfn.GetActivityTaskOutput {
	task := must(w.GetActivityTask(w.ctx, &sfn.GetActivityTaskInput{ActivityArn: aws.String(worker), WorkerName: aws.String("ann")}))
	if aws.ToString(task.TaskToken) == "" {
		panic("no task came")
	}
	return task
}

func (w *goWalk) succeed(token *string, output string) {
	must(w.SendTaskSuccess(w.ctx, &sfn.SendTaskSuccessInput{TaskToken: token, Output: &output}))
}

func (w *goWalk) fail(token *string, name, cause string) {
	must(w.SendTaskFailure(w.ctx, &sfn.SendTaskFailureInput{TaskToken: token, Error: &name, Cause: &cause}))
}
