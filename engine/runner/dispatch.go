package runner

import (
	"context"
	"sync"
	"time"

	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/task"
	"statehouse/engine/trace"
)

// fast is how quickly an integration must reply for its start and its answer to be one
// step. Slower ones are shown as started first, and their clocks run.
const fast = 20 * time.Millisecond

// job is an integration that has not replied yet.
type job struct {
	shard   *shard
	id      ledger.ExecutionID
	run     interp.RunTask
	request task.Request
	does    task.Integration

	ctx     context.Context
	cancel  context.CancelFunc
	started bool       // TaskStarted was given
	held    []delivery // answers from outside that came before the reply
}

// dispatch hands a job out: to the workers of an activity, to its mock, or to an integration.
func (s *shard) dispatch(l *live, run interp.RunTask, scheduled time.Time) {
	resource := s.resource(run.Resource)
	if resource.Kind == task.Activity && run.TestCase == "" {
		s.r.activities.wake(resource.ARN)
		return
	}
	if s.r.isStopping() {
		return // it is a row: the next start hands it out
	}
	if s.handed != nil {
		key := ledger.JobKey{Execution: l.id, Token: run.Token}
		if _, ok := s.handed[key]; ok {
			return // recover saw its row before we heard that it is stored
		}
		s.handed[key] = struct{}{}
	}
	if run.TestCase != "" {
		s.mocked(l, run)
		return
	}
	does, ok := s.r.registry.Find(resource)
	if !ok {
		s.deliver(l.id, delivery{ours: true, input: answerOf(run.Token, s.r.registry.Unknown(resource))})
		return
	}
	j := &job{shard: s, id: l.id, run: run, does: does, request: task.Request{
		Execution: int64(l.id), ExecutionARN: l.info.ARN, MachineName: l.info.MachineName,
		Token: int64(run.Token), TaskToken: run.TaskToken, State: run.State, Attempt: run.Attempt,
		Resource: resource, Input: run.Input, Scheduled: scheduled,
	}}
	if h := l.info.TraceHeader; h != "" {
		j.request.TraceHeader, j.request.Traceparent = trace.Pass(s.r.tracing, h, l.info.ARN, l.info.Redrives, int64(run.Entered))
	}
	j.ctx, j.cancel = context.WithCancel(s.r.pool.ctx)
	if l.jobs == nil {
		l.jobs = map[interp.Token]*job{}
	}
	l.jobs[run.Token] = j
	s.r.pool.put(j)
}

// resource takes a resource apart, mostly from memory.
func (s *shard) resource(text string) task.Resource {
	r, ok := s.resources[text]
	if !ok {
		if len(s.resources) >= maxMachines {
			clear(s.resources)
		}
		r = task.ParseResource(text)
		s.resources[text] = r
	}
	return r
}

// began shows a job as started that has not replied for a while.
func (s *shard) began(j *job) {
	l := s.live[j.id]
	if l == nil || l.jobs[j.run.Token] != j || j.started {
		return
	}
	j.started = true
	s.deliver(j.id, delivery{ours: true, input: interp.TaskStarted{Token: j.run.Token}, run: &j.run})
}

// replied gives a job's reply, and then the answers that were faster than the reply, to
// the execution.
func (s *shard) replied(j *job, reply task.Reply) {
	j.cancel()
	l := s.live[j.id]
	if l == nil || l.jobs[j.run.Token] != j {
		return // cancelled, timed out or over
	}
	delete(l.jobs, j.run.Token)
	if s.r.pool.isClosed() && reply.Error != "" {
		return // cut off by us: the next start runs it again
	}
	d := delivery{ours: true, input: answerOf(j.run.Token, reply)}
	switch d.input.(type) {
	case nil: // the answer comes from outside
		d.input, d.mark = interp.TaskStarted{Token: j.run.Token}, true
	case interp.TaskSubmitted:
		d.mark = true
	}
	if !j.started { // the answer says that it started as well
		d.run = &j.run
	}
	l.inbox = append(l.inbox, d)
	l.inbox = append(l.inbox, j.held...)
	s.line(l)
	if !l.queued && !l.flying {
		s.rest(l)
	}
}

// pool runs integrations, a limited number at a time. Those that wait for their turn cost
// no goroutine.
type pool struct {
	r      *Runner
	limit  int
	ctx    context.Context // of all integrations
	cancel context.CancelFunc

	mu     sync.Mutex
	more   *sync.Cond // the queue has a job for a worker that rests, or the pool is closed
	active int        // workers that have a job
	rested int        // workers that wait for one
	queue  []*job
	closed bool
	idle   chan struct{} // closed when closed and nothing runs
}

// maxRested is how many workers wait for the next job rather than end: a goroutine whose
// stack has grown already is much cheaper than a new one.
const maxRested = 64

func newPool(r *Runner, limit int) *pool {
	p := &pool{r: r, limit: limit, idle: make(chan struct{})}
	p.more = sync.NewCond(&p.mu)
	p.ctx, p.cancel = context.WithCancel(context.Background())
	return p
}

func (p *pool) put(j *job) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.closed:
	case p.rested > len(p.queue):
		p.queue = append(p.queue, j)
		p.more.Signal()
	case p.active+p.rested < p.limit:
		p.active++
		go p.work(j)
	default:
		p.queue = append(p.queue, j)
	}
}

// work runs one job after the other until there is no more use for it.
func (p *pool) work(j *job) {
	for j != nil {
		p.do(j)
		j = p.next()
	}
}

func (p *pool) next() *job {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.active--
	if p.active == 0 {
		p.r.skip.nudge()
	}
	for {
		for len(p.queue) > 0 && !p.closed {
			j := p.queue[0]
			p.queue[0] = nil
			p.queue = p.queue[1:]
			if j.ctx.Err() == nil {
				p.active++
				return j
			}
		}
		if p.closed || p.rested == maxRested {
			break
		}
		p.rested++
		p.more.Wait()
		p.rested--
	}
	if p.closed && p.active == 0 && p.rested == 0 {
		close(p.idle)
	}
	return nil
}

// do runs a job and posts its reply.
func (p *pool) do(j *job) {
	slow := time.AfterFunc(fast, func() {
		j.shard.post(func() { j.shard.began(j) })
	})
	j.request.Now = p.r.clock().Round(0).UTC()
	reply := p.call(j)
	slow.Stop()
	j.shard.post(func() { j.shard.replied(j, reply) })
}

// call runs the integration. A panic of it fails the task, not the server.
func (p *pool) call(j *job) (reply task.Reply) {
	defer func() {
		if cause := recover(); cause != nil {
			p.r.logPanic("an integration panicked", j.request.ExecutionARN, cause)
			reply = task.Fail("States.TaskFailed", "The integration "+j.request.Resource.ARN+" failed inside. The server's log has the stack.")
		}
	}()
	return j.does.Run(j.ctx, j.request)
}

func (p *pool) load() (active, queued int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.active, len(p.queue)
}

func (p *pool) isClosed() bool { return p.ctx.Err() != nil }

// drain starts nothing new, gives what runs some time, and then tells it to stop.
func (p *pool) drain(grace time.Duration) {
	p.mu.Lock()
	p.closed = true
	p.queue = nil
	p.more.Broadcast()
	if p.active+p.rested == 0 {
		p.mu.Unlock()
		p.cancel()
		return
	}
	p.mu.Unlock()
	for _, limit := range []time.Duration{grace, time.Second} {
		end := time.NewTimer(limit)
		select {
		case <-p.idle:
			end.Stop()
			p.cancel()
			return
		case <-end.C:
			p.cancel()
		}
	}
}
