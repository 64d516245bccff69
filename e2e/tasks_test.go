package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// TestAWorkerThatLeftTakesNothing lets workers give up waiting before there is work.
func TestAWorkerThatLeftTakesNothing(t *testing.T) {
	t.Parallel()
	c := start(t, t.TempDir()).client()
	activity := newActivity(t, c, "gate")
	m := machine(t, c, "wait", waiting(activity, "done"))
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			_, err := c.GetActivityTask(ctx, &sfn.GetActivityTaskInput{ActivityArn: &activity})
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("a poll without work ended with %v", err)
			}
		})
	}
	wg.Wait()
	arn := run(t, c, m, "{}")
	succeed(t, c, take(t, c, activity))
	if x := finished(t, c, arn); x.Status != types.ExecutionStatusSucceeded {
		t.Errorf("got %s", x.Status)
	}
}

// TestEveryTaskGoesToOneWorker lets eight workers, who wait before there is work, share
// 200 tasks.
func TestEveryTaskGoesToOneWorker(t *testing.T) {
	t.Parallel()
	const many = 200
	c := start(t, t.TempDir()).client()
	activity := newActivity(t, c, "shared")
	m := machine(t, c, "share", fmt.Sprintf(`{"StartAt":"W","States":{"W":{"Type":"Task","Resource":%q,"End":true}}}`, activity))
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var mu sync.Mutex
	seen := map[string]int{}
	var workers, starters sync.WaitGroup
	for range 8 {
		workers.Go(func() {
			for ctx.Err() == nil {
				task, err := c.GetActivityTask(ctx, &sfn.GetActivityTaskInput{ActivityArn: &activity})
				if err != nil || aws.ToString(task.TaskToken) == "" {
					continue
				}
				mu.Lock()
				seen[*task.Input]++
				mu.Unlock()
				if _, err := c.SendTaskSuccess(t.Context(), &sfn.SendTaskSuccessInput{TaskToken: task.TaskToken, Output: task.Input}); err != nil {
					t.Errorf("%s: %v", *task.Input, err)
				}
			}
		})
	}
	for starter := range 4 {
		starters.Go(func() {
			for i := range many / 4 {
				if _, err := c.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: &m, Input: aws.String(fmt.Sprintf(`{"n":%d}`, starter*many/4+i))}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	starters.Wait()
	await(t, "all runs are over", func() bool {
		l, err := c.ListExecutions(t.Context(), &sfn.ListExecutionsInput{StateMachineArn: &m, StatusFilter: types.ExecutionStatusSucceeded, MaxResults: 1000})
		return err == nil && len(l.Executions) == many
	})
	stop()
	workers.Wait()
	for input, n := range seen {
		if n != 1 {
			t.Errorf("%s was handed out %d times", input, n)
		}
	}
	if len(seen) != many {
		t.Errorf("%d tasks were handed out, want %d", len(seen), many)
	}
}

// TestAStoppedRunNeedsNobody stops runs that wait for a worker and for a person.
func TestAStoppedRunNeedsNobody(t *testing.T) {
	t.Parallel()
	s := start(t, t.TempDir())
	c := s.client()
	activity := newActivity(t, c, "gate")
	worked := run(t, c, machine(t, c, "wait", waiting(activity, "done")), "{}")
	token := take(t, c, activity)
	asked := run(t, c, machine(t, c, "ask", asking), `{"title":"in vain"}`)
	task := s.task(t, "in vain")
	if a := s.post(t, pageOf(asked)+"/stop", nil); a.StatusCode != http.StatusSeeOther {
		t.Errorf("stopped in the browser: %d", a.StatusCode)
	}
	if _, err := c.StopExecution(t.Context(), &sfn.StopExecutionInput{ExecutionArn: &worked, Error: aws.String("Enough"), Cause: aws.String("no more")}); err != nil {
		t.Fatal(err)
	}
	if x := finished(t, c, worked); x.Status != types.ExecutionStatusAborted || aws.ToString(x.Error) != "Enough" || aws.ToString(x.Cause) != "no more" {
		t.Errorf("got %s %s %s", x.Status, aws.ToString(x.Error), aws.ToString(x.Cause))
	}
	if x := finished(t, c, asked); x.Status != types.ExecutionStatusAborted {
		t.Errorf("got %s", x.Status)
	}
	_, err := c.SendTaskSuccess(t.Context(), &sfn.SendTaskSuccessInput{TaskToken: &token, Output: aws.String("{}")})
	if _, ok := errors.AsType[*types.TaskTimedOut](err); !ok {
		t.Errorf("an answer to a stopped run: %v, want TaskTimedOut", err)
	}
	if a := s.post(t, task+"/decide", url.Values{"outcome": {"Approve"}}); a.StatusCode != http.StatusConflict || !strings.Contains(a.text(), "in vain") {
		t.Errorf("a decision on a stopped run: %d %s", a.StatusCode, a.text())
	}
	if a := s.get(t, "/inbox?q=in+vain"); strings.Contains(a.Body, `href="`+task) {
		t.Error("the task of a stopped run still waits in the inbox")
	}
	again, err := c.StopExecution(t.Context(), &sfn.StopExecutionInput{ExecutionArn: &worked})
	if x := finished(t, c, worked); err != nil || !again.StopDate.Equal(*x.StopDate) {
		t.Errorf("stopped again: %v %v", again, err)
	}
}
