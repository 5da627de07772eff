package cli

import (
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/gate"
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
