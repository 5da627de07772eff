package postgres

import (
	"fmt"
	"strconv"

	"github.com/occbench/occbench/reference-server/appointment"
)

// cardList gathers cards whose strings are still places in a growing text.
type cardList struct {
	cards  []appointment.Card
	places []places
	text   []byte
}

type places struct{ id, customer, vehicle, notes, name, make, model span }

type span struct{ from, to int }

func (l *cardList) add(values [][]byte) error {
	if len(values) != 14 {
		return fmt.Errorf("a row of a card has %d columns", len(values))
	}
	r := row{values: values}
	p := places{id: l.number(r.int64(0)), customer: l.number(r.int64(1)), vehicle: l.number(r.int64(2))}
	card := appointment.Card{
		Start: r.time(3), End: r.time(4), Status: r.status(5), Position: int(r.int32(6)), Version: r.int64(7),
		UpdatedAt: r.time(9), Year: int(r.int32(13)),
	}
	p.notes, p.name, p.make, p.model = l.word(values[8]), l.word(values[10]), l.word(values[11]), l.word(values[12])
	l.cards, l.places = append(l.cards, card), append(l.places, p)
	return r.err
}

func (l *cardList) finish() []appointment.Card {
	text := string(l.text)
	for i, p := range l.places {
		c := &l.cards[i]
		c.ID, c.CustomerID, c.VehicleID = p.id.of(text), p.customer.of(text), p.vehicle.of(text)
		c.Notes, c.CustomerName, c.Make, c.Model = p.notes.of(text), p.name.of(text), p.make.of(text), p.model.of(text)
	}
	return l.cards
}

func (s span) of(text string) string { return text[s.from:s.to] }

func (l *cardList) word(b []byte) span {
	from := len(l.text)
	l.text = append(l.text, b...)
	return span{from, len(l.text)}
}

func (l *cardList) number(id int64) span {
	from := len(l.text)
	l.text = strconv.AppendInt(l.text, id, 10)
	return span{from, len(l.text)}
}
