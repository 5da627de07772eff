package seed

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
)

// ownership is a customer and their vehicle, ids as the target gave them.
type ownership struct{ customer, vehicle json.RawMessage }

// equip makes what cards refer to, once per session: services, customers and
// their vehicles. None of these is a card, so one too many after a lost answer
// does no harm. A smaller fleet than hoped for is enough.
func (s *session) equip(ctx context.Context, cards int) error {
	if len(s.fleet) > 0 {
		return nil
	}
	if _, err := s.each(ctx, len(works), func(i int) error { return s.offer(ctx, works[i]) }); err != nil {
		return err
	}
	_, err := s.each(ctx, min(cards, fleetSize), func(i int) error { return s.register(ctx, i) })
	if len(s.fleet) > 0 && !isRefusal(err) && ctx.Err() == nil {
		return nil
	}
	return err
}

// offer creates a service, unless it exists.
func (s *session) offer(ctx context.Context, w work) error {
	_, err := s.create(ctx, "a service", "/api/admin/services", true, func() any { return w })
	var failed *callError
	if errors.As(err, &failed) && failed.http == http.StatusConflict {
		return nil
	}
	return err
}

// register creates a customer and their vehicle.
func (s *session) register(ctx context.Context, i int) error {
	customer, err := s.create(ctx, "a customer", "/api/admin/customers", true, func() any {
		return map[string]any{"name": ownerName(i, s.opts.Tag)}
	})
	if err != nil {
		return err
	}
	c := newCar(i)
	vehicle, err := s.create(ctx, "a vehicle", "/api/admin/vehicles", true, func() any {
		return map[string]any{"customer_id": customer, "vin": s.dice.vin(), "make": c.make, "model": c.model, "year": c.year}
	})
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fleet = append(s.fleet, ownership{customer, vehicle})
	return nil
}
