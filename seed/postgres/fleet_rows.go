package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/occbench/occbench/seed"
)

// ownershipRow is a customer and their vehicle in the database.
type ownershipRow struct{ customer, vehicle int64 }

// ensureServices makes sure that our services exist and returns their ids.
func ensureServices(ctx context.Context, tx pgx.Tx) ([]int64, error) {
	codes := make([]string, len(works))
	for i, w := range works {
		codes[i] = w.Code
		_, err := tx.Exec(ctx, `INSERT INTO services (code, name, base_price_cents, est_minutes)
SELECT $1, $2, $3, $4 WHERE NOT EXISTS (SELECT FROM services WHERE code = $1) ON CONFLICT DO NOTHING`, w.Code, w.Name, w.Cents, w.Minutes)
		if err != nil {
			return nil, fmt.Errorf("adding service %s: %w", w.Code, err)
		}
	}
	rows, err := tx.Query(ctx, "SELECT id FROM services WHERE code = ANY($1) ORDER BY code", codes)
	if err != nil {
		return nil, fmt.Errorf("reading the services: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, fmt.Errorf("reading the services: %w", err)
	}
	return ids, nil
}

// copyFleet copies n customers with a vehicle each.
func copyFleet(ctx context.Context, tx pgx.Tx, o seed.Options, n int) ([]ownershipRow, error) {
	customers, err := reserveIDs(ctx, tx, "customers", n)
	if err != nil {
		return nil, err
	}
	vehicles, err := reserveIDs(ctx, tx, "vehicles", n)
	if err != nil {
		return nil, err
	}
	if _, err := copyRows(ctx, tx, "customers", tables["customers"], n, func(i int) []any {
		return []any{customers[i], makeOwnerName(i, o.Tag), ""}
	}); err != nil {
		return nil, err
	}
	if _, err := copyRows(ctx, tx, "vehicles", tables["vehicles"], n, func(i int) []any {
		c := newCar(i)
		return []any{vehicles[i], customers[i], drawVIN(o.Rand), c.make, c.model, int32(c.year)}
	}); err != nil {
		return nil, err
	}
	fleet := make([]ownershipRow, n)
	for i := range fleet {
		fleet[i] = ownershipRow{customers[i], vehicles[i]}
	}
	return fleet, nil
}
