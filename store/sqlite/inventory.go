package sqlite

import (
	"context"
	"fmt"

	"statehouse/engine/ledger"
)

// Inventory implements ledger.Inventories.
func (db *DB) Inventory(ctx context.Context) (ledger.Inventory, error) {
	inv := ledger.Inventory{Open: map[string]int64{}, Versions: map[string]int64{}, Aliases: map[string]int64{}}
	err := db.queryRow(ctx, "select (select count(*) from machines), (select count(*) from activities)").Scan(&inv.Machines, &inv.Activities)
	if err != nil {
		return ledger.Inventory{}, fmt.Errorf("count machines and activities: %w", db.explain(err))
	}
	for _, q := range []struct {
		query string
		into  map[string]int64
	}{
		{`select t.machine_arn, t.running from tallies t left join machines m on m.arn = t.machine_arn
			where t.running > 0 and t.labelled = 0 and m.type is not 'EXPRESS'`, inv.Open},
		{"select machine, count(*) from versions group by machine", inv.Versions},
		{"select machine, count(*) from aliases group by machine", inv.Aliases},
	} {
		err := db.query(ctx, q.query, nil, func(r row) error {
			var machine string
			var n int64
			if err := r.Scan(&machine, &n); err != nil {
				return err
			}
			q.into[machine] = n
			return nil
		})
		if err != nil {
			return ledger.Inventory{}, fmt.Errorf("count what machines have: %w", err)
		}
	}
	return inv, nil
}
