package gate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/ux"
	"github.com/occbench/occbench/internal/validity"
)

// UX asks that the screen recovered from every conflict and showed no wrong card.
const UX = "ux"

func init() {
	Register(Rule{
		Name: UX, Short: "screens", Title: "What people see after a conflict",
		Question: "the screen recovered from every conflict and showed no wrong card; asked when browsers were there",
		Unit:     Ratio, Kind: Every, Cases: [2]string{"conflict", "conflicts"}, Place: 80, Gravity: 30, Judge: judgeUX, Asked: browsed,
	})
}

// Screens are what people in browsers met. Numbers is nil when nothing was
// noted although there was a browser.
type Screens struct {
	Numbers *ux.Numbers
}

func browsed(e Evidence) bool { return e.UX != nil }

// watched reports whether an alarm may be held against the server. Where
// conflicts are provoked, an alarm on them fires because it works.
func watched(e Evidence) bool { return pulled(e) && !browsed(e) }

// judgeUX asks that the screen recovered from every conflict, and that no card
// was ever lost, doubled or rolled back wrongly. It counts: the first screen
// that was wrong is a failure, whatever the share.
func judgeUX(_ Policy, e Evidence) Gate {
	g := Gate{Limit: 1}
	n := e.UX.Numbers
	if n == nil {
		return g.say(Inconclusive, "no data: there was a browser, and nothing of what it saw was noted")
	}
	c := n.Conflicts
	g.N = c.Judged
	if g.N > 0 {
		share := float64(c.Recovered) / float64(g.N)
		g.Estimate = &share
	}
	switch late := lateLoad(e.Validity); {
	case n.Defective() == 0 && n.Unrecovered() > 0 && late != "":
		return g.say(Inconclusive, wrongScreens(n)+"; the machine was too busy to blame the page for being late: "+late)
	case n.Defective() > 0 || n.Unrecovered() > 0:
		return g.say(Fail, wrongScreens(n))
	case len(n.Failures) > 0:
		return g.say(Inconclusive, n.Failures[0])
	case g.N == 0:
		return g.say(Inconclusive, unprovoked(n))
	case e.Run.Interrupted != "":
		return g.say(Inconclusive, "the run is partial: "+e.Run.Interrupted)
	}
	return g.say(Pass, fmt.Sprintf("the screen recovered from every conflict: %s of %s, %s of them provoked; 0 cards lost, 0 duplicated, 0 wrong rollbacks",
		amount.Count(c.Recovered), amount.Count(c.Judged), amount.Count(c.Provoked)))
}

// lateLoad says why latencies of this run may be the load's own; empty: they are
// not. A browser beside it is as late. A card that is lost or in the wrong
// column is wrong on any machine.
func lateLoad(r *validity.Report) string {
	if r == nil {
		return ""
	}
	for _, l := range r.Lines {
		if l.Busy || slices.Contains(l.Doubts, P95) {
			return l.Name + ": " + l.Words
		}
	}
	return ""
}

// wrongScreens lists what was wrong, and the first case of the gravest in a
// sentence.
func wrongScreens(n *ux.Numbers) string {
	var parts []string
	first := ""
	for _, d := range []struct {
		ux.Defects
		one, many string
	}{
		{n.Lost, "card lost", "cards lost"},
		{n.Duplicated, "card duplicated", "cards duplicated"},
		{n.Rollbacks, "wrong rollback", "wrong rollbacks"},
		{n.Unsettled, "move that never ended", "moves that never ended"},
		{ux.Defects{Count: n.Unrecovered(), First: n.Conflicts.First}, "conflict not recovered from", "conflicts not recovered from"},
	} {
		if d.Count == 0 {
			continue
		}
		parts = append(parts, amount.Plural(d.Count, d.one, d.many))
		if first == "" {
			first = d.First
		}
	}
	return strings.Join(parts, ", ") + " on the screen; the first: " + first
}

// unprovoked says why there was no conflict to recover from.
func unprovoked(n *ux.Numbers) string {
	switch {
	case n.Gestures == 0:
		return "not exercised: nobody made a move in a browser"
	case n.Conflicts.Count > 0:
		return fmt.Sprintf("not exercised: after none of %s the server's board could be read", amount.Plural(n.Conflicts.Count, "conflict", "conflicts"))
	case n.Provoked > 0:
		return fmt.Sprintf("not exercised: %s overtaken on purpose, and the server called none of them a conflict", amount.Plural(n.Provoked, "move was", "moves were"))
	}
	return fmt.Sprintf("not exercised: none of %s in a browser met a conflict", amount.Plural(n.Gestures, "move", "moves"))
}
