package sqlite

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

// step is what one write of an execution puts into rows. It is made by the caller's
// goroutine, so that the writer only runs statements.
type step struct {
	at      time.Time
	head    []byte
	more    bool
	scopes  []scopeRow
	chunks  []chunk
	jobs    []jobRow // made by this step and not over yet
	timers  []ledger.Timer
	settled []interp.Token // jobs or timers from before this step
	dropped []interp.Token // timers from before this step
	started []interp.Token // jobs from before this step
	outcome *interp.Outcome
	size    int
}

// scopeRow is a scope to write, or to delete when row is nil.
type scopeRow struct {
	id  interp.ScopeID
	row []byte
}

type jobRow struct {
	token    interp.Token
	hash     any    // []byte, nil when it has no task token
	activity any    // string, nil when it is none
	started  bool   // handed out in the same step
	attached bool   // has timers
	run      []byte // see encodeRun
}

// newStep encodes what changed. It needs x no longer than the call lasts.
func newStep(x *interp.Exec, out interp.Output, settled, started []interp.Token, timers []ledger.Timer, now time.Time) (*step, error) {
	s := &step{at: now, outcome: x.Outcome, more: x.More(), chunks: encodeEvents(out.Events)}
	for _, c := range s.chunks {
		s.size += len(c.events)
	}
	if s.outcome != nil {
		return s, nil // all other rows go with the head
	}
	var err error
	if s.head, err = x.Head(); err != nil {
		return nil, fmt.Errorf("encode head: %w", err)
	}
	s.size += len(s.head)
	for _, id := range out.Changed {
		row := scopeRow{id: id}
		if sc := x.Scopes[id]; sc != nil {
			if row.row, err = sc.Row(); err != nil {
				return nil, fmt.Errorf("encode scope %d: %w", id, err)
			}
		}
		s.size += len(row.row)
		s.scopes = append(s.scopes, row)
	}
	s.plan(out.Commands, settled, started, timers)
	return s, nil
}

// plan works out what is left of the commands when all of the step has happened: a job
// that was answered in the same write never becomes a row.
func (s *step) plan(commands []interp.Command, settled, started []interp.Token, timers []ledger.Timer) {
	over := map[interp.Token]bool{} // settled or dropped; true once its maker was seen
	for _, t := range settled {
		over[t] = false
	}
	for _, c := range commands {
		switch c := c.(type) {
		case interp.CancelTask:
			over[c.Token] = false
		case interp.DropTimer:
			over[c.Token] = false
		}
	}
	var made map[interp.Token]int // jobs of this step by token
	for _, c := range commands {
		switch c := c.(type) {
		case interp.RunTask:
			if _, gone := over[c.Token]; gone {
				over[c.Token] = true
				continue
			}
			if made == nil {
				made = map[interp.Token]int{}
			}
			made[c.Token] = len(s.jobs)
			s.jobs = append(s.jobs, newJobRow(c))
			s.size += len(s.jobs[len(s.jobs)-1].run)
		case interp.SetTimer:
			if _, gone := over[c.Token]; gone {
				over[c.Token] = true
				continue
			}
			s.timers = append(s.timers, ledger.Timer{Token: c.Token, Kind: ledger.CoreTimer, Due: c.At})
		}
	}
	for _, t := range started {
		if i, ok := made[t]; ok {
			s.jobs[i].started = true
		} else if _, gone := over[t]; !gone {
			s.started = append(s.started, t)
		}
	}
	for _, t := range timers {
		if _, gone := over[t.Token]; gone {
			continue
		}
		if i, ok := made[t.Token]; ok {
			s.jobs[i].attached = true
		}
		s.timers = append(s.timers, t)
	}
	for _, t := range settled {
		s.forget(over, t, &s.settled)
	}
	for _, c := range commands {
		switch c := c.(type) {
		case interp.CancelTask:
			s.forget(over, c.Token, &s.settled)
		case interp.DropTimer:
			s.forget(over, c.Token, &s.dropped)
		}
	}
}

// forget puts a token on the list once, unless this very step made it.
func (s *step) forget(over map[interp.Token]bool, t interp.Token, to *[]interp.Token) {
	if !over[t] {
		over[t] = true
		*to = append(*to, t)
	}
}

func newJobRow(run interp.RunTask) jobRow {
	j := jobRow{token: run.Token, run: encodeRun(run)}
	if run.TaskToken != "" {
		j.hash = tokenHash(run.TaskToken)
	}
	if isActivity(run.Resource) {
		j.activity = run.Resource
	}
	return j
}

func tokenHash(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

// isActivity recognises arn:aws:states:region:account:activity:name.
func isActivity(resource string) bool {
	parts := strings.SplitN(resource, ":", 7)
	return len(parts) == 7 && parts[2] == "states" && parts[5] == "activity"
}

// encodeRun writes a job; its token is the key of its row.
func encodeRun(r interp.RunTask) []byte {
	b := make([]byte, 0, 256)
	b = appendString(append(b, `{"tt":`...), r.TaskToken)
	b = appendString(append(b, `,"st":`...), r.State)
	b = strconv.AppendInt(append(b, `,"sc":`...), int64(r.Scope), 10)
	b = strconv.AppendInt(append(b, `,"n":`...), int64(r.Attempt), 10)
	b = appendString(append(b, `,"r":`...), r.Resource)
	b = strconv.AppendInt(append(b, `,"to":`...), int64(r.Timeout), 10)
	b = strconv.AppendInt(append(b, `,"hb":`...), int64(r.Heartbeat), 10)
	b = strconv.AppendInt(append(b, `,"en":`...), int64(r.Entered), 10)
	if !r.Input.IsAbsent() {
		b = r.Input.AppendJSON(append(b, `,"in":`...))
	}
	if !r.Credentials.IsAbsent() {
		b = r.Credentials.AppendJSON(append(b, `,"cr":`...))
	}
	return append(b, '}')
}

func decodeRun(token interp.Token, text []byte) (interp.RunTask, error) {
	var r struct {
		TaskToken   string          `json:"tt"`
		State       string          `json:"st"`
		Scope       interp.ScopeID  `json:"sc"`
		Attempt     int             `json:"n"`
		Resource    string          `json:"r"`
		Timeout     time.Duration   `json:"to"` // nanoseconds
		Heartbeat   time.Duration   `json:"hb"`
		Entered     history.ID      `json:"en"`
		Input       json.RawMessage `json:"in"`
		Credentials json.RawMessage `json:"cr"`
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return interp.RunTask{}, fmt.Errorf("decode job %d: %w", token, err)
	}
	return interp.RunTask{
		Token: token, TaskToken: r.TaskToken, State: r.State, Scope: r.Scope, Attempt: r.Attempt,
		Resource: r.Resource, Timeout: r.Timeout, Heartbeat: r.Heartbeat, Entered: r.Entered,
		Input: rawMessage(r.Input), Credentials: rawMessage(r.Credentials),
	}, nil
}

func rawMessage(text json.RawMessage) value.Value {
	if text == nil {
		return value.Value{}
	}
	return value.Raw(string(text))
}
