package measure

import (
	"math/rand/v2"
	"testing"

	"github.com/occbench/occbench/internal/history"
)

// Attempts are those that package counted are, second clicks included, and so
// are the reads.
func TestAttemptsAreThoseOfMeasure(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 7))
	for range 200 {
		m := New(Options{Samples: true})
		for i := range 60 {
			op := history.New()
			op.Start, op.End = int64(i)*10, int64(i)*10+5
			op.Operator, op.Record, op.Attempt = 1+r.Int32N(2), "1", 1
			op.Kind, op.Outcome, op.State = history.Read, history.Seen, []string{"ready", "completed"}[r.IntN(2)]
			if r.IntN(3) > 0 {
				op.State = ""
				op.Kind, op.Outcome, op.Expected = history.Update, []history.Outcome{history.Applied, history.Conflict, history.Rejected}[r.IntN(3)], r.Int64N(2)
				op.Flags = []history.Flags{0, history.Double}[r.IntN(2)]
			}
			m.Add(&op)
		}
		s, numbers := m.Samples(), m.Numbers()
		for _, o := range []history.Outcome{history.Applied, history.Conflict, history.Rejected} {
			if got := s.ByOutcome(o).Len(); got != numbers.Outcomes[o] {
				t.Fatalf("%d %s, counted are %d", got, o, numbers.Outcomes[o])
			}
		}
		if s.Updates.Len() != numbers.Attempts || s.Reads.Len() != numbers.Reads.Count {
			t.Fatalf("%d updates and %d reads, counted are %d and %d", s.Updates.Len(), s.Reads.Len(), numbers.Attempts, numbers.Reads.Count)
		}
	}
}
