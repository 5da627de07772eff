package gate

import (
	"slices"

	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/ux"
	"github.com/occbench/occbench/internal/validity"
)

// UX asks that the screen recovered from every conflict and showed no wrong record.
const UX = "ux"

func init() {
	Register(Rule{
		Name: UX, Short: "screens", Title: "Screens after a conflict",
		Question: "the screen recovered from every conflict and showed no wrong record; asked when browsers were there",
		Unit:     Ratio, Kind: Every, Cases: [2]string{"conflict", "conflicts"}, Place: 80, Gravity: 30, Judge: judgeUX, Asked: wasBrowsed,
	})
}

func wasBrowsed(e Evidence) bool { return e.UX != nil }

// mayAlarm reports whether an alarm may be held against the server. Where
// conflicts are provoked, an alarm on them fires because it works.
func mayAlarm(e Evidence) bool { return wasPulled(e) && !wasBrowsed(e) }

// judgeUX asks that the screen recovered from every conflict, and that no record
// was ever lost, doubled or rolled back wrongly. It counts: the first screen
// that was wrong is a failure, whatever the share.
func judgeUX(_ Policy, e Evidence) Gate {
	g := Gate{Limit: 1}
	n := e.UX.Numbers
	if n == nil {
		return g.decide(Inconclusive, "screens_unseen")
	}
	c := n.Conflicts
	g.N = c.Judged
	if g.N > 0 {
		share := float64(c.Recovered) / float64(g.N)
		g.Estimate = &share
	}
	switch late := tellLateLoad(e.Validity); {
	case n.CountDefective() == 0 && n.CountUnrecovered() > 0 && !late.IsZero():
		return g.decideFor(Inconclusive, tellWrongScreens(n).With("busy", late))
	case n.CountDefective() > 0 || n.CountUnrecovered() > 0:
		return g.decideFor(Fail, tellWrongScreens(n))
	case len(n.Failures) > 0:
		return g.decideFor(Inconclusive, reason.FromText(n.Failures[0]))
	case g.N == 0:
		return g.decideFor(Inconclusive, explainNoConflict(n))
	case e.Run.Interrupted != "":
		return g.decide(Inconclusive, "partial", "text", e.Run.Interrupted)
	}
	return g.decide(Pass, "screens_right", "recovered", c.Recovered, "judged", c.Judged, "provoked", c.Provoked)
}

// tellLateLoad says why latencies of this run may be the load's own; none: they are
// not. A browser beside it is as late. A record that is lost or in the wrong
// column is wrong on any machine.
func tellLateLoad(r *validity.Report) reason.Reason {
	if r == nil {
		return reason.Reason{}
	}
	for _, l := range r.Lines {
		if l.Busy || slices.Contains(l.Doubts, P95) {
			return l.Reason()
		}
	}
	return reason.Reason{}
}

// tellWrongScreens lists what was wrong, and the first case of the gravest in a
// sentence.
func tellWrongScreens(n *ux.Numbers) reason.Reason {
	var parts []reason.Reason
	first := ""
	for _, d := range []struct {
		ux.Defects
		code string
	}{
		{n.Lost, "screen_lost"},
		{n.Duplicated, "screen_duplicated"},
		{n.Rollbacks, "screen_rollback"},
		{n.Unsettled, "screen_unended"},
		{ux.Defects{Count: n.CountUnrecovered(), First: n.Conflicts.First}, "screen_unrecovered"},
	} {
		if d.Count == 0 {
			continue
		}
		parts = append(parts, reason.New(d.code, "n", d.Count))
		if first == "" {
			first = d.First
		}
	}
	return reason.New("screens_wrong", "parts", parts, "first", first)
}

// explainNoConflict says why there was no conflict to recover from.
func explainNoConflict(n *ux.Numbers) reason.Reason {
	switch {
	case n.Gestures == 0:
		return reason.New("screens_idle")
	case n.Conflicts.Count > 0:
		return reason.New("screens_unread", "n", n.Conflicts.Count)
	case n.Provoked > 0:
		return reason.New("screens_unmet", "n", n.Provoked)
	}
	return reason.New("screens_no_luck", "n", n.Gestures)
}
