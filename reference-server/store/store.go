// Package store says what a store of appointments must do, and what it may
// answer; its sub-packages do it with SQLite and with PostgreSQL.
//
// A move is decided by one conditional UPDATE and by nothing else: a
// store that reads first and writes then has a gap in between that another update fits in.
package store

import (
	"context"
	"time"

	"github.com/occbench/occbench/reference-server/appointment"
)

// Store keeps appointments and what they refer to. It is safe for concurrent
// use. Ids count from 1.
type Store interface {
	// Name is the word for the store that health answers carry.
	Name() string
	// Ping reports whether the store answers.
	Ping(ctx context.Context) error

	// Board returns the cards that start on a day, given by its first instant
	// in UTC, by position, start and id. It is one query, and its result holds
	// every move that was acknowledged before Board was called.
	Board(ctx context.Context, day time.Time) ([]appointment.Card, error)
	// Card returns one card, or ErrNotFound.
	Card(ctx context.Context, id int64) (appointment.Card, error)
	// Move applies a move, or returns why not: ErrNotFound, *Stale, *Illegal or
	// ErrBusy, after each of which nothing was applied. After any other error
	// it may have been.
	Move(ctx context.Context, m Move) (Moved, error)

	// The Add calls return the id of what they made, or *Unknown for a
	// reference to something that does not exist.
	AddCustomer(ctx context.Context, c Customer) (int64, error)
	AddVehicle(ctx context.Context, v Vehicle) (int64, error)
	// AddService returns ErrExists for a code that another service has.
	AddService(ctx context.Context, s Service) (int64, error)
	// Services returns all services, by code.
	Services(ctx context.Context) ([]Service, error)
	AddAppointment(ctx context.Context, a Appointment) (int64, error)

	// Items returns the items, which share nothing with the appointments but the
	// database and the way in which an update is decided.
	Items() Items

	Close() error
}

// Customer is the owner of vehicles.
type Customer struct{ Name, Phone string }

// Vehicle is a car that comes to the shop.
type Vehicle struct {
	Customer         int64
	VIN, Make, Model string
	Year             int32
}

// Service is work that the shop offers.
type Service struct {
	Code       string `json:"code"`
	Name       string `json:"name"`
	PriceCents int64  `json:"base_price_cents"`
	Minutes    int32  `json:"est_minutes"`
}

// Appointment is a card to be: it starts as scheduled, at position 0, in
// version 1.
type Appointment struct {
	Customer, Vehicle int64
	Start, End        time.Time
	Services          []string // codes
	Notes             string
}
