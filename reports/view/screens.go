package view

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/noun"
	"github.com/occbench/occbench/internal/ux"
)

// ListBrowserFacts returns what users of browsers experienced; nil without
// browsers.
func ListBrowserFacts(run Run) []Fact {
	n := run.UX
	if n == nil {
		return nil
	}
	all := []Fact{
		{
			"people",
			fmt.Sprintf("%s, %s by mouse and keyboard", amount.Plural(n.People, "browser", "browsers"), run.Words.CountUpdates(n.Gestures)),
		},
		{run.Words.Updates() + " that the page sent", formatKinds(n.Outcomes)},
		{
			"conflicts",
			fmt.Sprintf("%s, %s of them provoked by a faster rival", amount.Count(n.Conflicts.Count), amount.Count(n.Conflicts.Provoked)),
		},
		{"recovered on the screen", formatRecovered(n)},
		{run.Words.Records() + " lost, duplicated", amount.Count(n.Lost.Count) + ", " + amount.Count(n.Duplicated.Count)},
		{"wrong rollbacks, " + run.Words.Updates() + " never ended", amount.Count(n.Rollbacks.Count) + ", " +
			amount.Count(n.Unsettled.Count)},
		{"toasts", formatToasts(n)},
		{"time to feedback", formatTimes(n.Feedback)},
		{"move_ms", formatTimes(n.Move)},
	}
	all = append(all, listRivals(run)...)
	all = append(all, listSpecial(n, run.Words)...)
	all = append(all, listVitals(n)...)
	for _, why := range n.Failures {
		all = append(all, Fact{"could not go on", ShortenText(why, Longest)})
	}
	return all
}

// listRivals returns what browsers and rivals sent, which no rate of the load
// includes.
func listRivals(run Run) []Fact {
	if run.Numbers == nil || run.Numbers.Apart == nil {
		return nil
	}
	a := run.Numbers.Apart
	counts := map[string]int{}
	for outcome, n := range a.Outcomes {
		counts[outcome.String()] = n
	}
	return []Fact{{"people and rivals, in none of the rates", fmt.Sprintf("operators from %d on: %s (%s)",
		a.FromOperator, run.Words.CountUpdates(a.Updates), formatKinds(counts))}}
}

func formatRecovered(n *ux.Numbers) string {
	c := n.Conflicts
	if c.Judged == 0 {
		return "not exercised"
	}
	return fmt.Sprintf(
		"%s of %s; from the refusal to a page that equals the server's: %s",
		amount.Count(c.Recovered),
		amount.Count(c.Judged),
		formatTimes(c.Recovery),
	)
}

func formatToasts(n *ux.Numbers) string {
	text := formatKinds(n.Toasts)
	if n.Untold > 0 {
		text += "; nothing was said of " + amount.Plural(n.Untold, "conflict", "conflicts")
	}
	return text
}

// listSpecial returns the facts about double updates, about answers that the
// scenario changed, and about updates of records that are not in play.
func listSpecial(n *ux.Numbers, w noun.Words) []Fact {
	var all []Fact
	if n.Doubles.Made > 0 {
		all = append(
			all,
			Fact{"made twice in a row", fmt.Sprintf("%s, sent once %s", amount.Count(n.Doubles.Made), amount.Count(n.Doubles.Once))},
		)
	}
	for _, i := range []struct {
		name string
		ux.Injected
	}{{"answered 500 on purpose", n.Errors}, {"answered late on purpose", n.Slow}} {
		if i.Count > 0 {
			all = append(
				all,
				Fact{i.name, fmt.Sprintf("%s, the screen right again %s, told %s", amount.Count(i.Count), amount.Count(i.Right),
					amount.Count(i.Told))},
			)
		}
	}
	if n.Strays > 0 {
		all = append(all, Fact{w.Updates() + " of " + w.Records() + " not in play", amount.Count(n.Strays) + ", held back"})
	}
	return all
}

func listVitals(n *ux.Numbers) []Fact {
	all := []Fact{{"from a browser's start to a page", formatTimes(n.Opened)}}
	if n.LCP != nil {
		all = append(all, Fact{"Largest Contentful Paint", amount.MillisecondsIfAny(n.LCP)})
	}
	if n.INP != nil {
		all = append(all, Fact{"Interaction to Next Paint", amount.MillisecondsIfAny(n.INP)})
	}
	return all
}

func formatTimes(q ux.Quantiles) string {
	if q.Count == 0 {
		return "–"
	}
	return fmt.Sprintf(
		"median %s, p95 %s, worst %s",
		amount.MillisecondsIfAny(q.Median),
		amount.MillisecondsIfAny(q.P95),
		amount.MillisecondsIfAny(q.Worst),
	)
}

// formatKinds returns counts with their names, which are those of the page.
func formatKinds(counts map[string]int) string {
	parts := []string{}
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		if len(parts) == maxKinds {
			parts = append(parts, "…")
			break
		}
		parts = append(parts, amount.Count(counts[name])+" "+ShortenText(name, 30))
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, ", ")
}

// maxKinds bounds a list whose length is not ours.
const maxKinds = 12
