package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/occbench/occbench/seed"
)

// Cleaned counts the rows that Clean removed.
type Cleaned struct {
	Tag          string  `json:"tag"`
	Appointments int     `json:"appointments"`
	Vehicles     int     `json:"vehicles"`
	Customers    int     `json:"customers"`
	Millis       float64 `json:"duration_ms"`
}

// String is the one line a command prints.
func (c Cleaned) String() string {
	return fmt.Sprintf(
		"%d appointments tagged occbench:%s removed, with %d vehicles and %d customers made for them",
		c.Appointments,
		c.Tag,
		c.Vehicles,
		c.Customers,
	)
}

// Clean removes from the database the appointments with the tag, of all dates, and the
// vehicles and customers that were made for such appointments and that nothing else
// refers to. Services stay: other tags share them. It is one transaction, so
// after an error nothing was removed.
func Clean(ctx context.Context, databaseURL, tag string) (Cleaned, error) {
	if tag == "" {
		tag = seed.DefaultTag
	}
	c := Cleaned{Tag: tag}
	if err := seed.CheckTag(tag); err != nil {
		return c, err
	}
	began := time.Now()
	err := runTransaction(ctx, databaseURL, tag, func(ctx context.Context, tx pgx.Tx) error {
		return removeRows(ctx, tx, &c)
	})
	if err != nil {
		return Cleaned{Tag: tag}, fmt.Errorf("removing appointments tagged %q: %w", tag, err)
	}
	c.Millis = float64(time.Since(began)) / float64(time.Millisecond)
	return c, nil
}

// removal is one DELETE; $1 is the pattern of the tag.
type removal struct {
	what  string
	sql   string
	count *int
}

// removeRows removes in the order of the references. A customer is ours by the
// tag in the name, a vehicle by its owner and its number; one that a foreign
// appointment refers to by now stays.
func removeRows(ctx context.Context, tx pgx.Tx, c *Cleaned) error {
	var links int
	for _, step := range []removal{
		{"links to services", `DELETE FROM appointment_services WHERE appointment_id IN (SELECT id FROM appointments WHERE notes ~ $1)`,
			&links},
		{"appointments", `DELETE FROM appointments WHERE notes ~ $1`, &c.Appointments},
		{"vehicles", `DELETE FROM vehicles v WHERE v.vin LIKE '` + vinStart + `%'
   AND v.customer_id IN (SELECT id FROM customers WHERE name ~ $1)
   AND NOT EXISTS (SELECT FROM appointments a WHERE a.vehicle_id = v.id)`, &c.Vehicles},
		{"customers", `DELETE FROM customers c WHERE c.name ~ $1
   AND NOT EXISTS (SELECT FROM vehicles v WHERE v.customer_id = c.id)
   AND NOT EXISTS (SELECT FROM appointments a WHERE a.customer_id = c.id)`, &c.Customers},
	} {
		done, err := tx.Exec(ctx, step.sql, makeTagPattern(c.Tag))
		if err != nil {
			return fmt.Errorf("removing %s: %w", step.what, err)
		}
		*step.count = int(done.RowsAffected())
	}
	return nil
}
