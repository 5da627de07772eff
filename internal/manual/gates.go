package manual

import (
	"slices"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
)

// gateKey documents one gate.
type gateKey struct {
	name    string
	about   string
	limited bool    // it has a limit that can be set
	ratio   bool    // the limit is between 0 and 1
	preset  float64 // the limit by default
}

// about says what each gate asks.
var about = map[string]string{
	gate.ErrorRate:    "attempts that neither moved a card nor were refused as stale, as a ratio",
	gate.P95:          "95th percentile of the attempts' latency in milliseconds; an attempt without an answer is slower than everything",
	gate.ConflictRate: "moves that lost their race, as a ratio of those that were decided",
	gate.Recovery:     "every conflict is recovered from within the budget; fails at the first that is not",
	gate.AnomalyCount: "no invariant is broken; fails at the first proof",
	gate.Telemetry:    "the server's own metrics agree with what the clients saw; asked when CloudWatch was pulled",
	gate.Alarms:       "no alarm fired during the run; asked when CloudWatch was pulled",
	gate.UX:           "the screen recovered from every conflict and showed no wrong card; asked when browsers were there",
}

// Limit returns the limit of a gate under a policy, which the verdict on a run
// without evidence tells; false for a gate that has none or is switched off.
func Limit(p gate.Policy, name string) (float64, bool) {
	if asked := p; asked.SetLimit(name, 0.5) != nil {
		return 0, false
	}
	judged := gate.Judge(p, gate.Evidence{}).Gates
	i := slices.IndexFunc(judged, func(g gate.Gate) bool { return g.Name == name })
	if i < 0 {
		return 0, false
	}
	return judged[i].Limit, true
}

// gates returns every gate. What a limit may be is asked of the policy.
func gates() []gateKey {
	var all []gateKey
	for _, name := range gate.Names() {
		g := gateKey{name: name, about: about[name]}
		p := gate.Default()
		g.preset, g.limited = Limit(p, name)
		g.ratio = p.SetLimit(name, 2) == nil && p.Check() != nil
		all = append(all, g)
	}
	return all
}

// invariants returns the ids that can be tolerated.
func invariants() []string {
	var ids []string
	for _, v := range check.Invariants() {
		ids = append(ids, v.ID.String())
	}
	return ids
}
