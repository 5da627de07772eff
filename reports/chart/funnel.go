package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/noun"
	"github.com/occbench/occbench/internal/stats"
	"github.com/occbench/occbench/reports/view"
)

// Limits of a funnel: within the inner ones lie 95 % of the records of a correct server,
// within the outer ones 99.8 %.
const (
	innerTail = 0.025
	outerTail = 0.001
)

// mostDots bounds the records that are drawn. More than that cannot be told apart, and
// would make the page large; what lies outside is drawn first.
const mostDots = 1500

// mostNamed is how many records outside the limits are named.
const mostNamed = 5

// spot is a record in a funnel.
type spot struct {
	measure.RecordCount
	n       int     // decided attempts
	rate    float64 // of conflicts
	outside bool    // of the outer limits
	odd     bool    // and its own prediction does not explain it
}

// DrawFunnel draws the conflict rate of each record over its attempts, and around the
// prediction the limits within which chance leaves it; nil where there are too few.
func DrawFunnel(run view.Run) *Plot {
	if run.Timeline == nil {
		return nil
	}
	spots, conflicts := decidedSpots(run.Timeline.Records.Each)
	const leastSpots = 5
	if len(spots) < leastSpots || conflicts == 0 {
		return nil
	}
	expected, predicted := poolPredictions(spots)
	outside, odd := 0, 0
	most, top := 1, 0.0
	for i := range spots {
		s := &spots[i]
		p := expected.rateAt(s.n)
		s.outside = isBeyondLimits(s, p)
		s.odd = s.outside && (s.Predicted == nil || isBeyondLimits(s, (*s.Predicted*float64(s.n)+0.5)/float64(s.n+1)))
		if most = max(most, s.n); s.outside {
			outside++
		}
		if s.odd {
			odd++
		}
		top = max(top, s.rate*1.05, min(stats.FunnelLimit(s.n, p, 1-innerTail), 3*p+0.05))
	}
	p := newPlot("Conflict rate by "+run.Words.One(), pairWidth, 16)
	least := spots[len(spots)-1].n
	log := most > 10*max(least, 1)
	from, to := float64(least), float64(most)
	if pad := max((to-from)*0.04, 0.5); log {
		from, to = from*0.9, to*1.1
	} else {
		from, to = max(from-pad, 0), to+pad
	}
	x, y := p.x(from, to, log), p.newRoundAxis(min(top, 1), amount.Percent)
	p.X = x.ticks(6, formatCount)
	p.XName = run.Words.Updates() + " of the " + run.Words.One() + " that were decided"
	p.drawLimits(x, y, expected, int(math.Ceil(from)), most)
	p.drawDots(spots, x, y)
	p.Alt = fmt.Sprintf("Conflict rate of %s over their number of %s, %s on average: %s outside the limits of chance",
		run.Words.CountRecords(len(spots)), run.Words.Updates(), amount.Percent(expected.overall), amount.Count(outside))
	around := "the rate of all"
	if predicted {
		around = "what a correct server shows for the same calls (the line)"
	}
	p.Key = []string{fmt.Sprintf("A dot is %s. Around %s chance leaves 95 %% of the dots in the dark band and 99.8 %% in the light one.",
		noun.WithArticle(run.Words.One()), around)}
	switch {
	case outside == 0:
		p.Key = append(p.Key, "No "+run.Words.One()+" lies outside.")
	case predicted && odd == 0:
		p.Key = append(p.Key, fmt.Sprintf("%s outside, as on a correct server: the load is to blame.", formatLying(outside, run)))
	default:
		p.Key = append(p.Key, fmt.Sprintf("%s outside, %s of them (crosses) against what a correct server shows.",
			formatLying(outside, run), amount.Count(odd)))
	}
	return p
}

func formatLying(n int, run view.Run) string {
	if n == 1 {
		return "One " + run.Words.One() + " lies"
	}
	return run.Words.CountRecords(n) + " lie"
}

// decidedSpots returns the records with attempts that were decided, those with the most
// first, and all their conflicts.
func decidedSpots(records []measure.RecordCount) (spots []spot, conflicts int) {
	for _, c := range records {
		if n := c.Applied + c.Conflicts; n > 0 {
			spots = append(spots, spot{RecordCount: c, n: n, rate: float64(c.Conflicts) / float64(n)})
			conflicts += c.Conflicts
		}
	}
	slices.SortStableFunc(spots, func(a, b spot) int { return cmp.Compare(b.n, a.n) })
	return spots, conflicts
}

// isBeyondLimits reports whether a record lies outside the outer limits around a rate.
func isBeyondLimits(s *spot, p float64) bool {
	return s.rate > stats.FunnelLimit(s.n, p, 1-outerTail) || s.rate < stats.FunnelLimit(s.n, p, outerTail)
}

// expected is the conflict rate that is expected of a record by its attempts: where some
// records are picked more often than others, theirs is higher.
type expected struct {
	overall float64
	points  []expectedPoint // of groups of records, ascending
}

type expectedPoint struct{ n, rate float64 }

// poolPredictions returns the rate that is expected of records, averaged over
// records with about as many attempts. Without predictions it is the rate of
// all records, and known is false.
func poolPredictions(spots []spot) (e expected, known bool) {
	attempts, predicted, conflicts, all := 0, 0.0, 0, 0
	for _, s := range spots {
		all, conflicts = all+s.n, conflicts+s.Conflicts
		if s.Predicted != nil {
			attempts, predicted = attempts+s.n, predicted+*s.Predicted*float64(s.n)
		}
	}
	if attempts < all/2 {
		return expected{overall: float64(conflicts) / float64(all)}, false
	}
	e.overall = predicted / float64(attempts)
	const groups, least = 8, 200
	room := max(attempts/groups, least)
	n, sum, records := 0, 0.0, 0
	for i, s := range slices.Backward(spots) {
		if s.Predicted != nil {
			n, sum, records = n+s.n, sum+*s.Predicted*float64(s.n), records+1
		}
		if n >= room || i == 0 && n > 0 && (n >= room/2 || len(e.points) == 0) {
			e.points = append(e.points, expectedPoint{float64(n) / float64(records), sum / float64(n)})
			n, sum, records = 0, 0, 0
		}
	}
	return e, true
}

// rateAt returns the expected rate of a record with so many attempts.
func (e *expected) rateAt(n int) float64 {
	v := float64(n)
	for i, p := range e.points {
		switch {
		case v <= p.n && i == 0, v == p.n:
			return p.rate
		case v < p.n:
			before := e.points[i-1]
			return before.rate + (p.rate-before.rate)*(v-before.n)/(p.n-before.n)
		}
	}
	if len(e.points) > 0 {
		return e.points[len(e.points)-1].rate
	}
	return e.overall
}

// drawLimits draws the expected rate and the bands around it.
func (p *Plot) drawLimits(x, y Axis, e expected, least, most int) {
	var at []int
	const steps = 60
	for i := range steps + 1 {
		n := int(math.Round(math.Exp(math.Log(float64(max(least, 1))) + float64(i)/steps*math.Log(float64(most)/float64(max(least, 1))))))
		if len(at) == 0 || n > at[len(at)-1] {
			at = append(at, n)
		}
	}
	var line Pen
	for i, n := range at {
		line.To("ML"[min(i, 1)], x.Px(float64(n)), y.Px(e.rateAt(n)))
	}
	for _, band := range []struct {
		class string
		tail  float64
	}{{"band", outerTail}, {"band", innerTail}} {
		var area Pen
		for i, n := range at {
			area.To("ML"[min(i, 1)], x.Px(float64(n)), y.Px(stats.FunnelLimit(n, e.rateAt(n), 1-band.tail)))
		}
		for _, n := range slices.Backward(at) {
			area.To('L', x.Px(float64(n)), y.Px(stats.FunnelLimit(n, e.rateAt(n), band.tail)))
		}
		area.WriteByte('z')
		p.Areas = append(p.Areas, shape{band.class, area.String()})
	}
	p.Lines = append(p.Lines, shape{"line thin", line.String()})
}

// drawDots draws a dot for each record, as one path per style, and names the
// records outside the limits.
func (p *Plot) drawDots(spots []spot, x, y Axis) {
	var within, out, odd Pen
	drawn := map[[2]int]bool{}
	named := 0
	slices.SortStableFunc(spots, func(a, b spot) int {
		return cmp.Or(-cmp.Compare(rankSpot(a), rankSpot(b)), cmp.Compare(b.rate, a.rate))
	})
	for i := range spots {
		s := &spots[i]
		px, py := x.Px(float64(s.n)), y.Px(s.rate)
		if at := [2]int{int(px), int(py)}; !drawn[at] && len(drawn) < mostDots {
			drawn[at] = true
			switch {
			case s.odd:
				odd.To('M', px-3, py-3)
				odd.WriteString("l6 6m0 -6l-6 6")
			case s.outside:
				out.To('M', px, py)
				out.WriteString("h0")
			default:
				within.To('M', px, py)
				within.WriteString("h0")
			}
		}
		if s.outside && named < mostNamed {
			named++
			anchor, shift := "start", 7.0
			if px > (p.Left+p.Right)/2 {
				anchor, shift = "end", -7
			}
			p.Names = append(p.Names, label{X: px + shift, Y: py + 4, Anchor: anchor, Text: view.ShortenText(view.OrUnknown(s.Record), 14)})
		}
	}
	for _, d := range []shape{{"dots", within.String()}, {"dots out", out.String()}, {"cross", odd.String()}} {
		if d.Path != "" {
			p.Lines = append(p.Lines, d)
		}
	}
	p.spreadNames()
}

// rankSpot returns the sort order of a record: those that stand out come
// first.
func rankSpot(s spot) int {
	switch {
	case s.odd:
		return 2
	case s.outside:
		return 1
	}
	return 0
}
