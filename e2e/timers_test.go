package e2e

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// TestNoTimerIsEarly lets 2,000 executions wait for the same moment, and 50 executions
// wait a second 40 times each, all at once (40 iterations of a Map run side by side).
func TestNoTimerIsEarly(t *testing.T) {
	t.Parallel()
	const many = 2000
	c := start(t, t.TempDir()).client()
	moment := machine(t, c, "moment", `{"StartAt":"W","States":{"W":{"Type":"Wait","TimestampPath":"$.at","End":true}}}`)
	second := machine(t, c, "second", `{"StartAt":"N","States":{"N":{"Type":"Pass","Parameters":{"n.$":"States.ArrayRange(1,40,1)"},"Next":"M"},
		"M":{"Type":"Map","ItemsPath":"$.n","ResultPath":null,"End":true,"ItemProcessor":{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"End":true}}}}}}`)

	at := time.Now().Add(5 * time.Second).UTC().Truncate(time.Second)
	input := fmt.Sprintf(`{"at":%q}`, at.Format(time.RFC3339))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range many / 8 {
				if _, err := c.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: &moment, Input: &input}); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	var fans []string
	for range many / 40 {
		fans = append(fans, run(t, c, second, "{}"))
	}

	var late []time.Duration
	await(t, "all waits are over", func() bool {
		late = late[:0]
		pages := sfn.NewListExecutionsPaginator(c, &sfn.ListExecutionsInput{StateMachineArn: &moment, StatusFilter: types.ExecutionStatusSucceeded, MaxResults: 1000})
		for pages.HasMorePages() {
			page, err := pages.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range page.Executions {
				late = append(late, x.StopDate.Sub(at))
			}
		}
		return len(late) >= many
	})
	slices.Sort(late)
	if late[0] < 0 {
		t.Errorf("a timer was %s early", -late[0])
	}
	t.Logf("%d timers due at once: first %s, median %s, p99 %s late", len(late), late[0], late[len(late)/2], late[len(late)*99/100])

	waits := 0
	for _, fan := range fans {
		finished(t, c, fan)
		waits += fullSeconds(t, c, fan)
	}
	if waits != many {
		t.Errorf("%d waits ended, want %d", waits, many)
	}
}

// fullSeconds counts the waits that ended, and fails when one took less than a second.
func fullSeconds(t *testing.T, c *sfn.Client, arn string) int {
	t.Helper()
	history, err := c.GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: &arn, MaxResults: 1000})
	if err != nil {
		t.Fatal(err)
	}
	entered := map[int64]time.Time{}
	ended := 0
	for _, e := range history.Events {
		switch e.Type {
		case types.HistoryEventTypeWaitStateEntered:
			entered[e.Id] = *e.Timestamp
		case types.HistoryEventTypeWaitStateExited:
			ended++
			if began, ok := entered[e.PreviousEventId]; !ok || e.Timestamp.Sub(began) < time.Second {
				t.Errorf("a wait of 1 s took %s", e.Timestamp.Sub(began))
			}
		default:
		}
	}
	return ended
}
