package pipeline

import (
	"context"
	"fmt"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/run"
)

// askBuild returns the build that the health call tells; "" when it tells none.
func (p *Pipeline) askBuild(ctx context.Context) string {
	build, err := p.Health(ctx)
	if err != nil {
		return "" // it need not have the call, and what else is wrong the load meets
	}
	return build
}

// askAgain asks which build serves after a load whose answers name none; nil when
// the health call told none before it.
func (p *Pipeline) askAgain(ctx context.Context, m run.Manifest) []run.Build {
	if m.TargetBuild == "" {
		return nil
	}
	seen := []run.Build{{Build: m.TargetBuild, First: m.Start}}
	if now := p.askBuild(context.WithoutCancel(ctx)); now != "" && now != m.TargetBuild {
		seen = append(seen, run.Build{Build: now, First: m.End})
	}
	return seen
}

// describeTroubles says why answers are missing or unreadable, as far as the
// client knows.
func describeTroubles(m *run.Manifest) []string {
	if m == nil {
		return nil
	}
	var lines []string
	for _, t := range m.Troubles {
		lines = append(lines, fmt.Sprintf("no usable answer to %s and %s: %s", countOf(t.Attempts, "attempt"), countOf(t.Reads, "read"),
			t.Why))
	}
	return lines
}

func countOf(n int64, what string) string {
	if n != 1 {
		what += "s"
	}
	return amount.Count(int(n)) + " " + what
}
