package reports

import (
	"fmt"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/check/proof"
	"github.com/occbench/occbench/internal/gate"
)

// mostLines bounds the proof on the first screen of a text report.
const mostLines = 25

// textProof shows the gravest finding on the first screen: the few operations
// that prove it, and how to see it by hand.
func textProof(b *strings.Builder, run Run) error {
	f := gravest(anomalies(run), run.Verdict)
	if f == nil || len(f.Operations) == 0 {
		return nil
	}
	var block strings.Builder
	hang(&block, "Proof  ", f.ID.String()+" "+findingTitle(f))
	lanesText(&block, f)
	if by := replay(run, f, width-4); strings.Count(block.String(), "\n")+len(by)+1 <= mostLines {
		indented(&block, by)
	} else {
		cutAfter(&block, mostLines-2)
		hang(&block, "  ", "the calls that replay it by hand: occbench check "+clean(run.Directory))
	}
	b.WriteString("\n" + block.String())
	return nil
}

// cutAfter leaves so many lines of a block.
func cutAfter(b *strings.Builder, most int) {
	lines := slices.Collect(strings.Lines(b.String()))
	if len(lines) <= most {
		return
	}
	b.Reset()
	b.WriteString(strings.Join(lines[:most-1], "") + "    …\n")
}

// gravest returns the first finding that fails the run, or else the first; nil
// without any.
func gravest(found []check.Anomaly, v gate.Verdict) *check.Anomaly {
	if len(found) == 0 {
		return nil
	}
	i := slices.IndexFunc(found, func(f check.Anomaly) bool { return !tolerated(v, &f) })
	return &found[max(i, 0)]
}

// tolerated reports whether the policy lets a finding pass.
func tolerated(v gate.Verdict, f *check.Anomaly) bool {
	return slices.Contains(v.Tolerated, f.ID.String())
}

// lanesText draws the operations of a proof as lanes, or lists them where the
// lanes are too wide: a card may carry a long status.
func lanesText(b *strings.Builder, f *check.Anomaly) {
	lines := strings.Split(strings.TrimRight(proof.Lanes(f), "\n"), "\n")
	for i := range lines {
		lines[i] = clean(lines[i])
	}
	if slices.ContainsFunc(lines, func(line string) bool { return twwidth.Width(line)+4 > width }) {
		lines = nil
		for i := range f.Operations {
			e := &f.Operations[i]
			lines = append(lines, wrap(fmt.Sprintf("%s: %s %s, %s", source(e), who(e), asked(e), answered(e)), width-4)...)
		}
	}
	indented(b, lines)
}

func indented(b *strings.Builder, lines []string) {
	for _, line := range lines {
		b.WriteString(strings.TrimRight("    "+line, " ") + "\n")
	}
}
