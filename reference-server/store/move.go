package store

import (
	"time"

	"github.com/occbench/occbench/reference-server/appointment"
)

// Move asks for a record to stand in a status, if its version is still the
// expected one. A version below 1 is no record's.
type Move struct {
	ID       int64
	To       appointment.Status
	Expected int64
	Position *int32  // nil: the card keeps its position
	Note     *string // of an item; a card's notes are never moved
}

// isItem reports whether the record is an item. Its status is a text like its note,
// and every one may follow every other.
func (m Move) isItem() bool { return m.Note != nil }

// Sources returns the statuses from which the move is legal; nil: all are.
func (m Move) Sources() []appointment.Status {
	if m.isItem() {
		return nil
	}
	return appointment.Sources(m.To)
}

func (m Move) isLegalFrom(status appointment.Status) bool {
	return m.isItem() || appointment.IsLegal(status, m.To)
}

// Moved is a move as the statement that wrote it returned it.
type Moved struct {
	Status    appointment.Status
	Position  int32
	Version   int64
	UpdatedAt time.Time
}
