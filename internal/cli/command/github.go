package command

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/reports/markdown"
	"github.com/occbench/occbench/reports/view"
)

// maxAnnotations is how many annotations GitHub shows of one step.
const maxAnnotations = 10

// ReportToGitHub shows a run where a workflow's readers look: the Markdown report
// in the step's summary, and each caveat, broken gate and open gate as an annotation; the verdict and the
// run's path become outputs of the step. Elsewhere it does nothing.
func ReportToGitHub(env Env, run view.Run) error {
	if path, ok := env.Getenv("GITHUB_OUTPUT"); ok && path != "" {
		if err := appendOutputs(path, run); err != nil {
			return fmt.Errorf("writing the outputs of the step: %w", err)
		}
	}
	if path, ok := env.Getenv("GITHUB_STEP_SUMMARY"); ok && path != "" {
		if err := appendSummary(path, run); err != nil {
			return fmt.Errorf("writing the summary of the step: %w", err)
		}
	}
	if on, _ := env.Getenv("GITHUB_ACTIONS"); on != "true" {
		return nil
	}
	var all []string
	for _, caveat := range view.Caveats(run) {
		all = append(all, "::warning title=occbench::"+escapeText(caveat))
	}
	for _, why := range run.Verdict.Reasons { // a PASS has none
		all = append(all, annotateReason(run, why)...)
	}
	for _, line := range all[:min(len(all), maxAnnotations)] {
		fmt.Fprintln(env.annotations(), line)
	}
	return nil
}

// annotateReason returns the annotations of one reason: an error for what
// failed, a warning for what could not be decided, and for anomalies one
// annotation per invariant.
func annotateReason(run view.Run, why reason.Reason) []string {
	g := view.FindGate(run, why.Gate)
	if g == nil || g.Verdict != gate.Fail {
		title := "occbench " + string(run.Verdict.Verdict)
		if g != nil {
			title = gate.RuleOf(g.Name).Title + ": " + view.DescribeStanding(g)
		}
		return []string{fmt.Sprintf("::warning title=%s::%s", escapeProperty(title), escapeText(why.String()))}
	}
	var all []string
	if found := view.Anomalies(run); g.Name == gate.AnomalyCount {
		for i := range found {
			f := &found[i]
			if !view.IsTolerated(run.Verdict, f) {
				all = append(all, fmt.Sprintf("::error title=%s::%s", escapeProperty(f.Title+" ("+f.ID.String()+")"),
					escapeText(cmp.Or(f.Sentence, f.Title))))
			}
		}
	}
	if len(all) > 0 {
		return all
	}
	return []string{fmt.Sprintf("::error title=%s::%s", escapeProperty(gate.RuleOf(g.Name).Title), escapeText(why.String()))}
}

// escapeProperty escapes the value of a property of a workflow command.
func escapeProperty(text string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(escapeText(text))
}

// escapeText escapes the text of a workflow command: a reason may quote a target,
// and a line of its own would be a command of its own.
func escapeText(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(string(disarmLine([]byte(JoinLines(text)))))
}

// appendOutputs adds lines NAME=VALUE. A path with a line break would add an
// output of its own.
func appendOutputs(path string, run view.Run) error {
	if strings.ContainsAny(run.Directory, "\r\n") {
		return fmt.Errorf("the path %q holds a line break", run.Directory)
	}
	return appendTo(path, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "verdict=%s\nrun=%s\n", run.Verdict.Verdict, run.Directory)
		return err
	})
}

func appendSummary(path string, run view.Run) error {
	return appendTo(path, func(w io.Writer) error { return markdown.Report(w, run) })
}

// appendTo adds to a file that other steps write too.
func appendTo(path string, write func(io.Writer) error) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if err := write(file); err != nil {
		_ = file.Close() // the first error tells
		return err
	}
	return file.Close()
}
