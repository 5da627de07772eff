package gate

import (
	"fmt"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/stats"
)

// doubts returns what forbids a PASS whatever the gates say, in words.
func doubts(p Policy, e Evidence) []string {
	d := e.Run.doubts()
	if void := e.void(); void != "" {
		d = append(d, void)
	}
	if e.Numbers == nil {
		return d
	}
	return append(append(d, audited(e.Numbers.Audits)...), answered(p, e.Numbers)...)
}

func (f Facts) doubts() []string {
	var d []string
	if f.Interrupted != "" {
		d = append(d, "the run is partial: "+f.Interrupted)
	}
	for _, failed := range f.Failed {
		d = append(d, fmt.Sprintf("the stage %s failed: %s", failed.Stage, failed.Reason))
	}
	if f.Rebuilt != "" {
		d = append(d, f.Rebuilt)
	}
	if f.Missing != "" {
		d = append(d, f.Missing)
	}
	d = append(d, f.Foreign...)
	if f.Truncated {
		d = append(d, "the history ends within a line: it was cut off while it was written")
	}
	return d
}

// audited asks for both audits. Without the last one, a move that was answered
// 200 and never written would go unseen.
func audited(a measure.Audits) []string {
	var d []string
	for _, audit := range []struct {
		measure.Audit
		name string
	}{{a.First, "first"}, {a.Last, "final"}} {
		switch {
		case !audit.Present:
			d = append(d, "the "+audit.name+" audit of the board is missing")
		case !audit.OK:
			d = append(d, "the "+audit.name+" audit of the board failed")
		}
	}
	return d
}

// answered looks at what no gate of moves sees: a target that died, and board
// reads that fail while the moves that still get through succeed.
func answered(p Policy, n *measure.Numbers) []string {
	var d []string
	if n.Outage != nil {
		d = append(d, fmt.Sprintf("the target stopped answering at %s: the last %s operations failed",
			amount.Seconds(n.Outage.SinceS), amount.Count(n.Outage.Failures)))
	}
	if stats.RateLower(n.Reads.Failed, n.Reads.Count, p.Confidence) > p.Limit(ErrorRate) {
		d = append(d, fmt.Sprintf("%s of %s board reads failed, so the moves are only those that got past the board",
			amount.Count(n.Reads.Failed), amount.Count(n.Reads.Count)))
	}
	return d
}
