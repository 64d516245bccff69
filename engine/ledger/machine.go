package ledger

import (
	"context"
	"time"
)

// Machine is a state machine as it is now, or as it was when one of its versions was
// published.
type Machine struct {
	ARN, Name  string // never with a version or an alias
	Type       string // STANDARD or EXPRESS
	Definition string // ASL text, byte for byte
	RoleARN    string
	RevisionID string
	// Raw JSON objects, "" when not given.
	Logging, Tracing, Encryption string
	Deleting                     bool // DeleteMachine was called, executions still run
	Created, Updated             time.Time

	// Of a version: its number, from 1, and what was said about it. Created is when it was
	// published then. 0 is the machine as it is now.
	Version     int64
	Description string

	// Of a machine that was asked for by the name of a Distributed Map in it, or of one of its
	// children; stores leave both empty.
	Label, MapRunARN string
}

// VersionARN names the version, "" when the machine is none.
func (m Machine) VersionARN() string { return versionARN(m.ARN, m.Version) }

// MachineQuery asks for machines.
type MachineQuery struct {
	Search string // part of the name, letters of either case; "" is all
	Page   Page
}

// Machines keeps state machines.
type Machines interface {
	// CreateMachine stores a new machine, with its tags and its first version when With says
	// so, and returns the number of that version, 0 for none. ErrExists when its ARN or its
	// name is taken, ErrConflict when the machine that has it is being deleted.
	CreateMachine(ctx context.Context, m Machine, w With) (int64, error)
	// UpdateMachine replaces everything but ARN, Name, Type and Created, and publishes a
	// version when With says so. Executions keep the definition they began with. ErrNotFound;
	// ErrConflict while it is being deleted; ErrTooMany versions.
	UpdateMachine(ctx context.Context, m Machine, w With) (int64, error)
	// Machine is the machine with this ARN, also while it is being deleted. ErrNotFound.
	Machine(ctx context.Context, arn string) (Machine, error)
	// ListMachines lists machines by name, and the token of the next page, "" at the end.
	ListMachines(ctx context.Context, q MachineQuery) ([]Machine, string, error)
	// DeleteMachine deletes the machine with its versions, aliases and tags: at once when
	// none of its executions runs, otherwise it is Deleting from now on, takes no new
	// executions, and goes with the last one that closes. Its executions and their histories stay. ErrNotFound; a
	// second call is no error.
	DeleteMachine(ctx context.Context, arn string) error
	// DeletingMachines lists the ARNs of the machines that are Deleting, in any order.
	DeletingMachines(ctx context.Context) ([]string, error)
}

// Draft is the definition that somebody works on. It may be invalid, even no JSON.
type Draft struct {
	Name             string // of the workflow
	Text             string // the definition's text, byte for byte
	Input            string // what Run proposes, byte for byte
	Type             string // STANDARD or EXPRESS, which it is published as; "" is STANDARD, and when it is saved again what it was
	Revision         int64  // 1 for the first, then one more for each save
	Created, Updated time.Time
}

// Drafts keeps one draft for each workflow at most.
type Drafts interface {
	// SaveDraft stores Name, Text and Input and returns the new revision. Base is the
	// revision that the text was made from: ErrStale when another one is stored, or none;
	// 0 creates the draft, ErrExists when there is one. Created and Updated of a new
	// draft are taken from d when set, from the store's clock otherwise.
	SaveDraft(ctx context.Context, d Draft, base int64) (int64, error)
	// Draft is the draft of this workflow. ErrNotFound.
	Draft(ctx context.Context, name string) (Draft, error)
	// DeleteDraft forgets the draft. ErrNotFound.
	DeleteDraft(ctx context.Context, name string) error
}

// Workflow is what a person sees as one thing: a draft, the machine that was published
// from it, or both. They belong together by name.
type Workflow struct {
	Name           string
	Machine        *Machine   // nil: never published
	Draft          *Draft     // nil: none
	Updated        time.Time  // of the draft or the machine, whichever is later
	Running, Total int64      // executions
	Last           *Execution // the newest one, without Input and Output; nil: none
}

// WorkflowStatus chooses among workflows.
type WorkflowStatus string

// The choices.
const (
	AnyWorkflow        WorkflowStatus = ""
	PublishedWorkflows WorkflowStatus = "published" // has a machine
	DraftWorkflows     WorkflowStatus = "draft"     // was never published
)

// WorkflowQuery asks for workflows.
type WorkflowQuery struct {
	Search string // part of the name, letters of either case; "" is all
	Status WorkflowStatus
	Page   Page
}

// Workflows lists what people work on.
type Workflows interface {
	// ListWorkflows lists workflows by name (letters of either case alike), and the token
	// of the next page, "" at the end.
	ListWorkflows(ctx context.Context, q WorkflowQuery) ([]Workflow, string, error)
	// Workflow is the workflow of this name. ErrNotFound.
	Workflow(ctx context.Context, name string) (Workflow, error)
}
