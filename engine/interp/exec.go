package interp

import (
	"time"

	"statehouse/engine/asl"
	"statehouse/engine/history"
	"statehouse/engine/value"
)

// ScopeID names a scope within its execution.
type ScopeID int64

// Token names something that an execution waits for: a task, a timer. Tokens are never
// used twice within an execution; zero is no token.
type Token int64

// Status is the state of an execution in AWS's words.
type Status string

// The five states of an execution.
const (
	Running   Status = "RUNNING"
	Succeeded Status = "SUCCEEDED"
	Failed    Status = "FAILED"
	TimedOut  Status = "TIMED_OUT"
	Aborted   Status = "ABORTED"
)

// Outcome is how an execution ended.
type Outcome struct {
	Status       Status
	Output       value.Value // Absent unless Succeeded
	Error, Cause *string     // nil when not given
	At           time.Time
}

// Begin is what an execution is told about itself at its birth. It never changes.
type Begin struct {
	ExecutionARN, ExecutionName string
	MachineARN, MachineName     string
	VersionARN, AliasARN        string // of the machine that it was started by, "" when none
	RoleARN                     string
	Seed                        [32]byte // every random choice derives from it
	Started                     time.Time
	Express                     bool   // it ends after five minutes
	Sync                        bool   // somebody waits for its end; it is in no row while it runs
	TestCase                    string // of the mock configuration, "" when tasks call the world
}

// CurrentRules is the revision of the interpreter that new executions begin with. Old
// executions finish under the rules they began with.
const CurrentRules = 1

// The scopes that every execution has.
const (
	RootScope   ScopeID = 1 // the machine itself
	OriginScope ScopeID = 2 // Begin and the input, written once
)

// Exec is all that one execution knows. It is plain data: rows can hold it, a test can
// print it, and two of them can be compared.
type Exec struct {
	Rules    int
	Begin    Begin
	Deadline Token    // timer of the machine's TimeoutSeconds, zero when none
	Outcome  *Outcome // nil while it runs
	Wreck    Wreck    // what a redrive begins with; nil while it runs, and when it cannot be redriven
	Scopes   map[ScopeID]*Scope
	Ready    []ScopeID // first in, first out; empty unless a step ran out of its budget
	Next     Counters
	Memory   int // bytes of all variables together
	// Calls counts the tasks that each state has scheduled. It is kept in a test case only:
	// state names are unique within a machine, whatever scope they run in.
	Calls map[string]int

	Redrives int       // how often it was redriven
	Redriven time.Time // the last time, zero: never

	waits map[Token]ScopeID // from Scope.Wait, made by Restore
	trial *Trial            // nil unless made by Try
}

// Counters hold the next unused number of each kind.
type Counters struct {
	Event history.ID
	Scope ScopeID
	Token Token
}

// New is an execution that has not begun: its first input is Start.
func New(m *asl.Machine, b Begin) *Exec {
	x := &Exec{
		Rules: CurrentRules,
		Begin: b,
		Next:  Counters{Event: 1, Scope: OriginScope + 1, Token: 1},
		waits: map[Token]ScopeID{},
	}
	x.Scopes = map[ScopeID]*Scope{
		RootScope:   {ID: RootScope, Kind: Root, State: m.Root.StartAt},
		OriginScope: {ID: OriginScope, Kind: Origin, begin: &x.Begin},
	}
	return x
}

// Waits tells whether something waits for a token.
func (x *Exec) Waits(t Token) bool {
	_, ok := x.waits[t]
	return ok
}

// Status is RUNNING, or the status of the outcome.
func (x *Exec) Status() Status {
	if x.Outcome == nil {
		return Running
	}
	return x.Outcome.Status
}

// More says that the last step stopped because it had run for very long. The shell
// stores its output as always and then gives the input Continue.
func (x *Exec) More() bool { return x.Outcome == nil && len(x.Ready) > 0 }

// Input is the text that the execution was started with.
func (x *Exec) Input() value.Value {
	if o := x.Scopes[OriginScope]; o != nil {
		return o.Raw
	}
	return value.Value{}
}
