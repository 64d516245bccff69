package ledger

import "context"

// Inventory counts what there is now.
type Inventory struct {
	Machines, Activities int64
	Open                 map[string]int64 // running executions of STANDARD machines, by machine ARN, without children of map runs
	Versions, Aliases    map[string]int64 // by machine ARN; machines that have none are missing
}

// Inventories count without reading what they count.
type Inventories interface {
	// Inventory is the inventory of the moment. Machines without running executions may be
	// missing in Open; a machine that was deleted counts as STANDARD.
	Inventory(ctx context.Context) (Inventory, error)
}
