package gate

import (
	"fmt"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/contention"
)

// blame says that the load is to blame for too many conflicts, where they are those
// of a correct server under this load and no invariant was broken. The verdict stays
// FAIL: what was to be shown was not shown. Where something else is broken too, an
// alarm on the conflicts apart, nothing is said of the server as a whole.
func (v *Verdict) blame(p Policy, e Evidence) {
	if e.Validity == nil || e.Validity.Contention == nil || e.Validity.Contention.Agreement != contention.Agrees.String() {
		return
	}
	hot, whole := -1, false
	for i, g := range v.Gates {
		switch {
		case g.Name == ConflictRate && g.Verdict == Fail:
			hot = i
		case g.Name == AnomalyCount:
			whole = g.Verdict == Pass
		case g.Name != Alarms && g.Verdict == Fail:
			return
		}
	}
	if hot < 0 || !whole {
		return
	}
	g := &v.Gates[hot]
	g.Blame = fmt.Sprintf("the server is right; this load is too hot for the limit of %s", amount.Percent(p.Limit(ConflictRate)))
	if len(e.Cooler) > 0 {
		g.Blame += ": it takes " + strings.Join(e.Cooler, ", or ")
	}
	g.Reason = fmt.Sprintf("%s; %s, and a correct server shows %s under this load", g.Blame, g.Reason, amount.Percent(e.Validity.Contention.Predicted))
}
