package interp

import (
	"time"

	"statehouse/engine/asl"
	"statehouse/engine/history"
	"statehouse/engine/value"
)

// Kind says what a scope is.
type Kind uint8

// Root, Branch and Iteration are lines of control; the others only keep data.
const (
	Root      Kind = iota // the whole machine
	Branch                // of a Parallel
	Iteration             // of an inline Map
	Origin                // Begin and the execution's input
	Hold                  // input, items and variables of a scope whose Fan is in flight
	Done                  // the output of a finished branch or iteration
)

// Phase says where a line of control stands.
type Phase uint8

// The phases of a state.
const (
	Entering Phase = iota // about to enter Scope.State
	Awaiting              // entered; waits for the answer to Scope.Wait
	Backoff               // waits for the timer before another attempt
	Joining               // waits for the children of Scope.Fan
	Again                 // the backoff is over: about to do the state once more
)

// Scope is one line of control – the whole machine, a Parallel branch or a Map
// iteration – or data that one of them keeps in a row of its own.
type Scope struct {
	ID     ScopeID
	Parent ScopeID
	Kind   Kind
	Index  int      // branch number or item index: results keep this order
	Slot   int      // concurrency slot an iteration occupies
	Def    asl.Path // which machine inside the definition it walks

	State string
	Phase Phase
	Raw   value.Value            // state input as it arrived; of Done: the output; of Origin: the input
	Vars  map[string]value.Value // assigned here; a lookup climbs to the parent
	Items value.Value            // of Hold: the items of a Map

	Attempts []int  // per retrier of the current state
	Retries  int    // of the current state, all retriers together: $$.State.RetryCount
	Wait     Token  // the answer it waits for, zero when none
	Started  bool   // the awaited task said that it started
	Fan      *Fan   // while a Parallel or Map is in flight
	Run      string // ARN of the map run that a Distributed Map had last, "" when a redrive needs a new one
	Redrives int    // of that run
	Broken   bool   // a child failed: the failure of the Parallel or Map is to be published

	Tip       history.ID // what its next event points back to
	Entry     history.ID // Tip before the current state was entered
	Entered   history.ID // id of the …StateEntered event: error causes quote it
	Last      history.ID // highest id it published
	EnteredAt time.Time

	begin *Begin // of Origin
}

// Fan is the bookkeeping of a Parallel or an inline Map. It stays small however many
// items there are.
type Fan struct {
	Hold  ScopeID      // the row with input, items and variables
	First ScopeID      // child i is First+i: while open a line of control, afterwards Done
	Count int          // branches or items
	Next  int          // first item not yet started
	Open  int          // children still running: the join needs no scan
	Bytes int          // outputs of finished children together
	Last  history.ID   // highest id that a finished child published
	Slots []history.ID // tip that each slot hands to its next iteration
}
