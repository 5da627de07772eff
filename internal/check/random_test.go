package check

import (
	"math/rand/v2"
	"slices"
	"strconv"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/reference-server/appointment"
)

// smallHistory draws 3 to 14 operations on 1 to 3 records. They are played against
// a correct register in random order with random times, up to 30 % of the updates
// lose their answer, and in most of the histories something is then changed, so
// that about as many are wrong as right. Times are small: ties are frequent.
func smallHistory(r *rand.Rand) []history.Op {
	lost := r.Float64() * 0.3
	records := make([]register, 1+r.IntN(3))
	for i := range records {
		records[i] = register{version: 1 + int64(r.IntN(3)), status: appointment.Scheduled}
	}
	ops := make([]history.Op, 3+r.IntN(12))
	spread := 1 + r.IntN(8)
	for i := range ops {
		at := int64(10 + 2*i)
		n := r.IntN(len(records))
		o := &ops[i]
		*o = history.New()
		o.Record, o.Operator, o.Attempt = strconv.Itoa(n), int32(i+1), 1
		o.Start, o.End = at-int64(r.IntN(spread)), at+int64(r.IntN(spread))
		if r.IntN(3) == 0 {
			records[n].read(o)
		} else {
			records[n].move(o, r, lost)
		}
	}
	if r.IntN(4) > 0 {
		for range 2 + r.IntN(4) {
			ops = mutate(ops, r)
		}
	}
	return ops
}

// register is one record of a correct server.
type register struct {
	version int64
	status  appointment.Status
}

func (c *register) read(o *history.Op) {
	o.Kind, o.Outcome, o.Token, o.State, o.HTTP = history.Read, history.Seen, c.version, string(c.status), 200
}

// walk is the way of a record in the tests: each state has one successor.
var walk = map[appointment.Status]appointment.Status{
	appointment.Scheduled: appointment.InProgress, appointment.InProgress: appointment.Ready, appointment.Ready: appointment.InProgress,
}

// move plays an attempt that is mostly fresh, and sometimes expects a version of
// the past or of the future.
func (c *register) move(o *history.Op, r *rand.Rand, lost float64) {
	o.Kind, o.Expected, o.Target = history.Update, c.version, string(walk[c.status])
	if r.IntN(3) == 0 {
		o.Expected = max(0, c.version-2+int64(r.IntN(4)))
	}
	fresh := o.Expected == c.version
	gone := r.Float64() < lost
	if fresh && (!gone || r.IntN(2) == 0) {
		c.version, c.status = c.version+1, walk[c.status]
		o.Outcome, o.Token, o.State, o.HTTP = history.Applied, c.version, string(c.status), 200
	} else if !fresh {
		o.Outcome, o.HTTP = history.Conflict, 409
		if r.IntN(2) == 0 {
			o.Token, o.State = c.version, string(c.status)
		}
	}
	if gone {
		lose(o, r)
	}
}

// lose takes the answer away.
func lose(o *history.Op, r *rand.Rand) {
	o.Token, o.State = history.None, ""
	switch r.IntN(4) {
	case 0:
		o.Outcome, o.HTTP = history.ServerError, 500
	case 1:
		o.Outcome, o.HTTP = history.Malformed, 200
	default:
		o.Outcome, o.HTTP, o.End = history.NoAnswer, 0, history.None
	}
}

// mutate changes one operation, or leaves it out.
func mutate(ops []history.Op, r *rand.Rand) []history.Op {
	i := r.IntN(len(ops))
	o := &ops[i]
	step := int64(1 - 2*r.IntN(2))
	switch r.IntN(6) {
	case 0:
		if o.Token != history.None {
			o.Token = max(0, o.Token+step)
		}
	case 1:
		if o.Kind == history.Update {
			o.Expected = max(0, o.Expected+step)
		}
	case 2:
		if o.Kind == history.Update && o.Answered() {
			o.Outcome, o.HTTP, o.Token, o.State = history.Conflict, 409, history.None, ""
		}
	case 3:
		if o.Kind == history.Update && o.Answered() {
			o.Outcome, o.HTTP, o.Token, o.State = history.Applied, 200, o.Expected+1, o.Target
		}
	case 4:
		by := int64(r.IntN(9)) - 4
		o.Start = max(0, o.Start+by)
		if o.Answered() {
			o.End = max(o.Start, o.End+by)
		}
	case 5:
		if len(ops) > 3 {
			ops = slices.Delete(ops, i, i+1)
		}
	}
	return ops
}
