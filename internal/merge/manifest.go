package merge

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/run"
)

// joinManifests returns the manifest of the run. Its base is the zero of the merged
// history's clock as the wall clock of the first generator shows it.
func joinManifests(all *parts, shifts []int64) run.Manifest {
	first := &all.parts[0]
	m := run.Manifest{
		ToolVersion: first.ToolVersion, K6Version: first.K6Version, ExtensionVersion: first.ToolVersion,
		TargetBuild: first.TargetBuild, Dialect: first.Dialect, Divided: first.Divided, CloudWatch: first.CloudWatch,
		Spec: first.Spec, Base: first.Base.Add(-time.Duration(shifts[0])),
	}
	for i := range all.parts {
		addPart(&m, &all.parts[i], m.Base.Add(time.Duration(shifts[i])).Sub(all.parts[i].Base))
	}
	m.State, m.Reason = decideState(all.parts)
	slices.SortStableFunc(m.Builds, func(a, b run.Build) int { return a.First.Compare(b.First) })
	return m
}

// addPart adds what one generator made. Its wall clock is brought to that of the run
// by adding ahead.
func addPart(m *run.Manifest, p *part, ahead time.Duration) {
	start, end := p.Start.Add(ahead), p.End.Add(ahead)
	if m.Start.IsZero() || start.Before(m.Start) {
		m.Start = start
	}
	if !p.End.IsZero() && end.After(m.End) {
		m.End = end
	}
	m.HistoryDropped += p.HistoryDropped
	m.PlannedIterations += p.PlannedIterations
	m.DroppedIterations += p.DroppedIterations
	m.K6CPU += p.CPU
	m.Cores += p.Cores
	m.Throttled = max(m.Throttled, p.Throttled)
	if step := p.ClockStep; max(step, -step) > max(m.ClockStep, -m.ClockStep) {
		m.ClockStep = step
	}
	for _, b := range p.Builds {
		b.First = b.First.Add(ahead)
		addBuild(m, b)
	}
	for _, t := range p.Troubles {
		addTrouble(m, t)
	}
}

// decideState returns how the run ended, which is how the generator with the worst end did, and
// why. A killed one ranks lowest: the others may have come to their end.
func decideState(all []part) (state run.State, reason string) {
	state = run.Complete
	ranks := []run.State{run.Running, run.Complete, run.Interrupted, run.Failed}
	for i := range all {
		if slices.Index(ranks, all[i].State) > slices.Index(ranks, state) {
			state = all[i].State
		}
	}
	of := map[string][]string{} // generators by reason
	var texts []string
	for i := range all {
		if p := &all[i]; p.State == state && p.Reason != "" {
			if of[p.Reason] == nil {
				texts = append(texts, p.Reason)
			}
			of[p.Reason] = append(of[p.Reason], p.Name)
		}
	}
	for i, text := range texts {
		if len(of[text]) < len(all) {
			texts[i] = fmt.Sprintf("%s %s: %s", pluralize(len(of[text])), strings.Join(of[text], ", "), text)
		}
	}
	return state, strings.Join(texts, "; ")
}

func pluralize(n int) string {
	if n == 1 {
		return "generator"
	}
	return "generators"
}

func addBuild(m *run.Manifest, b run.Build) {
	i := slices.IndexFunc(m.Builds, func(known run.Build) bool { return known.Build == b.Build })
	if i < 0 {
		m.Builds = append(m.Builds, b)
		return
	}
	known := &m.Builds[i]
	known.Attempts += b.Attempts
	if b.First.Before(known.First) {
		known.First = b.First
	}
}

func addTrouble(m *run.Manifest, t run.Trouble) {
	i := slices.IndexFunc(m.Troubles, func(known run.Trouble) bool { return known.Why == t.Why })
	if i < 0 {
		m.Troubles = append(m.Troubles, t)
		return
	}
	m.Troubles[i].Attempts += t.Attempts
	m.Troubles[i].Reads += t.Reads
	slices.SortStableFunc(m.Troubles, func(a, b run.Trouble) int { return cmp.Compare(b.Attempts+b.Reads, a.Attempts+a.Reads) })
}
