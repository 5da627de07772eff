package cli

import (
	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/reports/machine"
	"github.com/occbench/occbench/reports/text"
	"github.com/occbench/occbench/reports/view"
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
func printRun(env command.Env, format string, run view.Run) error {
	if format == "json" {
		return machine.JSON(env.Stdout, run)
	}
	return text.Report(env.Stdout, run)
}
