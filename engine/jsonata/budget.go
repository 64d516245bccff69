package jsonata

import (
	"context"
	"time"

	"statehouse/engine/value"
)

// Budget bounds one evaluation. A field that is zero has the default in its comment.
type Budget struct {
	Time  time.Duration // one second, as AWS gives
	Steps int64         // evaluated nodes and items visited; 50 million
	Depth int           // nested evaluations; 5000
	Bytes int64         // made in the evaluation, whether still needed or not; 256 MiB
}

func (b Budget) filled() Budget {
	if b.Time == 0 {
		b.Time = time.Second
	}
	if b.Steps == 0 {
		b.Steps = 50_000_000
	}
	if b.Depth == 0 {
		b.Depth = 5000
	}
	if b.Bytes == 0 {
		b.Bytes = 256 << 20
	}
	return b
}

var budgetWords = map[Budgeted]string{
	TimeBudget:   "Expression evaluation timeout: Check for infinite loop",
	StepsBudget:  "Expression evaluation took too many steps: Check for infinite loop",
	DepthBudget:  "Stack overflow error: Check for non-terminating recursive function.  Consider rewriting as tail-recursive.",
	BytesBudget:  "Expression evaluation memory limit exceeded: Check for excessive memory usage",
	ContextEnded: "Expression evaluation was cancelled",
}

func exceeded(which Budgeted) *Error {
	return &Error{Code: "U1001", Budget: which, Message: budgetWords[which]}
}

// tooDeep refuses an expression that is nested beyond what the stack should hold.
func tooDeep(pos int) *Error {
	e := exceeded(DepthBudget)
	e.Message = "The expression is nested too deeply"
	e.Position = pos
	return e
}

const checkEvery = 1 << 10 // steps between two looks at the clock

// bytesPerStep is how many bytes take about as long to make as a step takes.
const bytesPerStep = 64

// tick counts a step.
func (ev *evaluation) tick() error {
	ev.steps++
	if ev.steps < ev.nextCheck {
		return nil
	}
	return ev.check()
}

// check looks at everything that bounds the evaluation.
func (ev *evaluation) check() error {
	ev.nextCheck = min(ev.steps+checkEvery, ev.budget.Steps+1)
	switch {
	case ev.steps > ev.budget.Steps:
		return exceeded(StepsBudget)
	case ev.bytes > ev.budget.Bytes:
		return exceeded(BytesBudget)
	case ev.ctx.Err() != nil:
		e := exceeded(ContextEnded)
		e.Cause = context.Cause(ev.ctx)
		return e
	case ev.elapsed() > ev.budget.Time:
		return exceeded(TimeBudget)
	}
	return nil
}

// spend counts bytes that were made or are about to be.
func (ev *evaluation) spend(n int) error {
	ev.bytes += int64(n)
	if ev.bytes > ev.budget.Bytes {
		return exceeded(BytesBudget)
	}
	return nil
}

// room asks whether n more bytes would fit.
func (ev *evaluation) room(n int) error {
	if ev.bytes+int64(n) > ev.budget.Bytes {
		return exceeded(BytesBudget)
	}
	return nil
}

// read counts the work of going over n bytes of text.
func (ev *evaluation) read(n int) error {
	ev.steps += int64(n >> 6)
	return ev.tick()
}

const itemSize = 48

// add appends to an array under construction and counts what it grows by.
func (ev *evaluation) add(c *cell, i item) {
	if i.cell == nil && len(c.items) == 0 {
		if len(c.json) == cap(c.json) {
			ev.grown(max(8, len(c.json)) * itemSize)
			if c.json == nil {
				c.json = make([]value.Value, 0, 8)
			}
		}
		c.json = append(c.json, i.json)
		return
	}
	if len(c.json) > 0 {
		c.items = make([]item, len(c.json), 2*len(c.json)+2)
		for k := range c.json {
			c.items[k].json = c.json[k]
		}
		c.json = nil
		ev.grown(cap(c.items) * itemSize)
	}
	if len(c.items) == cap(c.items) {
		ev.grown(max(4, len(c.items)) * itemSize)
	}
	c.items = append(c.items, i)
}

func (ev *evaluation) grown(n int) {
	ev.bytes += int64(n)
	if ev.bytes > ev.budget.Bytes {
		ev.nextCheck = 0 // the next tick will say so
	}
}
