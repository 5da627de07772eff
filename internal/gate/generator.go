package gate

import (
	"fmt"
	"time"

	"github.com/occbench/occbench/internal/amount"
)

// fewestMoments is how many separate moments it takes to accuse a server of being
// slow: fewer may be accidents, however many moves each of them caught.
const fewestMoments = 5

// moments writes how many separate moments something was seen in.
func moments(n int) string {
	return fmt.Sprintf("%s, and it takes %d to tell a bad server from an accident", amount.Plural(n, "moment", "separate moments"), fewestMoments)
}

// lateness returns how late the generator was at most, in ms, outside of its
// stalls: as it saw by its own clock, and by its timers.
func lateness(e Evidence) float64 {
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

// lateGenerator says in words that the generator itself was late.
func lateGenerator(e Evidence) string {
	s := e.Numbers.Stalls
	if s == nil || s.Count == 0 {
		return fmt.Sprintf("the generator itself was up to %s late", amount.Milliseconds(lateness(e)))
	}
	total := time.Duration(s.TotalS * float64(time.Second))
	text := fmt.Sprintf("%.1f s", total.Seconds())
	if total < time.Second {
		text = amount.Milliseconds(1000 * s.TotalS)
	}
	return fmt.Sprintf("the generator itself was stalled for %s in %s", text, amount.Plural(s.Count, "stall", "stalls"))
}

// clustering says that samples tell less than their number; empty where they do not.
func clustering(g Gate) string {
	if g.Effective == g.N {
		return ""
	}
	return fmt.Sprintf(" (they cluster in time: %s moves tell as much as %s that are independent)", amount.Count(g.N), amount.Count(g.Effective))
}
