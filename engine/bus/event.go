package bus

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"statehouse/engine/arn"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

// Event is an event in the shape of Amazon EventBridge.
type Event struct {
	Version    string    `json:"version"` // "0"
	ID         string    `json:"id"`      // a UUID
	DetailType string    `json:"detail-type"`
	Source     string    `json:"source"`
	Account    string    `json:"account"`
	Time       time.Time `json:"time"` // UTC, whole seconds
	Region     string    `json:"region"`
	Resources  []string  `json:"resources"`
	Detail     Detail    `json:"detail"`
}

// The events about executions.
const (
	Source       = "aws.states"
	StatusChange = "Step Functions Execution Status Change"
)

// Detail is what a status change tells about an execution. Nothing is left out: what is not
// known is null.
type Detail struct {
	ExecutionARN        string               `json:"executionArn"`
	MachineARN          string               `json:"stateMachineArn"`
	Name                string               `json:"name"`
	Status              interp.Status        `json:"status"`
	Started             int64                `json:"startDate"` // milliseconds since 1970, as all dates
	Stopped             *int64               `json:"stopDate"`
	Input               *string              `json:"input"`
	Output              *string              `json:"output"`
	VersionARN          *string              `json:"stateMachineVersionArn"`
	AliasARN            *string              `json:"stateMachineAliasArn"`
	Redrives            int                  `json:"redriveCount"`
	Redriven            *int64               `json:"redriveDate"`
	RedriveStatus       ledger.RedriveStatus `json:"redriveStatus"`
	RedriveStatusReason *string              `json:"redriveStatusReason"`
	InputDetails        *DataDetails         `json:"inputDetails"`
	OutputDetails       *DataDetails         `json:"outputDetails"`
	Error               *string              `json:"error"`
	Cause               *string              `json:"cause"`
}

// DataDetails says whether an input or an output is in the event.
type DataDetails struct {
	Included bool `json:"included"`
}

// maxData bounds input and output of an event, escaped as they are within its JSON: AWS
// leaves out the input when both together are larger, and the output when it is larger by
// itself.
const maxData = 248 << 10

// newEvent tells that an execution has its status now. Events is the length of its history;
// deleting, that its state machine is being deleted.
func newEvent(x ledger.Execution, events int64, deleting bool) Event {
	at := x.Stopped
	if x.Status == interp.Running {
		at = x.Started
		if x.Redrives > 0 {
			at = x.Redriven
		}
	}
	e := Event{
		Version: "0", ID: uuid.NewString(), DetailType: StatusChange, Source: Source,
		Time: at.UTC().Truncate(time.Second), Resources: []string{x.ARN},
		Detail: Detail{
			ExecutionARN: x.ARN, MachineARN: x.MachineARN, Name: x.Name, Status: x.Status,
			Started: x.Started.UnixMilli(), Stopped: millis(x.Stopped),
			VersionARN: filled(x.VersionARN()), AliasARN: filled(x.AliasARN()),
			Redrives: x.Redrives, Redriven: millis(x.Redriven),
			Error: x.Error, Cause: x.Cause,
		},
	}
	if a, err := arn.Parse(x.ARN); err == nil {
		e.Account, e.Region = a.Account, a.Region
	}
	d := &e.Detail
	d.RedriveStatus, d.RedriveStatusReason = redrivable(x, events, deleting)
	d.data(x)
	return e
}

// data puts input and output in, as far as there is room.
func (d *Detail) data(x ledger.Execution) {
	in := x.Input.JSON()
	d.InputDetails = &DataDetails{Included: true}
	var size int
	if !x.Output.IsAbsent() {
		out := x.Output.JSON()
		size = escaped(out)
		d.OutputDetails = &DataDetails{Included: size <= maxData}
		if d.OutputDetails.Included {
			d.Output = &out
		}
	}
	if d.InputDetails.Included = size+escaped(in) <= maxData; d.InputDetails.Included {
		d.Input = &in
	}
}

// escaped is the size of a JSON text within a JSON string.
func escaped(text string) int { return len(text) + strings.Count(text, `"`) + strings.Count(text, `\`) }

// redrivable is what AWS says about a redrive, as far as is known without reading the store.
func redrivable(x ledger.Execution, events int64, deleting bool) (status ledger.RedriveStatus, reason *string) {
	why := ledger.Unredrivable(x.Status)
	switch {
	case why != "":
		return ledger.NotRedrivable, &why
	case events >= interp.RedriveLimit:
		return ledger.NotRedrivable, new(ledger.UnredrivableFull)
	case x.MapRun != 0:
		return ledger.RedrivableByMapRun, nil
	case deleting:
		return ledger.NotRedrivable, new(ledger.UnredrivableDeleting)
	}
	return ledger.Redrivable, nil
}

func millis(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	return new(t.UnixMilli())
}

func filled(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// Size is about how many bytes of memory the event takes.
func (e *Event) size() int {
	n := 1024
	for _, s := range []*string{e.Detail.Input, e.Detail.Output, e.Detail.Error, e.Detail.Cause} {
		if s != nil {
			n += len(*s)
		}
	}
	return n
}
