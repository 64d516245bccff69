package e2e

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// chargePaid answers the Lambda function of the imported machine.
const chargePaid = `{
  "StateMachines": {"orders": {"TestCases": {"Paid": {"Charge": "ChargePaid"}}}},
  "MockedResponses": {"ChargePaid": {"0": {"Return": {"StatusCode": 200, "Payload": {"paid": true}}}}}
}`

func TestWhatCDKSynthesisedRuns(t *testing.T) {
	t.Parallel()
	mocks := filepath.Join(t.TempDir(), "mocks.json")
	if err := os.WriteFile(mocks, []byte(chargePaid), 0o600); err != nil {
		t.Fatal(err)
	}
	s := start(t, t.TempDir(), "--mock-config", mocks)
	_, said, status := command(t, "import", "testdata/import/cdk.out", "--publish", "--endpoint", s.URL)
	const set = "Charge5F6A7B8C.Arn=arn:aws:lambda:us-east-1:000000000000:function:Charge"
	if status != 1 || !strings.Contains(said, "in Charge (/States/Charge/Parameters/FunctionName)") || !strings.Contains(said, "--set '"+set+"'") {
		t.Fatalf("without a value: status %d\n%s", status, said)
	}
	out, said, status := command(t, "import", "testdata/import/cdk.out", "--publish", "--endpoint", s.URL, "--set", set)
	arn := "arn:aws:states:us-east-1:000000000000:stateMachine:orders"
	if status != 0 || !strings.HasPrefix(out, "orders: published as "+arn+", "+s.URL+"/workflows/orders\n") {
		t.Fatalf("status %d\n%s%s", status, out, said)
	}
	c := s.client()
	x := run(t, c, arn+"#Paid", `{"id": 7}`)
	token := take(t, c, "arn:aws:states:us-east-1:000000000000:activity:pack-orders")
	if _, err := c.SendTaskSuccess(t.Context(), &sfn.SendTaskSuccessInput{TaskToken: &token, Output: aws.String(`{"weight": 1.50}`)}); err != nil {
		t.Fatal(err)
	}
	done := finished(t, c, x)
	if done.Status != types.ExecutionStatusSucceeded || aws.ToString(done.Output) != `{"id":7,"charge":{"paid":true},"parcel":{"weight":1.50}}` {
		t.Errorf("%s %s %s", done.Status, aws.ToString(done.Output), aws.ToString(done.Cause))
	}
}

func TestWhatTerraformDefinesRuns(t *testing.T) {
	t.Parallel()
	s := start(t, t.TempDir())
	out, said, status := command(t, "import", "testdata/import/terraform", "--publish", "--suggested", "--set", "currency=EUR", "--set", "stage=live", "--endpoint", s.URL)
	if status != 0 {
		t.Fatalf("status %d\n%s%s", status, out, said)
	}
	c := s.client()
	const machines = "arn:aws:states:us-east-1:000000000000:stateMachine:"
	done := finished(t, c, run(t, c, machines+"shop-live-order", `{"id": 8}`))
	if done.Status != types.ExecutionStatusSucceeded || aws.ToString(done.Output) != `{"id":8,"stage":"live","sender":"arn:aws:sns:us-east-1:000000000000:shop-live-receipts"}` {
		t.Errorf("%s %s %s", done.Status, aws.ToString(done.Output), aws.ToString(done.Cause))
	}
	price, err := c.StartSyncExecution(t.Context(), &sfn.StartSyncExecutionInput{StateMachineArn: aws.String(machines + "shop-live-price")}, func(o *sfn.Options) {
		o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
			return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("NoHostPrefix", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
				return next.HandleInitialize(smithyhttp.DisableEndpointHostPrefix(ctx, true), in)
			}), middleware.Before)
		})
	})
	if err != nil || price.Status != types.SyncExecutionStatusSucceeded || aws.ToString(price.Output) != `{"currency":"EUR","books":7,"toys":19}` {
		t.Errorf("the machine that it started: %+v, %v", price, err)
	}

	// What was imported leaves in another form, and comes back under another name.
	file := filepath.Join(t.TempDir(), "order.yaml")
	if _, said, status := command(t, "export", "shop-live-order", "--format", "sam", "--out", file, "--endpoint", s.URL); status != 0 {
		t.Fatalf("export: %d\n%s", status, said)
	}
	if _, said, status := command(t, "import", file, "--publish", "--endpoint", s.URL); status != 1 || !strings.Contains(said, "'shop-live-order' already") {
		t.Errorf("the same name: %d\n%s", status, said)
	}
	if _, said, status := command(t, "import", file, "--publish", "--name", "again", "--endpoint", s.URL); status != 0 {
		t.Errorf("another name: %d\n%s", status, said)
	}
	done = finished(t, c, run(t, c, machines+"again", `{"id": 9}`))
	if done.Status != types.ExecutionStatusSucceeded {
		t.Errorf("%s %s", done.Status, aws.ToString(done.Cause))
	}
}
