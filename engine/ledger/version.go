package ledger

import (
	"context"
	"strconv"
	"time"
)

// Publish asks for a version of a machine as it is now.
type Publish struct {
	Revision    *string // nil: any; otherwise the machine must be at this one
	Description string
	At          time.Time
	Limit       int // how many versions a machine may have; 0: no limit
}

// With is what the write that creates or updates a machine does besides.
type With struct {
	Tags    []Tag    // of a new machine
	Publish *Publish // nil: no version
}

// VersionQuery asks for the versions of a machine.
type VersionQuery struct {
	MachineARN string
	Page       Page
}

// Versions keeps machines as they were published. A version is a Machine whose Version is
// its number; numbers are never given twice, also when a version was deleted.
type Versions interface {
	// PublishVersion makes the machine as it is now its next version. A revision is
	// published once: again it is the version that exists. ErrNotFound; ErrConflict while
	// the machine is being deleted; ErrStale when it is at another revision; ErrTooMany.
	PublishVersion(ctx context.Context, machineARN string, p Publish) (Machine, error)
	// Version is one version. ErrNotFound.
	Version(ctx context.Context, machineARN string, number int64) (Machine, error)
	// ListVersions lists versions without their definitions, the newest first, and the token
	// of the next page, "" at the end.
	ListVersions(ctx context.Context, q VersionQuery) ([]Machine, string, error)
	// DeleteVersion forgets a version. Executions that it started go on. ErrNotFound;
	// ErrConflict as long as an alias leads to it.
	DeleteVersion(ctx context.Context, machineARN string, number int64) error
}

// Alias is a name that leads to one or two versions of a machine.
type Alias struct {
	MachineARN, Name, Description string
	Routes                        []Route // one or two
	Created, Updated              time.Time
}

// Route is one version that an alias leads to.
type Route struct {
	Version int64
	Weight  int64 // of 100; those of an alias make 100 together
}

// ARN names the alias.
func (a Alias) ARN() string { return a.MachineARN + ":" + a.Name }

// AliasQuery asks for the aliases of a machine.
type AliasQuery struct {
	MachineARN string
	Version    int64 // only those that lead to it; 0: all
	Page       Page
}

// Aliases keeps aliases.
type Aliases interface {
	// CreateAlias stores an alias. ErrExists when the machine has one of this name;
	// ErrNotFound without the machine or one of the versions; ErrConflict while the machine
	// is being deleted; ErrTooMany when it has limit of them (0: no limit).
	CreateAlias(ctx context.Context, a Alias, limit int) error
	// UpdateAlias replaces everything but the names and Created. ErrNotFound without the
	// alias or one of the versions; ErrConflict while the machine is being deleted.
	UpdateAlias(ctx context.Context, a Alias) error
	// Alias is one alias. ErrNotFound.
	Alias(ctx context.Context, machineARN, name string) (Alias, error)
	// ListAliases lists aliases by name, and the token of the next page, "" at the end. AWS's
	// documentation says newest first; every recording of its answers has the oldest first.
	ListAliases(ctx context.Context, q AliasQuery) ([]Alias, string, error)
	// DeleteAlias forgets an alias. Executions that it started go on. ErrNotFound.
	DeleteAlias(ctx context.Context, machineARN, name string) error
}

func versionARN(machineARN string, number int64) string {
	if number == 0 {
		return ""
	}
	return machineARN + ":" + strconv.FormatInt(number, 10)
}
