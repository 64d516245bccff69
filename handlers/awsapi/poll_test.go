package awsapi

import (
	"testing"
	"time"
)

// boto3 and the aws CLI give up after a minute of silence, unless they are told otherwise.
func TestAPollWithoutWorkIsAnsweredBeforeClientsGiveUp(t *testing.T) {
	t.Parallel()
	atDesk(t, func(t *testing.T, d *desk) {
		a := d.must("CreateActivity", `{"name":"idle"}`)
		arn, _ := a["activityArn"].(string)
		began := time.Now()
		if got := d.must("GetActivityTask", `{"activityArn":"`+arn+`"}`); len(got) != 0 {
			t.Errorf("got %v, want no task", got)
		}
		if took := time.Since(began); took < 55*time.Second || took > 59*time.Second {
			t.Errorf("it took %s, want somewhat less than a minute", took)
		}
	})
}
