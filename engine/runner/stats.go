package runner

import (
	"sync/atomic"

	"statehouse/engine/interp"
)

// Stats is what a Runner did since it was made, and what it has in memory now.
type Stats struct {
	Started                              int64 // executions
	Succeeded, Failed, TimedOut, Aborted int64
	Steps, Writes, Events                int64 // inputs that had an effect; Advances; history events
	Late, Panics, Retries                int64 // inputs nobody waited for; of the interpreter; failed writes

	Hot          int64 // executions in memory
	Jobs, Queued int64 // integrations running, and waiting for their turn
	Timers       int64 // armed for the near future
}

type counters struct {
	started, succeeded, failed, timedOut, aborted atomic.Int64
	steps, writes, events, late, panics, retries  atomic.Int64
	hot                                           atomic.Int64
}

// close counts an execution that ended.
func (c *counters) close(s interp.Status) {
	switch s {
	case interp.Succeeded:
		c.succeeded.Add(1)
	case interp.Failed:
		c.failed.Add(1)
	case interp.TimedOut:
		c.timedOut.Add(1)
	case interp.Aborted:
		c.aborted.Add(1)
	case interp.Running:
	}
}

// Stats reads the counters.
func (r *Runner) Stats() Stats {
	c := &r.counters
	jobs, queued := r.pool.load()
	return Stats{
		Started: c.started.Load(), Succeeded: c.succeeded.Load(), Failed: c.failed.Load(),
		TimedOut: c.timedOut.Load(), Aborted: c.aborted.Load(),
		Steps: c.steps.Load(), Writes: c.writes.Load(), Events: c.events.Load(),
		Late: c.late.Load(), Panics: c.panics.Load(), Retries: c.retries.Load(),
		Hot: c.hot.Load(), Jobs: int64(jobs), Queued: int64(queued), Timers: int64(r.timers.len()),
	}
}
