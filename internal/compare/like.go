package compare

import (
	"fmt"
	"math"
	"net/url"
	"strings"

	"github.com/occbench/occbench/internal/loopback"
	"github.com/occbench/occbench/internal/rundir"
)

// Difference is something in which two runs are unlike.
type Difference struct {
	What string `json:"what"`
	Base string `json:"base"`
	Run  string `json:"run"`
}

func (d Difference) String() string {
	if d.Base == d.Run {
		return fmt.Sprintf("%s %s in both", d.What, text(d.Base))
	}
	return fmt.Sprintf("%s %s against %s", d.What, text(d.Base), text(d.Run))
}

func text(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// cardsAlike is by what share the number of cards may differ. --cards auto
// chooses it from the latency that the probe measured, and 43 cards against 44
// change the conflict rate by less than the noise.
const cardsAlike = 0.05

// Unlike returns in what the load of two runs differs, so that a difference of
// their numbers says nothing about the server. Target build, fault, date, seed
// and the length of the run may differ: the first two are what is compared.
func Unlike(base, run *rundir.Manifest) []Difference {
	var all []Difference
	add := func(what, b, r string) {
		if b != r {
			all = append(all, Difference{what, b, r})
		}
	}
	if base == nil || run == nil {
		add("manifest.json", there(base), there(run))
		return all
	}
	if base.HistoryDropped > 0 || run.HistoryDropped > 0 {
		all = append(all, Difference{"history", whole(base), whole(run)})
	}
	add("scenario", base.Scenario, run.Scenario)
	add("store", base.Store, run.Store)
	add("target", place(base.Target), place(run.Target))
	add("people in browsers", people(base), people(run))
	add("shared board", fmt.Sprint(base.SharedBoard), fmt.Sprint(run.SharedBoard))
	b, r := base.Contention, run.Contention
	for _, p := range []struct {
		what string
		b, r any
	}{
		{"operators", b.Operators, r.Operators}, {"rate", b.RatePerSecond, r.RatePerSecond}, {"ramp to", b.RampTo, r.RampTo},
		{"think", b.Think, r.Think}, {"pause", b.Pause, r.Pause}, {"pick", b.Pick, r.Pick}, {"walk", b.Walk, r.Walk},
		{"refresh", b.Refresh, r.Refresh}, {"double moves", b.DoubleMoves, r.DoubleMoves},
		{"attempts", b.Attempts, r.Attempts}, {"budget", b.Budget, r.Budget}, {"backoff", b.Backoff, r.Backoff},
		{"timeout", b.Timeout, r.Timeout}, {"warm-up", warmup(b), warmup(r)},
	} {
		add(p.what, fmt.Sprint(p.b), fmt.Sprint(p.r))
	}
	if math.Abs(float64(b.Cards-r.Cards)) > cardsAlike*float64(max(b.Cards, r.Cards)) {
		add("cards", fmt.Sprint(b.Cards), fmt.Sprint(r.Cards))
	}
	return all
}

// sameBuild names the build that both runs tested although the second is said to
// test a new one: what was never deployed has changed nothing. Where no build is
// known nobody can say that it is another.
func sameBuild(base, run *rundir.Manifest) []Difference {
	if base == nil || run == nil || base.TargetBuild != run.TargetBuild || base.Fault != run.Fault {
		return nil
	}
	return []Difference{{"target build, said to be new,", base.TargetBuild, run.TargetBuild}}
}

// people is how many sat in front of browsers, who are a load of their own.
func people(m *rundir.Manifest) string {
	if m.Browser == nil {
		return ""
	}
	return fmt.Sprint(m.Browser.People)
}

func there(m *rundir.Manifest) string {
	if m == nil {
		return "missing"
	}
	return "there"
}

// whole says whether a history has holes. One that has is like no other, not
// even like another with as many.
func whole(m *rundir.Manifest) string {
	if m.HistoryDropped == 0 {
		return "whole"
	}
	return fmt.Sprintf("with %d operations not recorded", m.HistoryDropped)
}

// warmup is how the warm-up is found; where it ends by itself is no difference.
func warmup(c rundir.Contention) string {
	if c.WarmupRule != "" {
		return c.WarmupRule
	}
	return c.Warmup.String()
}

// place is what of a target matters: a server on this machine shares its
// processors with the load.
func place(t rundir.Target) string {
	u, err := url.Parse(t.String())
	if err != nil || u.Hostname() == "" {
		return "unknown"
	}
	if loopback.Is(u.Hostname()) {
		return "on this machine"
	}
	return "on another machine"
}

// OtherHost reports whether two runs had targets elsewhere that are not the
// same. Who compares them by hand may mean it, so it is none of Unlike.
func OtherHost(base, run *rundir.Manifest) bool {
	const here = "on this machine"
	return place(base.Target) != here && place(run.Target) != here && base.Target != run.Target
}

// UnlikeError refuses to compare.
type UnlikeError struct {
	Base, Run   string
	Differences []Difference
}

func (e *UnlikeError) Error() string {
	var list []string
	for _, d := range e.Differences {
		list = append(list, d.String())
	}
	return fmt.Sprintf("comparing %s with %s: the runs are unlike, so their difference says nothing about the server: %s; --force compares them all the same",
		e.Base, e.Run, strings.Join(list, "; "))
}

// ExitCode is that of a usage error.
func (e *UnlikeError) ExitCode() int { return 2 }
