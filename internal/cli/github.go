package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/reports"
)

// maxAnnotations is how many annotations GitHub shows of one step.
const maxAnnotations = 10

// tellGitHub shows a run where a workflow's readers look: the Markdown report
// in the step's summary, and each reason as an annotation. Elsewhere it does
// nothing.
func tellGitHub(env Env, run reports.Run) error {
	if path, ok := env.Getenv("GITHUB_STEP_SUMMARY"); ok && path != "" {
		if err := appendSummary(path, run); err != nil {
			return fmt.Errorf("writing the summary of the step: %w", err)
		}
	}
	if on, _ := env.Getenv("GITHUB_ACTIONS"); on != "true" {
		return nil
	}
	level := "error"
	switch run.Verdict.Verdict {
	case gate.Pass:
		return nil
	case gate.Inconclusive:
		level = "warning"
	}
	for i, reason := range run.Verdict.Reasons {
		if i == maxAnnotations {
			break
		}
		fmt.Fprintf(env.Stderr, "::%s title=occbench %s::%s\n", level, run.Verdict.Verdict, command(reason))
	}
	return nil
}

// command escapes the text of a workflow command: a reason may quote a target,
// and a line of its own would be a command of its own.
func command(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(oneLine(text))
}

func appendSummary(path string, run reports.Run) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if err := reports.Markdown(file, run); err != nil {
		_ = file.Close() // the first error tells
		return err
	}
	return file.Close()
}
