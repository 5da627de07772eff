package telemetry

import (
	"time"

	"github.com/occbench/occbench/internal/reason"
)

// Finding is the result of a comparison of the two accounts.
type Finding string

// The findings. Only Agrees is evidence.
const (
	Agrees          Finding = "agrees"
	NotPulled       Finding = "not pulled"
	NoData          Finding = "dead telemetry"
	LosesData       Finding = "telemetry loses data"
	ForeignTraffic  Finding = "foreign traffic or double counting"
	ConflictsDiffer Finding = "conflicts differ"
)

// Agreement compares the server's account of a run with the clients'.
type Agreement struct {
	Finding Finding
	Why     reason.Reason // the finding with both counts
}

// Reconcile compares what the server counted with what the clients did.
// clientP95MS, nil without one, is told beside the server's: the difference is
// network and queue.
func Reconcile(c Counts, r *Report, clientP95MS *float64) Agreement {
	f := decideFinding(c, r)
	return Agreement{Finding: f, Why: explainFinding(f, c, r, clientP95MS)}
}

func decideFinding(c Counts, r *Report) Finding {
	s := r.Server
	switch {
	case r.Error != "":
		return NotPulled
	case s.Attempts == 0 && s.ConflictSamples == 0:
		return NoData
	case s.Attempts > c.Attempts || s.ConflictSamples > c.Attempts:
		return ForeignTraffic
	case s.Attempts < c.Certain || s.ConflictSamples < s.Attempts:
		return LosesData
	case !c.Agree(s.Attempts, s.Conflicts) || s.ConflictSamples != s.Attempts:
		return ConflictsDiffer
	}
	return Agrees
}

func explainFinding(f Finding, c Counts, r *Report, clientP95MS *float64) reason.Reason {
	switch f {
	case NotPulled:
		return reason.New("not_pulled", "text", r.Error)
	case NoData:
		return reason.New("dead_telemetry", "clients", c.Attempts, "hint", r.Hint)
	case LosesData:
		return tellBothCounts("loses_data", c, r)
	case ForeignTraffic:
		return tellBothCounts("foreign_traffic", c, r).With("minutes", time.Duration(r.GrainS)*time.Second >= time.Minute)
	case ConflictsDiffer:
		return tellBothCounts("conflicts_differ", c, r)
	}
	why := tellBothCounts("telemetry_agrees", c, r)
	if p := r.Percentiles; p != nil {
		why = why.With("p95", p.P95MS).With("clients_p95", clientP95MS)
		if p.Samples != r.Server.Attempts {
			why = why.With("samples", p.Samples)
		}
	}
	return why
}

// tellBothCounts names the two counts, what they leave open, and whether they are final.
func tellBothCounts(code string, c Counts, r *Report) reason.Reason {
	s := r.Server
	return reason.New(code, "attempts", s.Attempts, "conflicts", s.Conflicts, "clients", c.Attempts, "clients_conflicts", c.Conflicts,
		"provoked", c.Provoked, "odd", s.ConflictSamples != s.Attempts, "metric", Conflicts, "conflict_samples", s.ConflictSamples,
		"unsure", c.CountUnsure(), "restless", r.Settled == Restless)
}
