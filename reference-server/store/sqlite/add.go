package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	codes "modernc.org/sqlite/lib"

	"github.com/occbench/occbench/reference-server/store"
)

// AddCustomer implements store.Store.
func (s *Store) AddCustomer(ctx context.Context, c store.Customer) (int64, error) {
	return s.insert(ctx, "customer", `INSERT INTO customers (name, phone) VALUES (?, ?)`, c.Name, c.Phone)
}

// AddVehicle implements store.Store.
func (s *Store) AddVehicle(ctx context.Context, v store.Vehicle) (int64, error) {
	return s.insert(ctx, "vehicle", `INSERT INTO vehicles (customer_id, vin, make, model, year) VALUES (?, ?, ?, ?, ?)`,
		v.Customer, v.VIN, v.Make, v.Model, v.Year)
}

// AddService implements store.Store.
func (s *Store) AddService(ctx context.Context, v store.Service) (int64, error) {
	return s.insert(ctx, "service", `INSERT INTO services (code, name, base_price_cents, est_minutes) VALUES (?, ?, ?, ?)`,
		v.Code, v.Name, v.PriceCents, v.Minutes)
}

// Services implements store.Store.
func (s *Store) Services(ctx context.Context) (all []store.Service, err error) {
	rows, err := s.read.QueryContext(ctx, `SELECT code, name, base_price_cents, est_minutes FROM services ORDER BY code`)
	if err != nil {
		return nil, fmt.Errorf("reading the services: %w", classifyBusy(err))
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var v store.Service
		if err := rows.Scan(&v.Code, &v.Name, &v.PriceCents, &v.Minutes); err != nil {
			return nil, fmt.Errorf("reading the services: %w", err)
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

func (s *Store) insert(ctx context.Context, what, text string, args ...any) (int64, error) {
	result, err := s.write.ExecContext(ctx, text, args...)
	if err != nil {
		return 0, fmt.Errorf("adding a %s: %w", what, classifyInsert(err))
	}
	return result.LastInsertId()
}

// classifyInsert returns the store's error for a broken constraint; other errors as classifyBusy
// does. The only references of customers, vehicles and services are those of a vehicle to its
// customer.
func classifyInsert(err error) error {
	switch errorCode(err) {
	case codes.SQLITE_CONSTRAINT_UNIQUE:
		return store.ErrExists
	case codes.SQLITE_CONSTRAINT_FOREIGNKEY:
		return &store.Unknown{Field: "customer_id"}
	default:
		return classifyBusy(err)
	}
}

// AddAppointment implements store.Store.
func (s *Store) AddAppointment(ctx context.Context, a store.Appointment) (int64, error) {
	id, err := s.addAppointment(ctx, a)
	if err != nil {
		return 0, fmt.Errorf("adding an appointment: %w", classifyBusy(err))
	}
	return id, nil
}

func (s *Store) addAppointment(ctx context.Context, a store.Appointment) (id int64, err error) {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
		}
	}()
	if err = checkReferences(ctx, tx, a); err != nil {
		return 0, err
	}
	err = tx.QueryRowContext(ctx, `INSERT INTO appointments (customer_id, vehicle_id, appt_start, appt_end, notes, updated_at)
VALUES (?, ?, ?, ?, ?, `+now+`) RETURNING id`, a.Customer, a.Vehicle, a.Start.UnixMicro(), a.End.UnixMicro(), a.Notes).Scan(&id)
	if err != nil {
		return 0, err
	}
	if err = attachServices(ctx, tx, id, a.Services); err != nil {
		return 0, err
	}
	return id, tx.Commit()
}

// checkReferences looks before the insert, because a broken foreign key would
// not say that the vehicle is there but is another customer's.
func checkReferences(ctx context.Context, tx *sql.Tx, a store.Appointment) error {
	var customer, vehicle bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM customers WHERE id = ?1),
       EXISTS (SELECT 1 FROM vehicles WHERE id = ?2 AND customer_id = ?1)`, a.Customer, a.Vehicle).Scan(&customer, &vehicle)
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

func attachServices(ctx context.Context, tx *sql.Tx, id int64, serviceCodes []string) error {
	for _, c := range serviceCodes {
		result, err := tx.ExecContext(ctx, `INSERT INTO appointment_services (appointment_id, service_id)
SELECT ?, id FROM services WHERE code = ?`, id, c)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, &store.Unknown{Field: "service_codes"})
		}
	}
	return nil
}
