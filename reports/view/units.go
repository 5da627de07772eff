package view

import (
	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/gate"
)

// FormatSamples writes how many a gate rests on, and how many independent ones tell as
// much where that is fewer.
func FormatSamples(g gate.Gate) string {
	if g.Effective == 0 || g.Effective >= g.N {
		return amount.Count(g.N)
	}
	return amount.Count(g.N) + " (" + amount.Count(g.Effective) + " effective)"
}
