package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/occbench/occbench/reference-server/store"
)

// AddCustomer implements store.Store.
func (s *Store) AddCustomer(ctx context.Context, c store.Customer) (int64, error) {
	return s.insert(ctx, "customer", `INSERT INTO customers (name, phone) VALUES ($1, $2) RETURNING id`, c.Name, c.Phone)
}

// AddVehicle implements store.Store.
func (s *Store) AddVehicle(ctx context.Context, v store.Vehicle) (int64, error) {
	return s.insert(ctx, "vehicle",
		`INSERT INTO vehicles (customer_id, vin, make, model, year) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
		v.Customer, v.VIN, v.Make, v.Model, v.Year)
}

// AddService implements store.Store.
func (s *Store) AddService(ctx context.Context, v store.Service) (int64, error) {
	return s.insert(ctx, "service",
		`INSERT INTO services (code, name, base_price_cents, est_minutes) VALUES ($1, $2, $3, $4) RETURNING id`,
		v.Code, v.Name, v.PriceCents, v.Minutes)
}

// Services implements store.Store.
func (s *Store) Services(ctx context.Context) ([]store.Service, error) {
	rows, err := s.pool.Query(ctx, `SELECT code, name, base_price_cents, est_minutes FROM services ORDER BY code`)
	if err != nil {
		return nil, fmt.Errorf("reading the services: %w", classifyBusy(err))
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[store.Service])
	if err != nil {
		return nil, fmt.Errorf("reading the services: %w", classifyBusy(err))
	}
	return all, nil
}

func (s *Store) insert(ctx context.Context, what, sql string, args ...any) (int64, error) {
	var id int64
	if err := s.pool.QueryRow(ctx, sql, args...).Scan(&id); err != nil {
		return 0, fmt.Errorf("adding a %s: %w", what, classifyInsert(err))
	}
	return id, nil
}

// classifyInsert returns the store's error for a broken constraint; other errors as classifyBusy
// does. The only references of customers, vehicles and services are those of a vehicle to its
// customer.
func classifyInsert(err error) error {
	var refused *pgconn.PgError
	if !errors.As(err, &refused) {
		return err
	}
	switch refused.Code {
	case "23505": // unique_violation
		return store.ErrExists
	case "23503": // foreign_key_violation
		return &store.Unknown{Field: "customer_id"}
	default:
		return classifyBusy(err)
	}
}

// AddAppointment implements store.Store.
func (s *Store) AddAppointment(ctx context.Context, a store.Appointment) (int64, error) {
	var id int64
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) (err error) {
		if err := checkReferences(ctx, tx, a); err != nil {
			return err
		}
		if id, err = insertAppointment(ctx, tx, a); err != nil {
			return err
		}
		return attachServices(ctx, tx, id, a.Services)
	})
	if err != nil {
		return 0, fmt.Errorf("adding an appointment: %w", classifyBusy(err))
	}
	return id, nil
}

// checkReferences looks before the insert, because a broken foreign key would
// not say that the vehicle is there but is another customer's.
func checkReferences(ctx context.Context, tx pgx.Tx, a store.Appointment) error {
	var customer, vehicle bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM customers WHERE id = $1),
       EXISTS (SELECT FROM vehicles WHERE id = $2 AND customer_id = $1)`, a.Customer, a.Vehicle).Scan(&customer, &vehicle)
	switch {
	case err != nil:
		return err
	case !customer:
		return &store.Unknown{Field: "customer_id"}
	case !vehicle:
		return &store.Unknown{Field: "vehicle_id"}
	default:
		return nil
	}
}

func insertAppointment(ctx context.Context, tx pgx.Tx, a store.Appointment) (id int64, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO appointments (customer_id, vehicle_id, appt_start, appt_end, notes)
VALUES ($1, $2, $3, $4, $5) RETURNING id`, a.Customer, a.Vehicle, a.Start, a.End, a.Notes).Scan(&id)
	return id, err
}

// attachServices links the services by code; a code without a service links
// nothing, which the count tells.
func attachServices(ctx context.Context, tx pgx.Tx, id int64, codes []string) error {
	tag, err := tx.Exec(ctx, `INSERT INTO appointment_services (appointment_id, service_id)
SELECT $1, id FROM services WHERE code = ANY($2)`, id, codes)
	if err == nil && int(tag.RowsAffected()) != len(codes) {
		return &store.Unknown{Field: "service_codes"}
	}
	return err
}
