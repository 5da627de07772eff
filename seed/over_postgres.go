package seed

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/reference-server/appointment"
)

// OverPostgres makes sure that the board of a date holds enough usable cards,
// straight in the database of the reference server (postgres://…), which must
// have its tables. Everything happens in one transaction: after an error
// nothing was made. Concurrent calls with the same tag wait for each other.
func OverPostgres(ctx context.Context, databaseURL string, o Options) (Result, error) {
	o, r, err := o.begin("postgres")
	if err != nil {
		return r, err
	}
	began := time.Now()
	err = inDatabase(ctx, databaseURL, o.Tag, func(ctx context.Context, tx pgx.Tx) error {
		return fillTables(ctx, tx, o, &r)
	})
	r.Millis = float64(time.Since(began)) / float64(time.Millisecond)
	if err != nil {
		r.Usable, r.Created = r.Usable-r.Created, 0
		return r, fmt.Errorf("seeding %s: %w", o.Date, err)
	}
	return r, nil
}

// fillTables counts, copies what is missing, and counts again.
func fillTables(ctx context.Context, tx pgx.Tx, o Options, r *Result) error {
	seen, err := countRows(ctx, tx, o)
	if err != nil {
		return err
	}
	r.Found, r.Usable = seen.tagged, seen.usable
	r.warnOfUnknown(seen.unknown)
	missing := r.Wanted - r.Usable
	if missing <= 0 {
		return nil
	}
	copied, err := copyCards(ctx, tx, o, missing)
	if err != nil {
		return err
	}
	r.Created, r.Usable = copied, r.Usable+copied
	return nil
}

func countRows(ctx context.Context, tx pgx.Tx, o Options) (tally, error) {
	day, err := time.Parse(time.DateOnly, o.Date)
	if err != nil {
		return tally{}, err
	}
	var usable, known []string
	for _, s := range appointment.Statuses() {
		known = append(known, string(s))
		if !s.Final() {
			usable = append(usable, string(s))
		}
	}
	var t tally
	err = tx.QueryRow(ctx, `SELECT count(*), count(*) FILTER (WHERE version > 0 AND status = ANY($4)), count(*) FILTER (WHERE status <> ALL($5))
  FROM appointments WHERE appt_start >= $1 AND appt_start < $2 AND notes ~ $3`,
		day, day.AddDate(0, 0, 1), tagPattern(o.Tag), usable, known).
		Scan(&t.tagged, &t.usable, &t.unknown)
	if err != nil {
		return t, fmt.Errorf("counting the cards: %w", err)
	}
	return t, nil
}

// copyCards copies n cards and what they refer to, and returns how many cards
// the database took.
func copyCards(ctx context.Context, tx pgx.Tx, o Options, n int) (int, error) {
	w, err := hours(o.Date, o.Now())
	if err != nil {
		return 0, err
	}
	services, err := offerRows(ctx, tx)
	if err != nil {
		return 0, err
	}
	fleet, err := copyFleet(ctx, tx, o, min(n, fleetSize))
	if err != nil {
		return 0, err
	}
	ids, err := reserve(ctx, tx, "appointments", n)
	if err != nil {
		return 0, err
	}
	notes := client.TagWord(o.Tag) + " batch:" + (&dice{src: o.Rand}).word()
	copied, err := copyRows(
		ctx,
		tx,
		"appointments",
		[]string{"id", "customer_id", "vehicle_id", "appt_start", "appt_end", "status", "position", "version", "notes"},
		n,
		func(i int) []any {
			start, end := w.slot(i, n)
			owner := fleet[i%len(fleet)]
			return []any{ids[i], owner.customer, owner.vehicle, start, end, string(appointment.Scheduled), int32(0), int64(1), notes}
		},
	)
	if err != nil {
		return 0, err
	}
	_, err = copyRows(ctx, tx, "appointment_services", tables["appointment_services"], n, func(i int) []any {
		return []any{ids[i], services[i%len(services)]}
	})
	return copied, err
}

// copyRows copies n rows into a table.
func copyRows(ctx context.Context, tx pgx.Tx, table string, columns []string, n int, row func(i int) []any) (int, error) {
	i := 0
	copied, err := tx.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromFunc(func() ([]any, error) {
		if i == n {
			return nil, nil
		}
		i++
		return row(i - 1), nil
	}))
	if err != nil {
		return 0, fmt.Errorf("copying %d rows into %s: %w", n, table, err)
	}
	return int(copied), nil
}
