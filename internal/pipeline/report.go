package pipeline

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/reports"
)

// Read gathers what reports show of a run. Without verdict.json the verdict is
// INCONCLUSIVE and says which command decides it: a report decides nothing.
func Read(dir run.Dir) (reports.Run, error) {
	result := reports.Run{Directory: dir.Path()}
	err := ofRun("reporting on", dir)
	if err != nil {
		return result, err
	}
	if result.Manifest, err = optional(dir.ReadManifest()); err != nil {
		return result, err
	}
	verdict, err := optional(verdict(dir))
	if err != nil {
		return result, err
	}
	if verdict == nil {
		verdict = &gate.Verdict{Verdict: gate.Inconclusive, Reasons: []string{dir.Missing(run.VerdictFile)}}
	}
	result.Verdict = *verdict
	policy := gate.Default()
	if verdict.Confidence > 0 {
		policy.Confidence = verdict.Confidence
	}
	if result.Findings, err = optional(findings(dir)); err != nil {
		return result, err
	}
	if result.Probe, err = optional(probed(dir)); err != nil {
		return result, err
	}
	cut, err := warmupCut(dir, result.Manifest)
	if err != nil {
		return result, err
	}
	result.Since = since(dir, result.Manifest, *verdict)
	if result.Release, result.Undone, err = wayBack(dir, result.Manifest); err != nil {
		return result, err
	}
	result.Notes = append(lacking(dir, result.Verdict), warnings(result.Verdict)...)
	stalls, err := dir.Stalls()
	if err != nil {
		return result, err
	}
	var sum string
	result.Numbers, result.Timeline, _, sum, err = numbers(dir, measureOptions(policy, result.Manifest, stalls), cut)
	if err == nil {
		result.Verdict, err = withdrawn(dir, result.Verdict, sum)
	}
	result.Notes = append(append(result.Notes, turnedAway(result.Numbers)...), troubles(result.Manifest)...)
	if err == nil {
		result.Notes, err = released(dir, result.Notes)
	}
	if err == nil {
		result.CloudWatch, result.Counts, err = pulled(dir, result.Manifest)
	}
	if err == nil {
		result.UX, result.Screens, err = shots(dir, result.Manifest)
	}
	return result, err
}

// withdrawn returns the verdict, or an open one where a file that it rests on is
// not the one which was judged.
func withdrawn(dir run.Dir, v gate.Verdict, history string) (gate.Verdict, error) {
	name, err := outdated(dir, v, history)
	if err != nil || name == "" {
		return v, err
	}
	return gate.Verdict{Verdict: gate.Inconclusive, Reasons: []string{fmt.Sprintf(
		"%s was changed or exchanged after %s was written; `occbench gate %s` judges the run again", name, run.VerdictFile, dir.Path())}}, nil
}

// lacking says which files are missing since the verdict, which says itself what
// it lacked.
func lacking(dir run.Dir, v gate.Verdict) []string {
	lack := dir.Missing(run.ManifestFile, run.HistoryFile, run.FindingsFile)
	if lack == "" || slices.ContainsFunc(v.Reasons, func(r string) bool { return strings.Contains(r, lack) }) {
		return nil
	}
	return []string{"this report is not whole: " + lack}
}

// verdict reads verdict.json. A file that holds none would be drawn as one.
func verdict(dir run.Dir) (gate.Verdict, error) {
	var v gate.Verdict
	changed, err := dir.ReadSealed(run.VerdictFile, &v)
	if changed {
		return gate.Verdict{Verdict: gate.Inconclusive, Reasons: []string{fmt.Sprintf(
			"%s was changed after `occbench gate` wrote it; `occbench gate %s` judges the run again", run.VerdictFile, dir.Path())}}, nil
	}
	if err == nil && !v.Verdict.Known() {
		err = fmt.Errorf("reading %s: verdict %.20q is none of PASS, INCONCLUSIVE, FAIL; `occbench gate %s` judges the run again",
			dir.File(run.VerdictFile), string(v.Verdict), dir.Path())
	}
	return v, err
}

// Report draws a run into its directory, in every format.
func Report(dir run.Dir) (reports.Run, error) {
	result, err := Read(dir)
	if err != nil {
		return result, err
	}
	for _, f := range reports.Formats() {
		var drawn bytes.Buffer
		if err := f.Write(&drawn, result); err != nil {
			return result, err
		}
		if err := dir.WriteFile(f.File, drawn.Bytes()); err != nil {
			return result, err
		}
	}
	return result, nil
}
