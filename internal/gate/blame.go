package gate

import (
	"github.com/occbench/occbench/internal/predict"
	"github.com/occbench/occbench/internal/reason"
)

// blameLoad says that the load is to blame for too many conflicts, where they are those
// of a correct server under this load and no invariant was broken. The verdict stays
// FAIL: what was to be shown was not shown. Where something else is broken too, an
// alarm on the conflicts apart, nothing is said of the server as a whole.
func (v *Verdict) blameLoad(e Evidence) {
	if e.Validity == nil || e.Validity.Contention == nil || e.Validity.Contention.Agreement != predict.Agrees.String() {
		return
	}
	hot, lost, whole := -1, -1, false
	for i, g := range v.Gates {
		switch {
		case g.Name == ConflictRate && g.Verdict == Fail:
			hot = i
		case g.Name == Recovery && g.Verdict == Fail:
			lost = i
		case g.Name == AnomalyCount:
			whole = g.Verdict == Pass
		case g.Name != Alarms && g.Verdict == Fail:
			return
		}
	}
	if hot < 0 || !whole {
		return
	}
	if lost >= 0 { // rivals take what a turn wants as often as a retry allows
		v.Gates[lost] = v.Gates[lost].decideFor(Inconclusive, reason.New("too_hot_to_recover", "why", v.Gates[lost].Reason))
	}
	g := &v.Gates[hot]
	g.Blame = BlamesLoad
	g.Reason = reason.New("too_hot", "limit", g.Limit, "cooler", e.Cooler, "why", g.Reason, "predicted", e.Validity.Contention.Predicted)
}
