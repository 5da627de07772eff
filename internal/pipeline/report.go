package pipeline

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/evidence"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/validity"
	"github.com/occbench/occbench/reports"
	"github.com/occbench/occbench/reports/view"
)

// Read gathers what reports show of a run. Without verdict.json the verdict is
// INCONCLUSIVE and says which command decides it: a report decides nothing.
func Read(dir run.Dir) (view.Run, error) {
	if err := checkRunDir("reporting on", dir); err != nil {
		return view.Run{Directory: dir.Path()}, err
	}
	e, err := openJudged(dir)
	if err != nil {
		return view.Run{Directory: dir.Path()}, err
	}
	return present(e)
}

// openJudged returns the evidence with the numbers that the verdict rests on.
// Without evidence.json they are measured at the verdict's confidence.
func openJudged(dir run.Dir) (*evidence.Evidence, error) {
	e, err := evidence.Glance(dir)
	if err != nil {
		return nil, err
	}
	policy := gate.Default()
	if e.Verdict != nil && e.Verdict.Confidence > 0 {
		policy.Confidence = e.Verdict.Confidence
	}
	return evidence.Open(dir, evidence.Options{Policy: policy, Any: true})
}

// present returns what reports show of the evidence.
func present(e *evidence.Evidence) (view.Run, error) {
	result := view.Run{
		Directory: e.Dir.Path(), Manifest: e.Manifest, Anomalies: e.Findings, Probe: e.Probe, UX: e.UX, CloudWatch: e.CloudWatch,
	}
	if r := e.Recording; r != nil {
		result.Numbers, result.Timeline = &r.Numbers, &r.Timeline
		if e.CloudWatch != nil {
			result.Counts = r.Counts
		}
	}
	result.Verdict = standing(e)
	result.Since = since(e, result.Verdict)
	var err error
	if result.Release, result.Undone, err = findWayBack(e); err != nil {
		return result, err
	}
	if e.Release != nil {
		result.Notes = append(result.Notes, e.Release.Line())
	}
	result.Notes = append(result.Notes, lacking(e, result.Verdict)...)
	result.Notes = append(result.Notes, warnings(result.Verdict)...)
	result.Notes = append(result.Notes, turnedAway(result.Numbers)...)
	result.Notes = append(result.Notes, troubles(e.Manifest)...)
	if e.Browsed() {
		result.Screens, err = readShots(e.Dir)
	}
	return result, err
}

// standing returns the verdict of a run, or an open one where there is none, or
// where it or a file that it rests on was changed since.
func standing(e *evidence.Evidence) gate.Verdict {
	command := "occbench gate " + e.Dir.Path()
	why := reason.Reason{}
	switch changed := e.Doubtful[run.VerdictFile]; {
	case changed != "":
		why = reason.New("doubtful", "text", changed, "command", command)
	case e.Verdict == nil:
		why = reason.New("missing", "text", e.Dir.Missing(run.VerdictFile))
	default:
		if name := e.Outdated(); name != "" {
			why = reason.New("changed", "file", name, "of", run.VerdictFile, "command", command)
		}
	}
	if !why.IsZero() {
		return gate.Verdict{Verdict: gate.Inconclusive, Reasons: []reason.Reason{why}}
	}
	return *e.Verdict
}

// lacking says which files are missing since the verdict, which says itself what
// it lacked.
func lacking(e *evidence.Evidence, v gate.Verdict) []string {
	lack := e.Lack()
	if lack.IsZero() || slices.ContainsFunc(v.Reasons, lack.Equal) {
		return nil
	}
	return []string{"this report is not whole: " + lack.String()}
}

// warnings returns what a reader of a verdict must not overlook beside its
// gates.
func warnings(v gate.Verdict) []string {
	r := validity.Report{Contention: v.Contention, Lines: v.Validity}
	return reason.Lines(r.Warnings())
}

// turnedAway says that the target refused callers and not moves: such a run
// measures a door. Credentials that end during a run look like this.
func turnedAway(n *measure.Numbers) []string {
	if n == nil {
		return nil
	}
	moves, reads := n.Outcomes[history.Unauthorized], n.Reads.Outcomes[history.Unauthorized]
	if moves+reads == 0 {
		return nil
	}
	return []string{
		fmt.Sprintf(
			"unauthorized: the target turned away %s of %s moves and %s of %s board reads (HTTP 401 or 403, or they could not be signed); "+
				"check --auth with `occbench doctor`, and whether the credentials ended during the run",
			amount.Count(moves),
			amount.Count(n.Attempts),
			amount.Count(reads),
			amount.Count(n.Reads.Count),
		),
	}
}

// Report draws a run into its directory, in every format.
func Report(dir run.Dir) (view.Run, error) {
	result, err := Read(dir)
	if err != nil {
		return result, err
	}
	return result, draw(dir, result)
}

// draw writes every report of a run.
func draw(dir run.Dir, result view.Run) error {
	for _, f := range reports.Formats() {
		var drawn bytes.Buffer
		if err := f.Write(&drawn, result); err != nil {
			return err
		}
		if err := dir.WriteFile(f.File, drawn.Bytes()); err != nil {
			return err
		}
	}
	return nil
}
