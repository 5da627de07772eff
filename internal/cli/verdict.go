package cli

import (
	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/reports"
)

// verdictCode maps a verdict to its exit code.
func verdictCode(v gate.Result) int {
	switch v {
	case gate.Pass:
		return exit.OK
	case gate.Fail:
		return exit.Fail
	}
	return exit.Inconclusive
}

// printRun writes the result to stdout.
func printRun(env command.Env, format string, run reports.Run) error {
	if format == "json" {
		return reports.JSON(env.Stdout, run)
	}
	return reports.Text(env.Stdout, run)
}
