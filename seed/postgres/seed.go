// Package postgres makes appointments straight in the database of the reference
// server, where a hundred thousand are wanted, and removes them again.
package postgres

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/seed"
)

// Seed makes sure that a date has enough usable appointments, straight in the
// database of the reference server (postgres://…), which must
// have its tables. Everything happens in one transaction: after an error
// nothing was made. Concurrent calls with the same tag wait for each other.
func Seed(ctx context.Context, databaseURL string, o seed.Options) (seed.Result, error) {
	o, err := o.WithDefaults()
	r := seed.Result{API: "appointments", Date: o.Date, Tag: o.Tag, Via: "postgres", Record: "appointment", Wanted: o.Records}
	if err == nil {
		_, err = seed.NewSlots(o.Date, o.Now())
	}
	if err != nil {
		return r, err
	}
	began := time.Now()
	err = runTransaction(ctx, databaseURL, o.Tag, func(ctx context.Context, tx pgx.Tx) error {
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
func fillTables(ctx context.Context, tx pgx.Tx, o seed.Options, r *seed.Result) error {
	seen, err := countRows(ctx, tx, o)
	if err != nil {
		return err
	}
	r.Found, r.Usable = seen.tagged, seen.usable
	r.WarnOfUnknown(seen.unknown)
	missing := r.Wanted - r.Usable
	if missing <= 0 {
		return nil
	}
	copied, err := copyAppointments(ctx, tx, o, missing)
	if err != nil {
		return err
	}
	r.Created, r.Usable = copied, r.Usable+copied
	return nil
}

// tally counts our appointments in the database.
type tally struct {
	tagged  int // those with the tag
	usable  int // of these, with a version and a legal update left
	unknown int // of these, with a state that is none of the server's
}

func countRows(ctx context.Context, tx pgx.Tx, o seed.Options) (tally, error) {
	day, err := time.Parse(time.DateOnly, o.Date)
	if err != nil {
		return tally{}, err
	}
	var usable, known []string
	for _, s := range appointment.Statuses() {
		known = append(known, string(s))
		if !s.IsFinal() {
			usable = append(usable, string(s))
		}
	}
	var t tally
	err = tx.QueryRow(ctx, `SELECT count(*), count(*) FILTER (WHERE version > 0 AND status = ANY($4)),
  count(*) FILTER (WHERE status <> ALL($5))
  FROM appointments WHERE appt_start >= $1 AND appt_start < $2 AND notes ~ $3`,
		day, day.AddDate(0, 0, 1), makeTagPattern(o.Tag), usable, known).
		Scan(&t.tagged, &t.usable, &t.unknown)
	if err != nil {
		return t, fmt.Errorf("counting the appointments: %w", err)
	}
	return t, nil
}

// copyAppointments copies n appointments and what they refer to, and returns how
// many the database took.
func copyAppointments(ctx context.Context, tx pgx.Tx, o seed.Options, n int) (int, error) {
	w, err := seed.NewSlots(o.Date, o.Now())
	if err != nil {
		return 0, err
	}
	services, err := ensureServices(ctx, tx)
	if err != nil {
		return 0, err
	}
	fleet, err := copyFleet(ctx, tx, o, min(n, fleetSize))
	if err != nil {
		return 0, err
	}
	ids, err := reserveIDs(ctx, tx, "appointments", n)
	if err != nil {
		return 0, err
	}
	notes := client.TagWord(o.Tag) + " batch:" + strconv.FormatUint(o.Rand.Uint64()|1<<63, 36)
	copied, err := copyRows(
		ctx,
		tx,
		"appointments",
		[]string{"id", "customer_id", "vehicle_id", "appt_start", "appt_end", "status", "position", "version", "notes"},
		n,
		func(i int) []any {
			start, end := w.At(i, n)
			owner := fleet[i%len(fleet)]
			return []any{ids[i], owner.customer, owner.vehicle, start, end, string(chooseState(i, n)), int32(0), int64(1), notes}
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

// chooseState returns the state of appointment i of n on a day that is under way: early
// ones are further than late ones, and some people did not come. None is final, so
// every one can be updated.
func chooseState(i, n int) appointment.Status {
	switch early := 5 * i / n; {
	case i%12 == 11:
		return appointment.NoShow
	case early == 0:
		return appointment.Ready
	case early == 1:
		return appointment.InProgress
	}
	return appointment.Scheduled
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
