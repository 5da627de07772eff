package view

import (
	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/gate"
)

// FormatSamples returns the number of samples of a gate and, where it is
// smaller, of the independent samples that tell as much.
func FormatSamples(g gate.Gate) string {
	if g.Effective == 0 || g.Effective >= g.N {
		return amount.Count(g.N)
	}
	return amount.Count(g.N) + " (" + amount.Count(g.Effective) + " effective)"
}
