package seed

import (
	"context"
	"encoding/json"
	"time"

	"github.com/occbench/occbench/internal/client"
)

// booking is the body that creates a card.
type booking struct {
	Customer json.RawMessage `json:"customer_id"`
	Vehicle  json.RawMessage `json:"vehicle_id"`
	Start    time.Time       `json:"appt_start"`
	End      time.Time       `json:"appt_end"`
	Services []string        `json:"service_codes"`
	Notes    string          `json:"notes"`
}

// make sends a call for each missing card and returns how many the target
// acknowledged.
func (s *session) make(ctx context.Context, missing int) (int, error) {
	if err := s.equip(ctx, missing); err != nil {
		return 0, err
	}
	w, err := hours(s.opts.Date, s.opts.Now())
	if err != nil {
		return 0, err
	}
	return s.each(ctx, missing, func(i int) error {
		start, end := w.slot(i, missing)
		owner := s.fleet[i%len(s.fleet)]
		return s.book(ctx, booking{
			Customer: owner.customer,
			Vehicle:  owner.vehicle,
			Start:    start,
			End:      end,
			Services: []string{works[i%len(works)].Code},
			Notes:    client.TagWord(s.opts.Tag) + " " + s.batch,
		})
	})
}

// book creates one card. It is never repeated while its fate is unknown.
func (s *session) book(ctx context.Context, b booking) error {
	id, err := s.create(ctx, "an appointment", "/api/admin/appointments", false, func() any { return b })
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.acked[plainID(id)] = true
	return nil
}
