package text

import (
	"fmt"

	"github.com/occbench/occbench/internal/noun"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/reports/view"
)

// writeTested writes what was tested: which build, under which contention.
func writeTested(b *page, run view.Run) error {
	b.WriteString("\nWhat was run\n")
	if run.Alone {
		b.writeLabelled("  ", "a history by itself: what was declared of its load is not known")
	} else if run.Manifest == nil {
		b.writeLabelled("  ", "unknown: the manifest is missing")
	} else {
		writeSubject(b, run.Manifest, run.Words)
	}
	if n := run.Numbers; n != nil && n.Attempts > 0 {
		b.writeLabelled("  measured  ", view.DescribePace(n, run.Words))
	}
	return nil
}

func writeSubject(b *page, m *run.Manifest, w noun.Words) {
	c := &m.Spec
	for _, line := range []struct{ label, text string }{
		{"target", view.DescribeTarget(m)},
		{"scenario", fmt.Sprintf("%s, %s for %s, started %s",
			view.OrUnknown(c.Scenario), view.NameModel(c), view.DescribeLength(c), m.Start.UTC().Format("2006-01-02 15:04:05 UTC"))},
		{"records", fmt.Sprintf("%s, pick %s, walk %s%s", view.DescribeRecords(c, w), c.Pick, c.Walk, view.DescribeOperators(c, w))},
		{"patience", view.DescribePatience(c) + ", timeout " + view.FormatLength(c.Timeout)},
		{"retries", view.DescribeRetries(c, w)},
		{"races", view.DescribeRaces(c, w)},
		{"repeat", fmt.Sprintf("--rand-seed %d, with occbench %s, k6 %s", c.RandSeed,
			view.OrUnknown(m.ToolVersion), view.OrUnknown(m.K6Version))},
	} {
		b.writeLabelled(fmt.Sprintf("  %-10s", line.label), line.text)
	}
}
