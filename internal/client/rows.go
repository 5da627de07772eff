package client

import (
	"errors"
	"fmt"
	"io"

	"github.com/go-faster/jx"

	"github.com/occbench/occbench/internal/appointment"
)

// The reading below walks the JSON once and skips what it does not need. Any
// order of fields is read, and where a field comes twice the last one counts,
// as in encoding/json.

var errNoColumns = errors.New("it has no data.columns object; this is another dialect")

// read parses the body of a 200.
func (b *List) read(d *jx.Decoder) error {
	b.reset()
	b.forget()
	found, refused := false, false
	fields, err := d.ObjIter()
	for err == nil && fields.Next() {
		switch string(fields.Key()) {
		case "data":
			found, err = b.readData(d)
		case "ok":
			refused, err = isFalse(d)
		default:
			err = d.Skip()
		}
	}
	if err = firstError(err, fields.Err()); err != nil {
		return err
	}
	switch {
	case d.Skip() != io.EOF:
		return errors.New("there is more after the end of the JSON")
	case refused:
		return errors.New("it says ok: false")
	case !found:
		return errNoColumns
	}
	return nil
}

// readData reads the member data and reports whether it has columns.
func (b *List) readData(d *jx.Decoder) (found bool, err error) {
	b.reset()
	if d.Next() != jx.Object {
		return false, d.Skip()
	}
	fields, err := d.ObjIter()
	for err == nil && fields.Next() {
		if string(fields.Key()) == "columns" {
			found, err = b.readColumns(d)
		} else {
			err = d.Skip()
		}
	}
	return found, firstError(err, fields.Err())
}

func (b *List) readColumns(d *jx.Decoder) (found bool, err error) {
	b.reset()
	if d.Next() != jx.Object {
		return false, d.Skip()
	}
	columns, err := d.ObjIter()
	for err == nil && columns.Next() {
		column := status(columns.Key())
		if !column.Valid() {
			column = ""
		}
		err = b.readColumn(d, column)
	}
	return true, firstError(err, columns.Err())
}

// readColumn reads {"items": […]}; null is a column without cards.
func (b *List) readColumn(d *jx.Decoder, column appointment.Status) error {
	switch d.Next() {
	case jx.Null:
		return d.Skip()
	case jx.Object:
	default:
		return fmt.Errorf("a column is not an object but %s; this is another dialect", d.Next())
	}
	first, unusable := len(b.Records), len(b.Unusable)
	fields, err := d.ObjIter()
	for err == nil && fields.Next() {
		if string(fields.Key()) != "items" {
			err = d.Skip()
			continue
		}
		b.Records, b.Unusable = b.Records[:first], b.Unusable[:unusable]
		err = b.readItems(d, column)
	}
	return firstError(err, fields.Err())
}

func (b *List) readItems(d *jx.Decoder, column appointment.Status) error {
	switch d.Next() {
	case jx.Null:
		return d.Skip()
	case jx.Array:
	default:
		return fmt.Errorf("the items of a column are not an array but %s; this is another dialect", d.Next())
	}
	items, err := d.ArrIter()
	for err == nil && items.Next() {
		err = b.readCard(d, column)
	}
	return firstError(err, items.Err())
}

// readCard appends one card, or a row that is none to the unusable ones.
func (b *List) readCard(d *jx.Decoder, column appointment.Status) error {
	if d.Next() != jx.Object {
		b.Unusable = append(b.Unusable, Record{})
		return d.Skip()
	}
	card := Record{Group: column}
	fields, err := d.ObjIter()
	for err == nil && fields.Next() {
		switch string(fields.Key()) {
		case "id":
			card.ID, err = b.readID(d)
		case "version":
			card.Token, err = readVersion(d)
		case "status":
			card.State, err = readStatus(d)
		case "notes":
			card.Tag, err = b.readNotes(d)
		default:
			err = d.Skip()
		}
	}
	if err = firstError(err, fields.Err()); err != nil {
		return err
	}
	if card.ID == "" {
		b.Unusable = append(b.Unusable, card)
		return nil
	}
	b.Records = append(b.Records, card)
	return nil
}

// readID returns the one copy of an id, or "" for one that is unusable.
func (b *List) readID(d *jx.Decoder) (string, error) {
	raw, err := readID(d)
	if err != nil || raw == nil {
		return "", err
	}
	id, known := b.ids[string(raw)]
	if known {
		return id, nil
	}
	id = string(raw)
	b.ids[id] = id
	return id, nil
}

func (b *List) readNotes(d *jx.Decoder) (string, error) {
	if !b.Tags || d.Next() != jx.String {
		return "", d.Skip()
	}
	return d.Str()
}

func firstError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}
