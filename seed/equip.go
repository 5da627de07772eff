package seed

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
)

// ownership is a customer and their vehicle, ids as the target gave them.
type ownership struct{ customer, vehicle json.RawMessage }

// equip makes sure of what cards refer to: services, customers and their
// vehicles. None of these is a card, so one too many after a lost answer
// does no harm. A smaller fleet than hoped for is enough.
func (s *session) equip(ctx context.Context, cards int) error {
	made := len(s.fleet)
	more := min(cards, fleetSize) - made
	if more <= 0 {
		return nil
	}
	offered := s.list(ctx, servicesPath)
	if _, err := s.each(ctx, len(works), func(i int) error { return s.offer(ctx, works[i], offered) }); err != nil {
		return err
	}
	customers, vehicles := s.list(ctx, customersPath), s.list(ctx, vehiclesPath)
	_, err := s.each(ctx, more, func(i int) error { return s.register(ctx, made+i, customers, vehicles) })
	if len(s.fleet) > 0 && !isRefusal(err) && ctx.Err() == nil {
		return nil
	}
	return err
}

// offer makes sure that a service exists.
func (s *session) offer(ctx context.Context, w work, offered []listed) error {
	_, err := s.ensure(
		ctx,
		"a service",
		servicesPath,
		offered,
		func(l listed) bool { return l.text("code") == w.Code },
		func() any { return w },
	)
	return err
}

// register makes sure that a customer and their vehicle exist.
func (s *session) register(ctx context.Context, i int, customers, vehicles []listed) error {
	name := ownerName(i, s.opts.Tag)
	customer, err := s.ensure(
		ctx,
		"a customer",
		customersPath,
		customers,
		func(l listed) bool { return l.text("name") == name && l.id() != "" },
		func() any {
			return map[string]any{"name": name}
		},
	)
	if err != nil {
		return err
	}
	c := newCar(i)
	vehicle, err := s.ensure(ctx, "a vehicle", vehiclesPath, vehicles, func(l listed) bool {
		return plainID(l["customer_id"]) == plainID(customer) && strings.HasPrefix(l.text("vin"), vinStart) && l.id() != ""
	}, func() any {
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

// ensure returns the id of a thing that is listed, or creates it. Whatever the
// target answers, the thing exists when it is listed afterwards: one shop answers
// 409 for a code that exists, another 400.
func (s *session) ensure(
	ctx context.Context,
	what, path string,
	have []listed,
	is func(listed) bool,
	body func() any,
) (json.RawMessage, error) {
	if i := slices.IndexFunc(have, is); i >= 0 {
		return have[i]["id"], nil
	}
	id, err := s.create(ctx, what, path, true, body)
	if err != nil && ctx.Err() == nil {
		have = s.list(ctx, path)
		if i := slices.IndexFunc(have, is); i >= 0 {
			return have[i]["id"], nil
		}
	}
	return id, err
}
