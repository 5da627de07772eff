package pipeline

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/rundir"
	"github.com/occbench/occbench/reports"
)

// Read gathers what reports show of a run. Without verdict.json the verdict is
// INCONCLUSIVE and says which command decides it: a report decides nothing.
func Read(dir rundir.Dir) (reports.Run, error) {
	run := reports.Run{Directory: dir.Path()}
	err := ofRun("reporting on", dir)
	if err != nil {
		return run, err
	}
	if run.Manifest, err = optional(dir.ReadManifest()); err != nil {
		return run, err
	}
	verdict, err := optional(verdict(dir))
	if err != nil {
		return run, err
	}
	if verdict == nil {
		verdict = &gate.Verdict{Verdict: gate.Inconclusive, Reasons: []string{dir.Missing(rundir.VerdictFile)}}
	}
	run.Verdict = *verdict
	policy := gate.Default()
	if verdict.Confidence > 0 {
		policy.Confidence = verdict.Confidence
	}
	if run.Findings, err = optional(findings(dir)); err != nil {
		return run, err
	}
	if run.Probe, err = optional(probed(dir)); err != nil {
		return run, err
	}
	cut, err := warmupCut(dir, run.Manifest)
	if err != nil {
		return run, err
	}
	run.Since = since(dir, run.Manifest, *verdict)
	if run.Release, run.Undone, err = wayBack(dir, run.Manifest); err != nil {
		return run, err
	}
	run.Notes = append(lacking(dir, run.Verdict), warnings(run.Verdict)...)
	stalls, err := dir.Stalls()
	if err != nil {
		return run, err
	}
	var sum string
	run.Numbers, run.Timeline, _, sum, err = numbers(dir, measureOptions(policy, run.Manifest, stalls), cut)
	if err == nil {
		run.Verdict, err = withdrawn(dir, run.Verdict, sum)
	}
	run.Notes = append(append(run.Notes, turnedAway(run.Numbers)...), troubles(run.Manifest)...)
	if err == nil {
		run.Notes, err = released(dir, run.Notes)
	}
	if err == nil {
		run.CloudWatch, run.Counts, err = pulled(dir, run.Manifest)
	}
	if err == nil {
		run.UX, run.Screens, err = shots(dir, run.Manifest)
	}
	return run, err
}

// withdrawn returns the verdict, or an open one where a file that it rests on is
// not the one which was judged.
func withdrawn(dir rundir.Dir, v gate.Verdict, history string) (gate.Verdict, error) {
	name, err := outdated(dir, v, history)
	if err != nil || name == "" {
		return v, err
	}
	return gate.Verdict{Verdict: gate.Inconclusive, Reasons: []string{fmt.Sprintf(
		"%s was changed or exchanged after %s was written; `occbench gate %s` judges the run again", name, rundir.VerdictFile, dir.Path())}}, nil
}

// lacking says which files are missing since the verdict, which says itself what
// it lacked.
func lacking(dir rundir.Dir, v gate.Verdict) []string {
	lack := dir.Missing(rundir.ManifestFile, rundir.HistoryFile, rundir.FindingsFile)
	if lack == "" || slices.ContainsFunc(v.Reasons, func(r string) bool { return strings.Contains(r, lack) }) {
		return nil
	}
	return []string{"this report is not whole: " + lack}
}

// verdict reads verdict.json. A file that holds none would be drawn as one.
func verdict(dir rundir.Dir) (gate.Verdict, error) {
	var v gate.Verdict
	changed, err := dir.ReadSealed(rundir.VerdictFile, &v)
	if changed {
		return gate.Verdict{Verdict: gate.Inconclusive, Reasons: []string{fmt.Sprintf(
			"%s was changed after `occbench gate` wrote it; `occbench gate %s` judges the run again", rundir.VerdictFile, dir.Path())}}, nil
	}
	if err == nil && !v.Verdict.Known() {
		err = fmt.Errorf("reading %s: verdict %.20q is none of PASS, INCONCLUSIVE, FAIL; `occbench gate %s` judges the run again",
			dir.File(rundir.VerdictFile), string(v.Verdict), dir.Path())
	}
	return v, err
}

// Report draws a run into its directory, in every format.
func Report(dir rundir.Dir) (reports.Run, error) {
	run, err := Read(dir)
	if err != nil {
		return run, err
	}
	for _, f := range reports.Formats() {
		var drawn bytes.Buffer
		if err := f.Write(&drawn, run); err != nil {
			return run, err
		}
		if err := dir.WriteFile(f.File, drawn.Bytes()); err != nil {
			return run, err
		}
	}
	return run, nil
}
