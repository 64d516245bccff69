package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

const asking = `{"StartAt":"Ask","States":{"Ask":{"Type":"Task","Resource":"arn:aws:states:::human:createTask.sync",
	"Parameters":{"Title.$":"$.title","Description.$":"States.Format('in {}', $$.Execution.Id)"},"End":true}}}`

// TestOneOfTwoRivalsWins lets two people answer each task at the same time.
func TestOneOfTwoRivalsWins(t *testing.T) {
	t.Parallel()
	s := start(t, t.TempDir())
	c := s.client()
	m := machine(t, c, "ask", asking)
	for i := range 12 {
		title := fmt.Sprintf("rivals-%d", i)
		arn := run(t, c, m, fmt.Sprintf(`{"title":%q}`, title))
		task := s.task(t, title)
		var wg sync.WaitGroup
		answers := make([]answer, 2)
		outcomes := []string{"Approve", "Reject"}
		for who, outcome := range outcomes {
			wg.Go(func() {
				answers[who] = s.post(t, task+"/decide", url.Values{"outcome": {outcome}, "comment": {"from " + outcome}})
			})
		}
		wg.Wait()
		winner, loser := 0, 1
		if answers[0].StatusCode != http.StatusSeeOther {
			winner, loser = 1, 0
		}
		if answers[winner].StatusCode != http.StatusSeeOther || answers[loser].StatusCode != http.StatusConflict {
			t.Fatalf("%s: answered %d and %d, want 303 and 409", title, answers[0].StatusCode, answers[1].StatusCode)
		}
		if told := answers[loser].text(); !strings.Contains(told, "owner") || !strings.Contains(told, outcomes[winner]) {
			t.Errorf("%s: the loser is not told who was faster and with what: %s", title, told)
		}
		x := finished(t, c, arn)
		var out struct{ Outcome, Comment, DecidedBy string }
		if err := json.Unmarshal([]byte(aws.ToString(x.Output)), &out); err != nil {
			t.Fatal(err)
		}
		if out.Outcome != outcomes[winner] || out.Comment != "from "+outcomes[winner] || out.DecidedBy != "owner" {
			t.Errorf("%s: %+v, but %s has won", title, out, outcomes[winner])
		}
		if late := s.post(t, task+"/decide", url.Values{"outcome": {"Approve"}}); late.StatusCode != http.StatusConflict {
			t.Errorf("%s: a late answer gets %d, want 409", title, late.StatusCode)
		}
	}
}

// TestADecisionSurvivesTheServer kills the server while people decide: what was
// acknowledged is what happened, what was not can be said again.
func TestADecisionSurvivesTheServer(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := start(t, data)
	c := s.client()
	m := machine(t, c, "ask", asking)
	const many = 24
	runs, tasks := make([]string, many), make([]string, many)
	for i := range many {
		title := fmt.Sprintf("task-%02d-", i)
		runs[i] = run(t, c, m, fmt.Sprintf(`{"title":%q}`, title))
		tasks[i] = s.task(t, title)
	}
	said := make([]bool, many)
	var wg sync.WaitGroup
	var answered atomic.Int32
	for i := range many {
		wg.Go(func() {
			resp, err := noRedirects.PostForm(s.URL+tasks[i]+"/decide", url.Values{"outcome": {"Approve"}, "comment": {"first"}})
			if err != nil {
				return // the server is gone
			}
			_ = resp.Body.Close()
			said[i] = resp.StatusCode == http.StatusSeeOther
			answered.Add(1)
		})
	}
	await(t, "some decisions", func() bool { return answered.Load() >= many/4 })
	s.kill(t)
	wg.Wait()
	s = start(t, data)
	c = s.client()
	for i := range many {
		again := s.post(t, tasks[i]+"/decide", url.Values{"outcome": {"Reject"}, "comment": {"second"}})
		want := `"Comment":"first"`
		if again.StatusCode == http.StatusSeeOther {
			if said[i] {
				t.Errorf("%s: decided twice", tasks[i])
			}
			want = `"Comment":"second"`
		}
		if x := finished(t, c, runs[i]); !strings.Contains(aws.ToString(x.Output), want) {
			t.Errorf("%s: answered %d, output %s, want %s", tasks[i], again.StatusCode, aws.ToString(x.Output), want)
		}
	}
}

// secret is what task tokens look like: 256 bits as one word.
var secret = regexp.MustCompile(`[A-Za-z0-9_-]{43,}`)

func TestTheTokenOfAHumanTaskStaysInside(t *testing.T) {
	t.Parallel()
	s := start(t, t.TempDir())
	c := s.client()
	curious := strings.Replace(asking, `"Parameters"`, `"InputPath":"$$","Parameters"`, 1)
	curious = strings.Replace(strings.Replace(curious, "$.title", "$.Execution.Input.title", 1), "States.Format('in {}', $$.Execution.Id)", "States.JsonToString($)", 1)
	arn := run(t, c, machine(t, c, "ask", curious), `{"title":"quiet"}`)
	task := s.task(t, "quiet")
	history, err := c.GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: &arn})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(history.Events)
	if err != nil {
		t.Fatal(err)
	}
	for where, shown := range map[string]string{
		"the history": string(text), "the task's page": s.get(t, task).Body, "the run's page": s.get(t, pageOf(arn)).Body,
		"the inbox": s.get(t, "/inbox").Body, "the events": s.get(t, "/api"+pageOf(arn)+"/events").Body,
	} {
		if strings.Contains(shown, `"Token`) || strings.Contains(strings.ToLower(shown), `tasktoken`) {
			t.Errorf("%s speaks of a token:\n%s", where, shown)
		}
		if found := secret.FindAllString(shown, -1); len(found) > 0 {
			t.Errorf("%s shows %q", where, found)
		}
	}
	for _, path := range []string{"$$", "$$.Task", "$$.Task.Token", "$$['Task']['Token']", "$$.*", "$$..Token", "$$[?(@.Token)]", "States.JsonToString($$)", "States.Format('{}', $$..Token)"} {
		definition := strings.Replace(asking, "States.Format('in {}', $$.Execution.Id)", path, 1)
		_, err := c.CreateStateMachine(t.Context(), &sfn.CreateStateMachineInput{Name: aws.String("leak"), RoleArn: aws.String(role), Definition: &definition})
		if e, ok := errors.AsType[*types.InvalidDefinition](err); !ok || !strings.Contains(e.ErrorMessage(), "/States/Ask") {
			t.Errorf("a human task that is given %s: %v, want InvalidDefinition that names the state", path, err)
		}
	}
	// The id of a task, which everybody sees, is no token.
	_, err = c.SendTaskSuccess(t.Context(), &sfn.SendTaskSuccessInput{TaskToken: aws.String(strings.TrimPrefix(task, "/inbox/")), Output: aws.String(`{}`)})
	_, invalid := errors.AsType[*types.InvalidToken](err)
	_, gone := errors.AsType[*types.TaskTimedOut](err)
	if !invalid && !gone {
		t.Errorf("the id as a token: %v", err)
	}
}

func TestReadingChangesNothing(t *testing.T) {
	t.Parallel()
	s := start(t, t.TempDir())
	c := s.client()
	arn := run(t, c, machine(t, c, "ask", asking), `{"title":"still"}`)
	task := s.task(t, "still")
	for _, path := range []string{
		"/workflows/ask/delete", "/workflows/ask/run", pageOf(arn) + "/stop", pageOf(arn) + "/again", task + "/decide", task + "/decide?outcome=Approve",
		"/settings/theme?theme=dark", "/api/workflows/ask/publish", "/api/validate", "/?Action=DeleteStateMachine", "/workflows?name=made&starter=hello",
		"/workflows/ask/versions?what=published", "/workflows/ask/aliases?name=live&first=1", "/workflows/ask/settings?level=ALL", "/workflows/ask/tags?key=a&value=b",
		"/workflows/ask/versions/1/delete", "/workflows/ask/versions/1/restore", "/workflows/ask?restore=1", "/workflows/import?text=x", "/workflows/import/finish",
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			a := s.send(t, method, path, "", "X-HTTP-Method-Override", "POST", "X-Amz-Target", "AWSStepFunctions.DeleteStateMachine")
			if a.StatusCode >= 500 || len(a.Cookies()) > 0 {
				t.Errorf("%s %s: %d %v", method, path, a.StatusCode, a.Cookies())
			}
		}
	}
	x, err := c.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: &arn})
	if err != nil || x.Status != types.ExecutionStatusRunning {
		t.Errorf("the run is %v, %v", x.Status, err)
	}
	runs, err := c.ListExecutions(t.Context(), &sfn.ListExecutionsInput{StateMachineArn: x.StateMachineArn})
	if err != nil || len(runs.Executions) != 1 {
		t.Errorf("%d runs, %v, want 1", len(runs.Executions), err)
	}
	machines, err := c.ListStateMachines(t.Context(), &sfn.ListStateMachinesInput{})
	if err != nil || len(machines.StateMachines) != 2 {
		t.Errorf("%d machines, %v, want the sample and this one", len(machines.StateMachines), err)
	}
	if a := s.get(t, task); !strings.Contains(a.Body, "/decide") {
		t.Error("the task is not open any more")
	}
}
