package text

import (
	"fmt"
	"strings"

	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/reports/view"
)

// textSubject shows what was run, against which build, under which contention.
func textSubject(b *strings.Builder, run view.Run) error {
	b.WriteString("\nWhat was run\n")
	if run.Manifest == nil {
		Hang(b, "  ", "unknown: the manifest is missing")
	} else {
		subject(b, run.Manifest)
	}
	if n := run.Numbers; n != nil && n.Attempts > 0 {
		Hang(b, "  measured  ", view.Pace(n))
	}
	return nil
}

func subject(b *strings.Builder, m *run.Manifest) {
	c := &m.Spec
	for _, line := range []struct{ label, text string }{
		{"target", view.Target(m)},
		{"scenario", fmt.Sprintf("%s, %s for %s, started %s",
			view.OrUnknown(c.Scenario), view.Model(c), view.MeasuredLength(c), m.Start.UTC().Format("2006-01-02 15:04:05 UTC"))},
		{"cards", fmt.Sprintf("%s of %s tagged %s, pick %s, walk %s%s", view.Cards(c.Cards), view.OrUnknown(c.Date), view.OrUnknown(c.Tag), c.Pick, c.Walk, view.Held(c))},
		{"patience", view.Patience(c) + ", timeout " + view.Length(c.Timeout)},
		{"retries", fmt.Sprintf("%d moves a turn within %s, backoff %s", c.Attempts, view.Length(c.Budget), view.OrUnknown(c.Backoff.String()))},
		{"races", view.Races(c)},
		{"repeat", fmt.Sprintf("--rand-seed %d, with occbench %s, k6 %s", c.RandSeed, view.OrUnknown(m.ToolVersion), view.OrUnknown(m.K6Version))},
	} {
		Hang(b, fmt.Sprintf("  %-10s", line.label), line.text)
	}
}
