package postgres

import (
	"encoding/binary"
	"fmt"
	"time"

	"github.com/occbench/occbench/reference-server/appointment"
)

// epoch is where PostgreSQL's binary timestamps count from, in microseconds of
// Unix time: 2000-01-01.
const epoch = 946_684_800_000_000

// row reads a row in the binary format. The first value of a wrong size is
// remembered in err, so that a row is checked once.
type row struct {
	values [][]byte
	err    error
}

func (r *row) int64(column int) int64 {
	if v := r.values[column]; len(v) == 8 {
		return int64(binary.BigEndian.Uint64(v))
	}
	r.noteWrong(column, 8)
	return 0
}

func (r *row) int32(column int) int32 {
	if v := r.values[column]; len(v) == 4 {
		return int32(binary.BigEndian.Uint32(v))
	}
	r.noteWrong(column, 4)
	return 0
}

func (r *row) time(column int) time.Time {
	return time.UnixMicro(r.int64(column) + epoch).UTC()
}

// status returns the contract's constant, without an allocation.
func (r *row) status(column int) appointment.Status {
	for _, s := range statuses {
		if string(r.values[column]) == string(s) {
			return s
		}
	}
	return appointment.Status(r.values[column])
}

var statuses = appointment.Statuses()

func (r *row) noteWrong(column, size int) {
	if r.err == nil {
		r.err = fmt.Errorf("column %d of a card has %d bytes, not %d", column, len(r.values[column]), size)
	}
}
