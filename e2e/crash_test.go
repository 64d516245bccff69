package e2e

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// TestNothingAcknowledgedIsLost kills the server while clients start executions, and
// finds every start that was answered, finished, after the restart.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := start(t, data)
	c := s.client()
	machine, err := c.CreateStateMachine(t.Context(), &sfn.CreateStateMachineInput{
		Name: aws.String("steps"), RoleArn: aws.String(role),
		Definition: aws.String(`{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"W"},"W":{"Type":"Wait","Seconds":1,"Next":"B"},"B":{"Type":"Pass","Result":"done","End":true}}}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	var acknowledged []string
	for round := range 3 {
		var mu sync.Mutex
		var wg sync.WaitGroup
		for client := range 8 {
			wg.Go(func() {
				for i := 0; ; i++ {
					x, err := c.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: machine.StateMachineArn, Name: aws.String(fmt.Sprintf("r%d-c%d-%d", round, client, i))})
					if err != nil {
						return // the server is gone
					}
					mu.Lock()
					acknowledged = append(acknowledged, *x.ExecutionArn)
					mu.Unlock()
				}
			})
		}
		await(t, "some starts", func() bool { mu.Lock(); defer mu.Unlock(); return len(acknowledged) > (round+1)*40 })
		s.kill(t)
		wg.Wait()
		s = start(t, data)
		c = s.client()
	}
	for _, arn := range acknowledged {
		if x := finished(t, c, arn); x.Status != types.ExecutionStatusSucceeded || aws.ToString(x.Output) != `"done"` {
			t.Errorf("%s: %s %s", arn, x.Status, aws.ToString(x.Output))
		}
	}
	if code := s.terminate(t); code != 0 {
		t.Errorf("SIGTERM: exit status %d, want 0", code)
	}
}

func TestWaitGoesOnAfterKill(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := start(t, data)
	machine, err := s.client().CreateStateMachine(t.Context(), &sfn.CreateStateMachineInput{
		Name: aws.String("wait"), RoleArn: aws.String(role),
		Definition: aws.String(`{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3,"End":true}}}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	run, err := s.client().StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: machine.StateMachineArn, Input: aws.String(`{"kept":true}`)})
	if err != nil {
		t.Fatal(err)
	}
	s.kill(t)
	s = start(t, data)
	x := finished(t, s.client(), *run.ExecutionArn)
	if x.Status != types.ExecutionStatusSucceeded || aws.ToString(x.Output) != `{"kept":true}` {
		t.Errorf("got %s %s", x.Status, aws.ToString(x.Output))
	}
	if took := x.StopDate.Sub(*x.StartDate); took < 3*time.Second {
		t.Errorf("the wait of 3 s took %s: timers are never early", took)
	}
}
