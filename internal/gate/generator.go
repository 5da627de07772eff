package gate

import (
	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/reason"
)

// fewestMoments is how many separate moments it takes to accuse a server of being
// slow: fewer may be accidents, however many updates each of them caught.
const fewestMoments = 5

// tellMoments tells in how many separate moments something was seen.
func tellMoments(n int) reason.Reason { return reason.New("moments", "n", n, "takes", fewestMoments) }

// findMaxLateness returns how late the generator was at most, in ms, outside of its
// stalls: as it saw by its own clock, and by its timers.
func findMaxLateness(e Evidence) float64 {
	late := 0.0
	if s := e.Numbers.Stalls; s != nil {
		late = s.LateMS
	}
	if e.Validity != nil {
		for _, l := range e.Validity.Lines {
			late = max(late, l.LateMS)
		}
	}
	return late
}

// tellLateGenerator tells that the generator itself was late.
func tellLateGenerator(e Evidence) reason.Reason {
	s := e.Numbers.Stalls
	if s == nil || s.Count == 0 {
		return reason.New("generator_late", "ms", findMaxLateness(e))
	}
	return reason.New("generator_stalled", "ms", 1000*s.TotalS, "seconds", s.TotalS, "n", s.Count)
}

// addClustering adds that samples tell less than their number, where they do.
func addClustering(g Gate, open reason.Reason) reason.Reason {
	if g.Effective == g.N {
		return open
	}
	return open.With("n", g.N).With("effective", g.Effective)
}

// tellNeeds tells how many more updates would decide a gate, and how long they take at
// the rate of the run. The more are counted in what the gate counts; of n such
// the run made Attempts updates.
func tellNeeds(more int, ok bool, n int, of *measure.Numbers) reason.Reason {
	if !ok {
		return reason.New("needs_great")
	}
	updates := amount.RoundUp(float64(more) * float64(of.Attempts) / float64(n))
	seconds := 0.0
	if of.AttemptsPerS > 0 {
		seconds = float64(updates) / of.AttemptsPerS
	}
	return reason.New("needs", "updates", updates, "seconds", seconds)
}
