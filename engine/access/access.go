// Package access says who may do what. There is one table of operation and roles, and
// whatever is not in it is refused. Handlers ask before they call a verb of the engine;
// the rows of single things (whose task is it?) are the business of the verb itself.
package access

import "slices"

// Role is what a person or a program is here.
type Role string

// The roles. A role may do what its own rows say; Viewer's rows belong to all.
const (
	Viewer   Role = "viewer"
	Approver Role = "approver" // decides tasks that are addressed to them or their groups
	Operator Role = "operator" // starts and stops executions, answers for workers
	Designer Role = "designer" // writes workflows: reaches networks and secrets by design
	Admin    Role = "admin"
)

// Roles lists all roles.
func Roles() []Role { return []Role{Viewer, Approver, Operator, Designer, Admin} }

// Operation is something that can be asked of the engine.
type Operation string

// The operations.
const (
	SeeWorkflows   Operation = "see workflows"
	SeeExecutions  Operation = "see executions"
	SeeActivities  Operation = "see activities"
	SeeSettings    Operation = "see settings"
	SeeTasks       Operation = "see tasks"
	DecideTask     Operation = "decide a task"
	EditWorkflow   Operation = "edit a workflow"
	Publish        Operation = "publish a workflow"
	DeleteWorkflow Operation = "delete a workflow"
	Validate       Operation = "validate a definition"
	EditActivity   Operation = "edit an activity"
	StartExecution Operation = "start an execution"
	StopExecution  Operation = "stop an execution"
	Work           Operation = "work on activities and answer task tokens"
	SeeMetrics     Operation = "see metrics"
	SeeLogs        Operation = "see logs"
	EditLogs       Operation = "make and delete log groups"
	ManageKeys     Operation = "manage access keys"
)

// table is the whole law. Admin is in every row by name: a row without it is refused to
// admins as well.
var table = map[Operation][]Role{
	SeeWorkflows:   {Viewer, Approver, Operator, Designer, Admin},
	SeeExecutions:  {Viewer, Approver, Operator, Designer, Admin},
	SeeActivities:  {Viewer, Approver, Operator, Designer, Admin},
	SeeSettings:    {Viewer, Approver, Operator, Designer, Admin},
	SeeTasks:       {Approver, Operator, Admin},
	DecideTask:     {Approver, Admin},
	EditWorkflow:   {Designer, Admin},
	Publish:        {Designer, Admin},
	DeleteWorkflow: {Designer, Admin},
	Validate:       {Designer, Admin},
	EditActivity:   {Designer, Admin},
	StartExecution: {Operator, Admin},
	StopExecution:  {Operator, Admin},
	Work:           {Operator, Admin},
	SeeMetrics:     {Operator, Admin},
	SeeLogs:        {Viewer, Approver, Operator, Designer, Admin},
	EditLogs:       {Designer, Admin},
	ManageKeys:     {Admin},
}

// May tells whether a role may do something.
func May(role Role, op Operation) bool { return slices.Contains(table[op], role) }

// Operations lists all operations that the table knows, sorted.
func Operations() []Operation {
	ops := make([]Operation, 0, len(table))
	for op := range table {
		ops = append(ops, op)
	}
	slices.Sort(ops)
	return ops
}

// Principal is who asks.
type Principal struct {
	Name  string
	Roles []Role
}

// May tells whether any of the principal's roles may do something.
func (p Principal) May(op Operation) bool {
	return slices.ContainsFunc(p.Roles, func(r Role) bool { return May(r, op) })
}

// Owner is the only principal of local mode: the person at the machine, who may do
// everything.
func Owner(name string) Principal { return Principal{Name: name, Roles: Roles()} }
