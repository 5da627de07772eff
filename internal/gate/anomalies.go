package gate

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/amount"
)

// AnomalyCount asks that the server broke no invariant.
const AnomalyCount = "anomalies"

func init() {
	Register(Rule{
		Name: AnomalyCount, Short: "anomalies", Title: "Consistency invariants",
		Question: "no invariant is broken; fails at the first proof",
		Unit:     Cases, Kind: None, Cases: [2]string{"recorded operation", "recorded operations"}, Place: 50, Gravity: 100, Trend: true, Judge: judgeAnomalies,
	})
}

// judgeAnomalies asks that the server broke no invariant. What was proven stays
// proven even where the rest of the history could not be judged; only a history
// with holes proves nothing. What the probe has proven stands whatever the load
// met and whatever was recorded of it.
func judgeAnomalies(p Policy, e Evidence) Gate {
	g := judgeHistory(p, e)
	probed := failing(e.Probed, p.Tolerated)
	if len(probed) == 0 {
		return g
	}
	reason := fmt.Sprintf("%s proven by the probe (%s): %s", amount.Plural(len(probed), "anomaly", "anomalies"), ids(probed), probed[0].Sentence)
	count := float64(len(probed))
	if g.Verdict == Fail {
		count += *g.Estimate
		reason += "; in the load, " + g.Reason
	}
	g.Estimate = &count
	return g.say(Fail, reason)
}

// failing returns what the probe has proven and the policy does not tolerate.
func failing(all []Proven, tolerated []string) []Proven {
	return slices.DeleteFunc(slices.Clone(all), func(d Proven) bool { return slices.Contains(tolerated, d.ID) })
}

func ids(all []Proven) string {
	var names []string
	for _, d := range all {
		names = append(names, d.ID)
	}
	return strings.Join(names, ", ")
}

// judgeHistory judges what the checker found in the recording of the load.
func judgeHistory(p Policy, e Evidence) Gate {
	g := Gate{}
	if e.Run.Dropped > 0 {
		return g.say(Inconclusive, e.void())
	}
	if e.Anomalies == nil {
		return g.say(Inconclusive, "the history has not been checked")
	}
	a := e.Anomalies
	count := float64(a.failing(p.Tolerated))
	g.N, g.Estimate = a.Operations, &count
	switch {
	case count > 0:
		return g.say(Fail, a.proven(p.Tolerated))
	case !a.Judged:
		g.Estimate = nil
		return g.say(Inconclusive, a.unjudged())
	}
	if void := e.void(); void != "" {
		g.Estimate = nil
		return g.say(Inconclusive, void)
	}
	return g.say(Pass, a.clean(p.Tolerated))
}

// unjudged says why the history could not be judged. Findings that do not even
// say so are no findings.
func (a *Anomalies) unjudged() string {
	if a.Reason == "" {
		return "the history was not judged, and the findings do not say why"
	}
	return "the history could not be judged: " + a.Reason
}

// failing returns how many anomalies are not tolerated.
func (a *Anomalies) failing(tolerated []string) int {
	n := 0
	for id, count := range a.Count {
		if !slices.Contains(tolerated, id) {
			n += count
		}
	}
	return n
}

func (a *Anomalies) proven(tolerated []string) string {
	reason := fmt.Sprintf("%s proven (%s)", amount.Plural(a.failing(tolerated), "anomaly", "anomalies"),
		a.list(func(id string) bool { return !slices.Contains(tolerated, id) }))
	for _, id := range slices.Sorted(maps.Keys(a.Sentences)) {
		if a.Sentences[id] != "" && !slices.Contains(tolerated, id) {
			return reason + ": " + a.Sentences[id]
		}
	}
	return reason
}

func (a *Anomalies) clean(tolerated []string) string {
	reason := "no anomaly in " + amount.Plural(a.Operations, "operation", "operations")
	if excused := a.list(func(id string) bool { return slices.Contains(tolerated, id) }); excused != "" {
		reason += "; tolerated by the policy: " + excused
	}
	if a.Shared {
		reason += fmt.Sprintf("; others moved the cards too (--shared-board), %s theirs: only what holds all the same was looked for",
			amount.Plural(a.Foreign, "version is", "versions are"))
	}
	return reason
}

// list names the ids that were found and are wanted, with their counts.
func (a *Anomalies) list(wanted func(id string) bool) string {
	var found []string
	for _, id := range slices.Sorted(maps.Keys(a.Count)) {
		if a.Count[id] > 0 && wanted(id) {
			found = append(found, fmt.Sprintf("%s × %s", id, amount.Count(a.Count[id])))
		}
	}
	return strings.Join(found, ", ")
}
