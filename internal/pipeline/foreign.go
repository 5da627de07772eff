package pipeline

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/stall"
)

// ofThisRun is written into files of a run that do not build on its history.
func ofThisRun(m run.Manifest) string { return m.Base.UTC().Format(time.RFC3339Nano) }

// tie is what a file says about the files that it belongs to.
type tie struct {
	History string `json:"history"`
	Run     string `json:"run"`
}

// foreign returns, by name, why a file of the run cannot be believed: it was
// changed after a stage wrote it, or belongs to another history or run.
func foreign(dir run.Dir, m *run.Manifest, sum string) (map[string]string, error) {
	found := map[string]string{}
	for name, again := range map[string]string{
		run.FindingsFile: "`occbench check`", run.CloudWatchFile: "`occbench pull`", run.ProbeFile: "`occbench validate`", run.SeedFile: "`occbench validate`",
	} {
		if !dir.Has(name) {
			continue
		}
		var t tie
		changed, err := dir.ReadSealed(name, &t)
		switch {
		case err != nil:
			return nil, err
		case changed:
			found[name] = fmt.Sprintf("%s was changed after %s wrote it", name, again)
		case t.History != "" && sum != "" && t.History != sum:
			found[name] = fmt.Sprintf("%s is not of this history; %s makes it again", name, again)
		case t.Run != "" && m != nil && t.Run != ofThisRun(*m):
			found[name] = fmt.Sprintf("%s is of another run", name)
		}
	}
	return found, nil
}

// inOrder returns the reasons by the names of their files.
func inOrder(found map[string]string) []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(found)) {
		all = append(all, found[name])
	}
	return all
}

// verdictFiles are the files that a verdict rests on beside the history.
var verdictFiles = []string{run.ManifestFile, run.FindingsFile, run.CloudWatchFile, run.ProbeFile, run.SeedFile, run.StallsFile}

// builtOn returns the hashes of what a verdict rests on, by file.
func builtOn(dir run.Dir, history string) (map[string]string, error) {
	sums := map[string]string{}
	if history != "" {
		sums[run.HistoryFile] = history
	}
	for _, name := range verdictFiles {
		sum, err := dir.SumFile(name)
		if err != nil {
			return nil, err
		}
		if sum != "" {
			sums[name] = sum
		}
	}
	return sums, nil
}

// outdated returns the first file that is not the one which a verdict rests on;
// "": all are. A file that is missing now is told elsewhere.
func outdated(dir run.Dir, v gate.Verdict, history string) (string, error) {
	if len(v.BuiltOn) == 0 {
		return "", nil
	}
	now, err := builtOn(dir, history)
	if err != nil {
		return "", err
	}
	for _, name := range slices.Sorted(maps.Keys(now)) {
		if now[name] != v.BuiltOn[name] {
			return name, nil
		}
	}
	return "", nil
}

// decisions returns those of a manifest that the history bears out, and says of
// the others that they are not believed. Each is recomputed from the operations
// that the look rested on.
func decisions(dir run.Dir, m *run.Manifest, policy gate.Policy, cut time.Duration, stalls *stall.List) (stand []gate.Decision, unproven []string, err error) {
	if m == nil || len(m.Decisions) == 0 {
		return nil, nil, nil
	}
	seen := make([]*measure.Measure, len(m.Decisions))
	for i := range seen {
		then := stalls.Until(int64(m.Decisions[i].AfterS * 1e9)) // the look knew of no more
		seen[i] = measure.New(measureOptions(policy, m, then))
	}
	if _, err := scan(dir, cut, func(op *history.Op) {
		for i := range seen {
			if op.Start < m.Decisions[i].BeforeNS {
				seen[i].Add(op)
			}
		}
	}); err != nil {
		return nil, nil, err
	}
	for i, d := range m.Decisions {
		if d.Confidence != policy.Confidence || gate.RuleOf(d.Gate).Kind != gate.Bounded {
			continue // made under another policy; and a case that was counted is still counted at the end
		}
		numbers := seen[i].Numbers()
		if of := judged(policy, numbers, d.Gate); of == nil || of.Limit == d.Limit && of.Verdict != gate.Result(d.Verdict) {
			unproven = append(unproven, fmt.Sprintf("%s says that %s was decided (%s) after %.1f s, which the history does not bear out", run.ManifestFile, d.Gate, d.Verdict, d.AfterS))
		} else if of.Limit == d.Limit {
			stand = append(stand, gate.Decision{Gate: d.Gate, Verdict: of.Verdict, Reason: of.Reason,
				AfterS: d.AfterS, Limit: d.Limit, Confidence: d.Confidence, Before: d.BeforeNS})
		}
	}
	return stand, unproven, nil
}

// judged asks one gate about some numbers; nil: there is no such gate, or it is
// switched off.
func judged(policy gate.Policy, numbers measure.Numbers, name string) *gate.Gate {
	policy.Off = nil
	v := gate.Judge(policy, gate.Evidence{Numbers: &numbers})
	i := slices.IndexFunc(v.Gates, func(g gate.Gate) bool { return g.Name == name })
	if i < 0 {
		return nil
	}
	return &v.Gates[i]
}
