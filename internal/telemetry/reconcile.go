package telemetry

import (
	"fmt"
	"strconv"
	"time"
)

// Finding is what a comparison of the two accounts comes to.
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
	Words   string // the finding with both counts
}

// Reconcile compares what the server counted with what the clients did.
// clientP95MS, nil without one, is told beside the server's: the difference is
// network and queue.
func Reconcile(c Counts, r *Report, clientP95MS *float64) Agreement {
	f := finding(c, r)
	return Agreement{Finding: f, Words: words(f, c, r, clientP95MS)}
}

func finding(c Counts, r *Report) Finding {
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

func words(f Finding, c Counts, r *Report, clientP95MS *float64) string {
	counts := both(c, r.Server)
	switch f {
	case NotPulled:
		return "not pulled: " + r.Error
	case NoData:
		return noData(c, r)
	case LosesData:
		return "telemetry loses data: " + counts + still(r)
	case ForeignTraffic:
		return "foreign traffic or double counting: " + counts + crowd(r) + still(r)
	case ConflictsDiffer:
		return "the conflicts differ: " + counts + still(r)
	}
	return counts + latencies(r, clientP95MS)
}

// both names the two counts, and what they leave open.
func both(c Counts, s Server) string {
	text := fmt.Sprintf("CloudWatch counts %s attempts with %s conflicts, the clients made %s with %s",
		count(s.Attempts), count(s.Conflicts), count(c.Attempts), count(c.Conflicts))
	if c.Provoked > 0 {
		text += fmt.Sprintf(", %s of them provoked by races", count(c.Provoked))
	}
	if s.ConflictSamples != s.Attempts {
		text += fmt.Sprintf(" (%s has %s samples)", Conflicts, count(s.ConflictSamples))
	}
	if n := c.Unsure(); n > 0 {
		text += fmt.Sprintf(", %s of which the server may not have seen", count(n))
	}
	return text
}

func noData(c Counts, r *Report) string {
	text := fmt.Sprintf("dead telemetry: CloudWatch counts 0 attempts, the clients made %s; without data, no conflicts were counted, not zero", count(c.Attempts))
	if r.Hint != "" {
		text += "; " + r.Hint
	}
	return text
}

// still tells that the counts may not be final.
func still(r *Report) string {
	if r.Settled == Restless {
		return "; they were still changing when the time was up: pull again later"
	}
	return ""
}

// crowd tells of whom the surplus may be when data is kept by the minute.
func crowd(r *Report) string {
	if time.Duration(r.GrainS)*time.Second < time.Minute {
		return ""
	}
	return "; the metrics are stored by the minute, so moves before or after the run in its first and last minute are in them, those of the probe too: publish with a storage resolution of 1 s, or load with `occbench run` alone"
}

func latencies(r *Report, clientP95MS *float64) string {
	p := r.Percentiles
	if p == nil {
		return ""
	}
	text := fmt.Sprintf("; p95 of the server %s ms", milliseconds(p.P95MS))
	if p.Samples != r.Server.Attempts {
		text += fmt.Sprintf(" (over whole minutes, %s samples)", count(p.Samples))
	}
	if clientP95MS != nil {
		text += fmt.Sprintf(", of the clients %s ms; the difference is network and queue", milliseconds(*clientP95MS))
	}
	return text
}

// milliseconds writes three digits, and all of those before the point.
func milliseconds(ms float64) string {
	if ms >= 100 {
		return strconv.FormatFloat(ms, 'f', 0, 64)
	}
	return strconv.FormatFloat(ms, 'g', 3, 64)
}

// count writes a count with thousands separated.
func count(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
