package chart

import (
	"fmt"
	"math"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/reports/view"
)

// latencyRow is how long one class of answers took, in words and drawn.
type latencyRow struct {
	Name  string
	Cells []string // count, share, p50, p90, p95, p99, the longest time
	Strip *strip
}

// strip is a bar with a mark on it, on an axis that all rows of a table share.
type strip struct {
	Alt            string
	From, Mark, To float64
	Limit          *float64
	Expected       *float64 // of a correct server
}

type LatencyTable struct {
	Rows  []latencyRow
	Ticks []tick
}

// The drawing of a strip is 200 pixels wide; labels at the ends of its axis need
// some of them.
const (
	stripLeft, stripWidth = 14, 172
	stripLabel            = 46 // the room of a label
)

// DrawLatency lists how long updates took by outcome; nil without any.
func DrawLatency(run view.Run) *LatencyTable {
	n := run.Numbers
	if n == nil || n.Attempts == 0 && n.Reads.Count == 0 {
		return nil
	}
	a := latencyAxis(n)
	limit := limitOf(run, gate.P95, 1)
	t := &LatencyTable{}
	if a != nil {
		t.Ticks = dropTouching(a.ticks(4, amount.Milliseconds), stripLabel)
	}
	for _, c := range view.ListClasses(run) {
		drawn := (*float64)(nil)
		if c.Every {
			drawn = limit
		}
		t.Rows = append(t.Rows, latencyRow{c.Name, c.Cells()[1:], drawStrip(a, c.Name, c.Latency, drawn)})
	}
	return t
}

// latencyAxis spans all medians and p99; nil when nothing was answered.
func latencyAxis(n *measure.Numbers) *Axis {
	from, to := math.Inf(1), 0.0
	all := []measure.Latency{n.Latency.Latency, n.Reads.Latency}
	if n.Response != nil {
		all = append(all, *n.Response)
	}
	for _, l := range n.ByOutcome {
		all = append(all, l)
	}
	for _, l := range all {
		for _, v := range []*float64{l.P50MS, l.P95MS, l.P99MS} {
			if v != nil && *v > 0 {
				from, to = min(from, *v), max(to, *v)
			}
		}
	}
	if to == 0 {
		return nil
	}
	return &Axis{From: from / 1.3, To: to * 1.3, At: stripLeft, Length: stripWidth, log: true}
}

// dropTouching returns the ticks without those whose label would touch the
// label before.
func dropTouching(ticks []tick, room float64) []tick {
	var kept []tick
	for _, t := range ticks {
		if len(kept) == 0 || t.At >= kept[len(kept)-1].At+room {
			kept = append(kept, t)
		}
	}
	return kept
}

func drawStrip(a *Axis, name string, l measure.Latency, limit *float64) *strip {
	if a == nil || l.P50MS == nil {
		return nil
	}
	s := &strip{From: a.Px(*l.P50MS), Mark: stripLeft + stripWidth, To: stripLeft + stripWidth}
	if l.P95MS != nil {
		s.Mark = a.Px(*l.P95MS)
	}
	if l.P99MS != nil {
		s.To = a.Px(*l.P99MS)
	}
	if limit != nil && *limit > a.From && *limit < a.To {
		at := a.Px(*limit)
		s.Limit = &at
	}
	s.Alt = fmt.Sprintf("%s: half within %s, 95 %% within %s", name, amount.MillisecondsIfAny(l.P50MS), amount.MillisecondsIfAny(l.P95MS))
	return s
}
