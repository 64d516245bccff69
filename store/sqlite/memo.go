package sqlite

import (
	"errors"
	"fmt"

	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/logging"
)

// memo is what the writer remembers within a group and from one group to the next, so
// that it does not read the machine's rows for every execution that begins, nor write
// the same tally for each that begins or ends. Only the writer changes those rows.
type memo struct {
	machines    map[string]known   // by ARN
	definitions map[[32]byte]int64 // ids by hash
	loggings    map[logging.Config]int64
	counts      map[int64]*count // by tally: what this group has not written yet
	runs        map[ledger.MapRunID]*runCount
}

// known is what a new execution needs of its machine.
type known struct {
	tally    int64
	deleting bool
}

// count is what a group adds to a tally.
type count struct {
	running, succeeded, failed, timedOut, aborted int64
	last                                          any // newest execution, nil: none
}

func newMemo() memo {
	return memo{machines: map[string]known{}, definitions: map[[32]byte]int64{}, loggings: map[logging.Config]int64{}, counts: map[int64]*count{}, runs: map[ledger.MapRunID]*runCount{}}
}

// maxMemo bounds the memory.
const maxMemo = 4096

// forget drops what is remembered: it was rolled back, or somebody else may change it.
func (c *conn) forget() {
	clear(c.memo.machines)
	clear(c.memo.definitions)
	clear(c.memo.loggings)
	clear(c.memo.counts)
	clear(c.memo.runs)
}

// count is what this group adds to a tally.
func (c *conn) count(tally int64) *count {
	n := c.memo.counts[tally]
	if n == nil {
		n = &count{}
		c.memo.counts[tally] = n
	}
	return n
}

// begun counts an execution that begins.
func (n *count) begun(id int64) {
	n.running++
	n.last = id
}

// ended moves an execution from running to where it ended.
func (n *count) ended(to interp.Status) error { return n.move(to, 1) }

// reopened moves an execution from where it ended back to running.
func (n *count) reopened(from interp.Status) error { return n.move(from, -1) }

func (n *count) move(to interp.Status, by int64) error {
	n.running -= by
	switch to {
	case interp.Succeeded:
		n.succeeded += by
	case interp.Failed:
		n.failed += by
	case interp.TimedOut:
		n.timedOut += by
	case interp.Aborted:
		n.aborted += by
	case interp.Running:
		return errors.New("no execution ends with status RUNNING")
	default:
		return fmt.Errorf("no execution ends with status %q", to)
	}
	return nil
}

// flush writes the tallies, and lets go of machines that waited for their last execution.
func (c *conn) flush() error {
	if err := c.flushRuns(); err != nil {
		return err
	}
	for tally, n := range c.memo.counts {
		delete(c.memo.counts, tally)
		if _, err := c.exec(`update tallies set running = running + ?, succeeded = succeeded + ?, failed = failed + ?,
			timed_out = timed_out + ?, aborted = aborted + ?, last = ifnull(?, last) where id = ?`,
			n.running, n.succeeded, n.failed, n.timedOut, n.aborted, n.last, tally); err != nil {
			return err
		}
		if n.succeeded+n.failed+n.timedOut+n.aborted == 0 { // none has ended
			continue
		}
		gone, err := c.exec(`delete from machines where deleting = 1
			and arn = (select machine_arn from tallies where id = ? and running = 0)`, tally)
		if err != nil {
			return err
		}
		if gone > 0 {
			clear(c.memo.machines)
		}
	}
	return nil
}

// machine finds the machine of a new execution, and its tally, which it may have to make.
func (c *conn) machine(arn, name string) (known, error) {
	if m, ok := c.memo.machines[arn]; ok {
		return m, nil
	}
	var deleting int64
	err := c.row("select deleting from machines where arn = ?", []any{arn}, &deleting)
	if errors.Is(err, ledger.ErrNotFound) {
		return known{}, refuse(fmt.Errorf("machine %s: %w", arn, err))
	}
	if err != nil {
		return known{}, err
	}
	m := known{deleting: deleting == 1}
	if !m.deleting {
		err = c.row("select id from tallies where machine_arn = ?", []any{arn}, &m.tally)
		if errors.Is(err, ledger.ErrNotFound) {
			m.tally, err = c.insert("insert into tallies (machine_arn, machine_name) values (?, ?)", arn, name)
		}
		if err != nil {
			return known{}, err
		}
	}
	c.remember(arn, m)
	return m, nil
}

// remember spares the next execution of the machine the search.
func (c *conn) remember(arn string, m known) {
	if len(c.memo.machines) >= maxMemo {
		clear(c.memo.machines)
	}
	c.memo.machines[arn] = m
}

// keepDefinition finds the definition's row, or makes it.
func keepDefinition(c *conn, hash [32]byte, text string) (int64, error) {
	if id, ok := c.memo.definitions[hash]; ok {
		return id, nil
	}
	var id int64
	err := c.row("select id from definitions where hash = ?", []any{hash[:]}, &id)
	if errors.Is(err, ledger.ErrNotFound) {
		id, err = c.insert("insert into definitions (hash, text) values (?, ?)", hash[:], text)
	}
	if err != nil {
		return 0, err
	}
	if len(c.memo.definitions) >= maxMemo {
		clear(c.memo.definitions)
	}
	c.memo.definitions[hash] = id
	return id, nil
}
