package gate

import (
	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/measure"
)

// needs says how many more moves would decide a gate, and how long they take at
// the rate of the run. The more are counted in what the gate counts; of n such
// the run made Attempts moves.
func needs(more int, ok bool, n int, of *measure.Numbers) string {
	if !ok {
		return "the estimate is so close to the limit that no affordable number of moves decides it"
	}
	moves := amount.RoundUp(float64(more) * float64(of.Attempts) / float64(n))
	text := "needs about " + amount.Plural(moves, "more move", "more moves")
	if of.AttemptsPerS > 0 {
		text += " (" + amount.Roughly(float64(moves)/of.AttemptsPerS) + " at this rate)"
	}
	return text
}
