package view

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/run"
)

// DescribeStanding returns the state of a gate in a word or two.
func DescribeStanding(g *gate.Gate) string {
	switch {
	case g.Verdict == gate.Pass:
		return "pass"
	case g.Verdict == gate.Fail:
		return "fail"
	case g.Reason.Is("no_conflict", "all_overtaken", "screens_idle", "screens_unread", "screens_unmet", "screens_no_luck"):
		return "not exercised"
	}
	return "open"
}

// BuildDecidingCommand returns the command of a run that could decide what
// this one left open: a longer run where samples are missing, one with more
// contention where nothing conflicted, otherwise the same run again. It is
// empty for a verdict that is not INCONCLUSIVE, and for a run without a
// manifest.
func BuildDecidingCommand(r Run) string {
	if r.Verdict.Verdict != gate.Inconclusive || r.Manifest == nil {
		return ""
	}
	m := *r.Manifest
	m.Spec.RandSeed = 0
	wanted, unmet := 0.0, false
	for i := range r.Verdict.Gates {
		g := &r.Verdict.Gates[i]
		if g.Verdict != gate.Inconclusive {
			continue
		}
		wanted = max(wanted, readMissing(g.Reason, "seconds"))
		unmet = unmet || g.Reason.Is("no_conflict", "all_overtaken")
	}
	switch {
	case wanted > 0:
		m.Spec.Duration = extendLength(m.Spec.Duration, wanted)
	case unmet && m.Spec.Operators > 0:
		m.Spec.Operators *= 2
	case unmet:
		m.Spec.Duration *= 2
	}
	return buildChangedCommand(&m)
}

// buildChangedCommand returns the command that repeats the load of a run, with
// only those flags that differ from their defaults.
func buildChangedCommand(m *run.Manifest) string {
	presets := map[string]string{}
	for _, f := range run.Settings(time.Now) {
		presets[f.Name] = f.Default
	}
	return buildCommand(m, func(f run.Flag) bool { return f.Name != "rand-seed" && (f.Text == "" || f.Text != presets[f.Name]) })
}

// readMissing returns how many more updates, or seconds of load, a reason asks
// for; 0 for none.
func readMissing(r reason.Reason, what string) float64 {
	n, _ := r.Values[what].(float64)
	if r.Code != "needs" {
		n = 0
	}
	for _, value := range r.Values {
		if inner, ok := value.(reason.Reason); ok {
			n = max(n, readMissing(inner, what))
		}
	}
	return n
}

// DescribeMissing says in a clause how many updates are missing for a verdict;
// empty when something else is missing too.
func DescribeMissing(r Run) string {
	updates, short, open := 0.0, 0, 0
	for i := range r.Verdict.Gates {
		g := &r.Verdict.Gates[i]
		if g.Verdict != gate.Inconclusive {
			continue
		}
		open++
		if n := readMissing(g.Reason, "updates"); n > 0 {
			updates, short = max(updates, n), short+1
		}
	}
	if len(r.Verdict.Reasons) == 0 || r.Verdict.Reasons[0].Gate == "" || short == 0 {
		return ""
	}
	return fmt.Sprintf("too few %s: about %s more would decide %s of %s", r.Words.Updates(), amount.Count(int(updates)),
		amount.Count(short), amount.Plural(open, "open gate", "open gates"))
}

// extendLength returns a duration that is longer by 1.2 times the missing
// seconds, because the need is an estimate. It is rounded up to a value that a
// person would type.
func extendLength(length time.Duration, seconds float64) time.Duration {
	total := length + time.Duration(1.2*seconds*float64(time.Second))
	for _, step := range []time.Duration{5 * time.Second, 10 * time.Second, 30 * time.Second, time.Minute, 5 * time.Minute} {
		if total <= 20*step {
			return time.Duration(math.Ceil(float64(total)/float64(step))) * step
		}
	}
	return total.Round(time.Hour) + time.Hour
}

// CountStandings returns how many gates are in each state, in the order pass,
// fail, open, not exercised; all but the passing gates are named.
func CountStandings(v gate.Verdict) []string {
	words := []string{"pass", "fail", "open", "not exercised"}
	names := map[string][]string{}
	for i := range v.Gates {
		word := DescribeStanding(&v.Gates[i])
		names[word] = append(names[word], v.Gates[i].Name)
	}
	var all []string
	for _, word := range words {
		if len(names[word]) == 0 {
			continue
		}
		all = append(all, formatStanding(word, names[word]))
	}
	if len(v.SwitchedOff) > 0 {
		all = append(all, formatStanding("switched off", slices.Clone(v.SwitchedOff)))
	}
	return all
}

func formatStanding(word string, names []string) string {
	text := amount.Count(len(names)) + " " + word
	if word == "pass" {
		return text
	}
	return text + " (" + strings.Join(names, ", ") + ")"
}
