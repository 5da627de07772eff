package watch

import (
	"math"
	"time"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/run"
)

// recorderDelay is how long an operation that is over may wait until it stands
// in the file, and then some.
const recorderDelay = 3 * time.Second

// watermark is the time before which nothing is missing in the recording of a run
// that is under way. What is in flight is missing, and that is not like the rest
// of it: a slow answer is missing for longer than a quick one.
type watermark struct {
	timeout   int64                        // of a request, ns
	operators int                          // who never do two things at once; 0: none can be relied on
	last      history.OperatorTable[int64] // end of the last operation of each operator
}

func newWatermark(s *run.Spec) *watermark {
	m := &watermark{timeout: int64(s.Timeout)}
	if s.DoubleUpdates == 0 && s.Browser == 0 {
		m.operators = max(s.Operators, s.MaxOperators) // one of them is 0
	}
	return m
}

// add notes how far an operator has come. A race is recorded as a whole when it is
// over, and none but its own crew sees its record: where that has come is no matter. Nor is it on clock records.
func (m *watermark) add(op *history.Op) {
	if op.Kind != history.Audit && op.Answered() && !op.IsProbe() {
		last := m.last.At(op.Operator)
		*last = max(*last, op.End)
	}
}

// computeAt returns the watermark at a time; both are ns since the run's base.
func (m *watermark) computeAt(now int64) int64 {
	patient := now - m.timeout - int64(recorderDelay)
	if m.operators == 0 || m.last.Len() < m.operators {
		return patient
	}
	least := int64(math.MaxInt64)
	for _, end := range m.last.All() {
		least = min(least, *end)
	}
	return max(least, patient)
}
