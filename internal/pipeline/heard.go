package pipeline

import (
	"math"
	"time"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/run"
)

// recorderDelay is how long an operation that is over may wait until it stands
// in the file, and then some.
const recorderDelay = 3 * time.Second

// heard is how far the operators of a run that is under way have come. Its
// recording lacks what is in flight, and that is not like the rest of it: a
// slow answer is missing for longer than a quick one.
type heard struct {
	timeout   int64           // of a request, ns
	operators int             // who never do two things at once; 0: nobody can be relied on
	last      map[int32]int64 // end of the last operation of each operator
}

func newHeard(m *run.Manifest) *heard {
	h := &heard{timeout: int64(m.Spec.Timeout), last: map[int32]int64{}}
	if m.Spec.DoubleMoves == 0 && m.Spec.Browser == 0 {
		h.operators = max(m.Spec.Operators, m.Spec.MaxOperators) // one of them is 0
	}
	return h
}

// add notes how far an operator has come. A race is recorded as a whole when it is
// over, and none but its own crew sees its record: where that has come is no matter.
func (h *heard) add(op *history.Op) {
	if op.Kind != history.Audit && op.Answered() && op.Flags&history.Race == 0 {
		h.last[op.Operator] = max(h.last[op.Operator], op.End)
	}
}

// moment returns a time before which nothing is missing in the file.
func (h *heard) moment(now int64) int64 {
	patient := now - h.timeout - int64(recorderDelay)
	if h.operators == 0 || len(h.last) < h.operators {
		return patient
	}
	least := int64(math.MaxInt64)
	for _, end := range h.last {
		least = min(least, end)
	}
	return max(least, patient)
}
