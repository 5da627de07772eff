package telemetry

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Remark names a fault of an alarm's definition.
type Remark struct {
	Alarm string `json:"alarm"`
	Never bool   `json:"never"` // it can never fire; else it fires at the wrong time, or hides something
	Words string `json:"words"`
}

// Load is the traffic that thresholds are held against.
type Load struct {
	AttemptsPerS  float64 // 0: unknown
	ConflictLimit float64 // of the gate, a ratio 0–1
}

// Lint finds alarms that would not fire when they should, or would when they
// should not. published are the metrics that exist.
func Lint(rules []Rule, published []Identity, load Load) []Remark {
	var all []Remark
	for _, r := range rules {
		if words := r.ExplainBlind(published); words != "" {
			all = append(all, Remark{r.Name, true, words})
		}
		for _, words := range []string{r.findFilled(published), r.tellOpaque(), r.findConstant(), r.findMiscounted(),
			r.findSilence(), r.findCrude(load), r.findMute()} {
			if words != "" {
				all = append(all, Remark{Alarm: r.Name, Words: words})
			}
		}
	}
	return all
}

// tellOpaque tells what was not looked into: an alarm with a remark is not ok.
func (r Rule) tellOpaque() string {
	if r.Unsupported == "" {
		return ""
	}
	return "it has " + r.Unsupported + ", which is not looked into: whether it fires is not known"
}

// joinFew joins the first words of a list, each once.
func joinFew(words []string) string {
	slices.Sort(words)
	words = slices.Compact(words)
	if len(words) > 5 {
		words = append(slices.Clone(words[:5]), fmt.Sprintf("%d more", len(words)-5))
	}
	return strings.Join(words, ", ")
}

// findSilence finds a treatment of missing data that takes silence for health.
func (r Rule) findSilence() string {
	switch r.Missing {
	case "notBreaching":
		return "missing data counts as good (notBreaching): a dead emitter looks like a quiet shop; use missing, and an alarm on silence"
	case "ignore":
		return "missing data keeps the last state (ignore): a dead emitter stays OK for ever; use missing"
	}
	return ""
}

// findMute finds an alarm that calls no one.
func (r Rule) findMute() string {
	switch {
	case !r.Enabled && len(r.Actions) > 0:
		return "its actions are switched off, so it calls none"
	case len(r.Actions) == 0:
		return "it has no action to call; `occbench alarms apply --action ARN` adds one"
	}
	return ""
}

// CountThreshold returns the threshold of a rule that fires above a number of conflicts,
// nil for all others.
func (r Rule) CountThreshold() *Threshold { return r.findThreshold(Conflicts, "Sum") }

// P95Threshold returns the threshold of a rule that fires above a p95 of the latency, nil for all
// others.
func (r Rule) P95Threshold() *Threshold { return r.findThreshold(Latency, "p95") }

// findThreshold returns the threshold of a rule that fires above a statistic of one metric, nil for
// all others.
func (r Rule) findThreshold(metric, stat string) *Threshold {
	if len(r.Lines) != 1 || r.Lines[0].Metric.Name != metric || r.Lines[0].Stat != stat || signOf(r.Comparison) != ">" {
		return nil
	}
	return &Threshold{Above: r.Threshold, PeriodS: int(r.Period / time.Second)}
}

// ShareThreshold returns the threshold of a rule that fires above a share of conflicts,
// as declared; nil for all others.
func (r Rule) ShareThreshold() *Threshold {
	i := slices.IndexFunc(r.Lines, func(l Line) bool { return l.Watched })
	if i < 0 || r.Lines[i].Expression != percentage || signOf(r.Comparison) != ">" {
		return nil
	}
	return &Threshold{Above: r.Threshold / 100, PeriodS: int(r.Period / time.Second)}
}

// findCrude finds an absolute number of conflicts that the share of the gate would
// exceed, or never reach, at this load.
func (r Rule) findCrude(load Load) string {
	if load.AttemptsPerS <= 0 || r.CountThreshold() == nil {
		return ""
	}
	share := r.Threshold / (load.AttemptsPerS * r.Period.Seconds())
	at := fmt.Sprintf(
		"at %.3g attempts/s, more than %s conflicts in %s are more than %.2g %% of them",
		load.AttemptsPerS,
		formatNumber(r.Threshold),
		formatDuration(r.Period),
		100*share,
	)
	switch {
	case share > 1:
		return at + ": it cannot fire at this load"
	case share < load.ConflictLimit/1.5:
		return fmt.Sprintf(
			"%s: it fires far below the %.3g %% that the gate allows; %s goes by the share",
			at,
			100*load.ConflictLimit,
			HighConflictRatio,
		)
	case share > load.ConflictLimit*1.5:
		return fmt.Sprintf(
			"%s: it is silent far above the %.3g %% that the gate allows; %s goes by the share",
			at,
			100*load.ConflictLimit,
			HighConflictRatio,
		)
	}
	return ""
}

func formatDuration(d time.Duration) string {
	if d%time.Minute == 0 {
		return fmt.Sprintf("%d min", d/time.Minute)
	}
	return d.String()
}
