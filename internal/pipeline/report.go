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
	"github.com/occbench/occbench/internal/sanitize"
	"github.com/occbench/occbench/internal/trend"
	"github.com/occbench/occbench/internal/validity"
	"github.com/occbench/occbench/reports"
	"github.com/occbench/occbench/reports/proof"
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
	return buildReport(e)
}

// openJudged returns the evidence with the numbers that the verdict rests on.
// Without evidence.json they are measured at the verdict's confidence.
func openJudged(dir run.Dir) (*evidence.Evidence, error) {
	e, err := evidence.OpenVerdict(dir)
	if err != nil {
		return nil, err
	}
	policy := gate.Default()
	if e.Verdict != nil && e.Verdict.Confidence > 0 {
		policy.Confidence = e.Verdict.Confidence
	}
	return evidence.Open(dir, evidence.Options{Policy: policy, Any: true})
}

// buildReport returns the content of the reports of a run, from its evidence.
func buildReport(e *evidence.Evidence) (view.Run, error) {
	result := view.Run{
		Directory: e.Dir.Path(), Words: e.Words(), Manifest: e.Manifest,
		Generators: e.Generators, Anomalies: e.Checked, Probe: e.Probe, UX: e.UX, CloudWatch: e.CloudWatch,
	}
	if r := e.Recording; r != nil {
		result.Numbers, result.Timeline = &r.Numbers, &r.Timeline
		if r.Validity != nil {
			result.Course = r.Validity.Course
		}
		if e.CloudWatch != nil {
			result.Counts = r.Counts
		}
	}
	result.Verdict = readVerdict(e)
	if e.Dir.Has(run.ScriptFile) {
		result.Script = e.Dir.File(run.ScriptFile)
	}
	result.Since = compareWithLast(e, result.Verdict)
	if e.Manifest != nil {
		result.Past = trend.ReadPast(e.Dir, e.Manifest, result.Verdict, mostPast)
	}
	var err error
	if result.Release, result.Undone, err = findWayBack(e); err != nil {
		return result, err
	}
	if e.Release != nil {
		result.Notes = append(result.Notes, e.Release.Line())
	}
	result.Notes = append(result.Notes, listMissing(e, result.Verdict)...)
	result.Notes = append(result.Notes, listWarnings(result.Verdict)...)
	result.Notes = append(result.Notes, describeRefusals(result.Numbers)...)
	result.Notes = append(result.Notes, describeTroubles(e.Manifest)...)
	if e.HasBrowsers() {
		result.Screens, err = readShots(e.Dir)
	}
	sanitize.Texts(&result)
	return result, err
}

// mostPast is how many earlier runs a report shows beside its own.
const mostPast = 9

// readVerdict returns the verdict of a run. It is INCONCLUSIVE when the run
// has none, or when the verdict or a file that it depends on was changed
// since.
func readVerdict(e *evidence.Evidence) gate.Verdict {
	command := "occbench gate " + e.Dir.Path()
	why := reason.Reason{}
	switch changed := e.Doubtful[run.VerdictFile]; {
	case !changed.IsZero():
		why = reason.New("doubtful", "why", changed, "command", command)
	case e.Verdict == nil:
		why = e.Dir.Missing(run.VerdictFile)
	default:
		if name := e.FindOutdated(); name != "" {
			why = reason.New("changed", "file", name, "of", run.VerdictFile, "command", command)
		}
	}
	if !why.IsZero() {
		return gate.Verdict{Verdict: gate.Inconclusive, Reasons: []reason.Reason{why}}
	}
	return *e.Verdict
}

// listMissing returns which files have gone missing since the verdict; the
// verdict itself names those that were missing then.
func listMissing(e *evidence.Evidence, v gate.Verdict) []string {
	if e.Missing.IsZero() || slices.ContainsFunc(v.Reasons, e.Missing.Equal) {
		return nil
	}
	return []string{"this report is not whole: " + e.Missing.String()}
}

// listWarnings returns the warnings of a verdict that do not belong to one
// gate.
func listWarnings(v gate.Verdict) []string {
	r := validity.Report{Contention: v.Contention, Lines: v.Validity}
	return reason.Lines(r.Warnings())
}

// describeRefusals says that the target refused the callers and not their
// updates, which makes the run useless. It happens also when credentials
// expire during a run.
func describeRefusals(n *measure.Numbers) []string {
	if n == nil {
		return nil
	}
	updates, reads := n.Outcomes[history.Unauthorized], n.Reads.Outcomes[history.Unauthorized]
	if updates+reads == 0 {
		return nil
	}
	return []string{
		fmt.Sprintf(
			"unauthorized: the target turned away %s of %s updates and %s of %s reads (HTTP 401 or 403, or they could not be signed); "+
				"check --auth with `occbench doctor`, and whether the credentials ended during the run",
			amount.Count(updates),
			amount.Count(n.Attempts),
			amount.Count(reads),
			amount.Count(n.Reads.Count),
		),
	}
}

// DrawReports writes the reports of a run into its directory, in every format.
func DrawReports(dir run.Dir) (view.Run, error) {
	result, err := Read(dir)
	if err != nil {
		return result, err
	}
	return result, writeReports(dir, &result)
}

// buildReproduction returns the script that reproduces the gravest anomaly of
// a run.
func buildReproduction(r view.Run) (script string, ok bool) {
	f := view.FindGravest(view.Anomalies(r), r.Verdict)
	if f == nil || r.Manifest == nil {
		return "", false
	}
	s := &r.Manifest.Spec
	speaks, err := s.LoadAPI()
	if err != nil || s.Auth != "" {
		return "", false
	}
	play := proof.Reproduction{API: speaks, APIName: s.API, Target: s.Target, Tag: s.Tag}
	if s.Store != "" {
		play.Target, play.Fault = "", s.Fault
	}
	return proof.Script(f, play)
}

// writeReports writes every report of a run.
func writeReports(dir run.Dir, result *view.Run) error {
	if script, ok := buildReproduction(*result); ok {
		if err := dir.WriteFile(run.ScriptFile, []byte(script)); err != nil {
			return err
		}
		result.Script = dir.File(run.ScriptFile)
	}
	for _, f := range reports.Formats() {
		var drawn bytes.Buffer
		if err := f.Write(&drawn, *result); err != nil {
			return err
		}
		if err := dir.WriteFile(f.File, drawn.Bytes()); err != nil {
			return err
		}
	}
	return nil
}
