package sqlite

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
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
	at       time.Time
	head     []byte
	root     []byte // row of the root scope, nil when it did not change
	origin   []byte // row of the origin, nil when it did not change
	more     bool
	scopes   []scopeRow
	chunks   []chunk
	inline   *jobRow  // made by this step and not over yet: the root scope's, and nothing is special about it
	jobs     []jobRow // the others that were made by this step
	timers   []ledger.Timer
	settled  []interp.Token // jobs or timers from before this step
	dropped  []interp.Token // timers from before this step
	started  []interp.Token // jobs from before this step
	runs     []mapRunRow    // that began
	redriven []interp.RedriveMapRun
	stopped  []interp.Token // map runs that nobody waits for any more
	outcome  *interp.Outcome
	wreck    []byte // interp.Exec.WreckRow, nil when it cannot be redriven
	redrives int
	logged   bool // the events wait to be logged
	forget   bool // and nobody else reads them
	size     int
}

// scopeRow is a scope to write, or to delete when row is nil.
type scopeRow struct {
	id  interp.ScopeID
	row []byte
}

type jobRow struct {
	token    interp.Token
	hash     any    // []byte, nil when nobody outside has the task token
	activity any    // string, nil when it is none
	started  bool   // handed out in the same step
	attached bool   // has timers
	root     bool   // of the root scope
	run      []byte // see encodeRun
}

// newStep encodes what changed. It needs x no longer than the call lasts.
func newStep(x *interp.Exec, out interp.Output, settled, started []interp.Token, timers []ledger.Timer, now time.Time) (*step, error) {
	s := &step{at: now, outcome: x.Outcome, redrives: x.Redrives, more: x.More(), chunks: encodeEvents(out.Events)}
	for _, c := range s.chunks {
		s.size += len(c.events)
	}
	err := s.mapRuns(out.Commands)
	if err != nil {
		return nil, err
	}
	if s.outcome != nil { // all other rows go with the head
		return s, s.bury(x)
	}
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
		switch {
		case id == interp.RootScope && row.row != nil:
			s.root = row.row
			continue
		case id == interp.OriginScope && row.row != nil:
			s.origin = row.row
			continue
		}
		s.scopes = append(s.scopes, row)
	}
	s.plan(out.Commands, settled, started, timers)
	return s, nil
}

// plan works out what is left of the commands when all of the step has happened: a job
// that was answered in the same write never becomes a row.
func (s *step) plan(commands []interp.Command, settled, started []interp.Token, timers []ledger.Timer) {
	over := newTokens(settled, commands)
	for _, c := range commands {
		switch c := c.(type) {
		case interp.RunTask:
			if !over.born(c.Token) {
				s.jobs = append(s.jobs, newJobRow(c))
				s.size += len(s.jobs[len(s.jobs)-1].run)
			}
		case interp.SetTimer:
			if !over.born(c.Token) {
				s.timers = append(s.timers, ledger.Timer{Token: c.Token, Kind: ledger.CoreTimer, Due: c.At})
			}
		}
	}
	slices.SortFunc(s.jobs, func(a, b jobRow) int { return cmp.Compare(a.token, b.token) })
	job := func(t interp.Token) (int, bool) {
		return slices.BinarySearchFunc(s.jobs, t, func(j jobRow, t interp.Token) int { return cmp.Compare(j.token, t) })
	}
	for _, t := range started {
		if i, ok := job(t); ok {
			s.jobs[i].started = true
		} else if !over.has(t) {
			s.started = append(s.started, t)
		}
	}
	for _, t := range timers {
		if over.has(t.Token) {
			continue
		}
		if i, ok := job(t.Token); ok {
			s.jobs[i].attached = true
		}
		s.timers = append(s.timers, t)
	}
	if len(s.jobs) == 1 {
		if j := s.jobs[0]; j.root && !j.started && !j.attached && j.hash == nil && j.activity == nil {
			s.inline, s.jobs = &j, nil
		}
	}
	// What is over and was made by an earlier step has rows.
	for _, t := range settled {
		if over.first(t) {
			s.settled = append(s.settled, t)
		}
	}
	for _, c := range commands {
		switch c := c.(type) {
		case interp.CancelTask:
			if over.first(c.Token) {
				s.settled = append(s.settled, c.Token)
			}
		case interp.DropTimer:
			if over.first(c.Token) {
				s.dropped = append(s.dropped, c.Token)
			}
		}
	}
}

func newJobRow(run interp.RunTask) jobRow {
	j := jobRow{token: run.Token, root: run.Scope == interp.RootScope, run: encodeRun(run)}
	if isActivity(run.Resource) && run.TestCase == "" { // no worker has to do what is mocked
		j.activity = run.Resource
	}
	if run.TaskToken != "" && (j.activity != nil || strings.HasSuffix(run.Resource, ".waitForTaskToken")) {
		j.hash = tokenHash(run.TaskToken)
	}
	return j
}

func tokenHash(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

// isActivity recognises arn:aws:states:region:account:activity:name, in every partition.
func isActivity(resource string) bool {
	_, rest, ok := strings.Cut(resource, ":states:")
	return ok && strings.Contains(rest, ":activity:")
}

// encodeRun writes a job; its token is the key of its row.
func encodeRun(r interp.RunTask) []byte {
	b := make([]byte, 0, 192+len(r.Resource)+r.Input.Size())
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
	if r.TestCase != "" {
		b = appendString(append(b, `,"tc":`...), r.TestCase)
		b = strconv.AppendInt(append(b, `,"ca":`...), int64(r.Call), 10)
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
		TestCase    string          `json:"tc"`
		Call        int             `json:"ca"`
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return interp.RunTask{}, fmt.Errorf("decode job %d: %w", token, err)
	}
	return interp.RunTask{
		Token: token, TaskToken: r.TaskToken, State: r.State, Scope: r.Scope, Attempt: r.Attempt,
		Resource: r.Resource, Timeout: r.Timeout, Heartbeat: r.Heartbeat, Entered: r.Entered,
		Input: rawMessage(r.Input), Credentials: rawMessage(r.Credentials), TestCase: r.TestCase, Call: r.Call,
	}, nil
}

func rawMessage(text json.RawMessage) value.Value {
	if text == nil {
		return value.Value{}
	}
	return value.Raw(string(text))
}

// tokens are those that are settled or dropped by a step, each with a mark.
type tokens struct {
	sorted []interp.Token
	used   []bool
}

func newTokens(settled []interp.Token, commands []interp.Command) tokens {
	list := slices.Clone(settled)
	for _, c := range commands {
		switch c := c.(type) {
		case interp.CancelTask:
			list = append(list, c.Token)
		case interp.DropTimer:
			list = append(list, c.Token)
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	return tokens{list, make([]bool, len(list))}
}

func (s tokens) has(t interp.Token) bool {
	_, ok := slices.BinarySearch(s.sorted, t)
	return ok
}

// born marks a token that came in this step, and says whether it went in it too.
func (s tokens) born(t interp.Token) bool {
	i, ok := slices.BinarySearch(s.sorted, t)
	if ok {
		s.used[i] = true
	}
	return ok
}

// first marks a token and says whether it had no mark yet.
func (s tokens) first(t interp.Token) bool {
	i, ok := slices.BinarySearch(s.sorted, t)
	if !ok || s.used[i] {
		return false
	}
	s.used[i] = true
	return true
}
