package cli

import (
	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/reports/machine"
	"github.com/occbench/occbench/reports/view"
)

// printRun writes the result to stdout: the closing screen or, where the work was to be
// quiet, one line.
func printRun(env command.Env, format string, run view.Run, quiet bool) error {
	if format == "json" {
		return machine.JSON(env.Stdout, run)
	}
	if quiet {
		return env.Style().OneLine(env.Stdout, run)
	}
	return env.Style().Summary(env.Stdout, run)
}
