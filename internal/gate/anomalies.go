package gate

import (
	"fmt"
	"maps"
	"slices"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/reason"
)

// AnomalyCount asks that the server broke no invariant.
const AnomalyCount = "anomalies"

func init() {
	Register(Rule{
		Name: AnomalyCount, Short: "anomalies", Title: "OCC invariants",
		Question: "no invariant is broken; fails at the first proof",
		Unit:     Cases, Kind: None, Cases: [2]string{"recorded operation", "recorded operations"}, Place: 50, Gravity: 100, Trend: true,
		Judge: judgeAnomalies,
	})
}

// judgeAnomalies asks that the server broke no invariant. What was proven stays
// proven even where the rest of the history could not be judged; only a history
// with holes proves nothing. What the probe has proven stands whatever the load
// met and whatever was recorded of it.
func judgeAnomalies(p Policy, e Evidence) Gate {
	g := judgeHistory(p, e)
	probed := dropTolerated(e.Probed, p.Tolerated)
	if len(probed) == 0 {
		return g
	}
	count := float64(len(probed))
	why := reason.New("probe_proven", "ids", listProvenIDs(probed), "first", probed[0].Sentence)
	if g.Verdict == Fail {
		count += *g.Estimate
		why = why.With("why", g.Reason)
	}
	g.Estimate = &count
	return g.decideFor(Fail, why.With("n", len(probed)).With("all", count))
}

// dropTolerated returns the anomalies that the probe has proven and the policy does not tolerate.
func dropTolerated(all []Proven, tolerated []string) []Proven {
	return slices.DeleteFunc(slices.Clone(all), func(d Proven) bool { return slices.Contains(tolerated, d.ID) })
}

func listProvenIDs(all []Proven) []string {
	var names []string
	for _, d := range all {
		names = append(names, d.ID)
	}
	return names
}

// judgeHistory judges what the checker found in the recording of the load.
func judgeHistory(p Policy, e Evidence) Gate {
	g := Gate{}
	void := e.explainVoid()
	if e.Run.Dropped > 0 {
		return g.decideFor(Inconclusive, void)
	}
	if e.Anomalies == nil {
		return g.decide(Inconclusive, "unchecked")
	}
	a := e.Anomalies
	count := float64(a.countUntolerated(p.Tolerated))
	g.N, g.Estimate = a.Operations, &count
	tolerated := func(id string) bool { return slices.Contains(p.Tolerated, id) }
	switch {
	case count > 0:
		return g.decide(Fail, "proven", "n", count, "all", count,
			"ids", a.listIDs(func(id string) bool { return !tolerated(id) }), "first", a.describeFirst(tolerated))
	case !a.Judged:
		g.Estimate = nil
		return g.decide(Inconclusive, "unjudged", "text", a.Reason)
	case !void.IsZero():
		g.Estimate = nil
		return g.decideFor(Inconclusive, void)
	}
	return g.decide(Pass, "no_anomaly", "n", a.Operations, "tolerated", a.listIDs(tolerated), "shared", a.Shared, "foreign", a.Foreign)
}

// countUntolerated returns how many anomalies are not tolerated.
func (a *Anomalies) countUntolerated(tolerated []string) int {
	n := 0
	for id, count := range a.Count {
		if !slices.Contains(tolerated, id) {
			n += count
		}
	}
	return n
}

// describeFirst returns the clearest case of the first id that is not tolerated.
func (a *Anomalies) describeFirst(tolerated func(id string) bool) string {
	for _, id := range slices.Sorted(maps.Keys(a.Sentences)) {
		if a.Sentences[id] != "" && !tolerated(id) {
			return a.Sentences[id]
		}
	}
	return ""
}

// listIDs returns the wanted ids among those that were found, with their counts.
func (a *Anomalies) listIDs(wanted func(id string) bool) []string {
	var found []string
	for _, id := range slices.Sorted(maps.Keys(a.Count)) {
		if a.Count[id] > 0 && wanted(id) {
			found = append(found, fmt.Sprintf("%s × %s", id, amount.Count(a.Count[id])))
		}
	}
	return found
}
