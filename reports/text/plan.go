package text

import (
	"fmt"
	"io"

	"github.com/occbench/occbench/internal/amount"
	theory "github.com/occbench/occbench/internal/plan"
	"github.com/occbench/occbench/internal/workload"
	"github.com/occbench/occbench/reports/view"
)

// Plan writes a plan for people at a terminal, at most 100 columns wide.
func (s Style) Plan(w io.Writer, p view.Plan) error {
	b := s.newPage()
	planTitle(b, p)
	planLoad(b, p)
	planNumbers(b, p)
	if err := planGates(b, p); err != nil {
		return fmt.Errorf("writing the plan as text: %w", err)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the plan as text: %w", err)
	}
	return nil
}

func planTitle(b *page, p view.Plan) {
	if p.Ready {
		b.WriteString("READY  every gate can be decided, and a correct server passes\n")
		return
	}
	b.WriteString("NOT READY\n\n")
	if p.RunsOut != nil {
		b.writeLabelled("  - ", view.DescribeRunsOut(*p.RunsOut, p.Words))
	}
	for _, g := range p.Gates {
		if g.State != theory.Decidable {
			b.writeLabelled("  - ", view.ExplainObjection(g))
		}
	}
}

func planLoad(b *page, p view.Plan) {
	c := &p.Spec
	b.WriteString("\nThe run\n")
	b.writeLabelled("  load       ", view.NameModel(c)+" for "+view.DescribeLength(c))
	b.writeLabelled("  records    ", fmt.Sprintf("%s, pick %s, walk %s%s", view.CountRecords(c.Records, p.Words), c.Pick, c.Walk,
		view.DescribeOperators(c, p.Words)))
	b.writeLabelled("  races      ", view.DescribeRaces(&p.Spec, p.Words))
	b.writeLabelled("  patience   ", view.DescribePatience(c))
	b.writeLabelled("  retries    ", view.DescribeRetries(c, p.Words))
	b.writeLabelled("  latency    ", fmt.Sprintf("read %s, %s %s (%s)", p.Read, p.Words.Change(), p.Update, p.Latency))
}

func planNumbers(b *page, p view.Plan) {
	b.WriteString("\nExpected of a correct server\n")
	by := "by formula"
	if p.Simulated {
		by = "by simulation, where the formula does not reach"
	}
	b.writeLabelled("  attempts   ", fmt.Sprintf("%s in the measured part, %s/s in %s turns/s%s",
		amount.Count(p.Attempts), amount.Digits(p.Rate), amount.Digits(p.Turns), formatDoubles(p)))
	b.writeLabelled(
		"  window     ",
		fmt.Sprintf("%s from reading a token to deciding its %s, in the mean", amount.Milliseconds(1000*p.Window), p.Words.Change()),
	)
	b.writeLabelled("  conflicts  ", fmt.Sprintf("%s of the attempts (%s)", amount.Percent(p.Conflict), by))
	b.writeLabelled(
		"  hottest    ",
		fmt.Sprintf(
			"one %s takes %s of the picks and shows %s conflicts",
			p.Words.One(),
			amount.Percent(p.Hottest.Share),
			amount.Percent(p.Hottest.Conflict),
		),
	)
	b.writeLabelled("  recovery   ", formatUnrecovered(p.Beaten))
	b.writeLabelled("  records    ", describeLasting(p))
}

// formatUnrecovered returns how many turns are expected not to recover from
// their conflict.
func formatUnrecovered(turns float64) string {
	if turns < 0.05 {
		return "practically every turn recovers from its conflict"
	}
	return fmt.Sprintf("%s turns do not recover from their conflict", amount.Digits(turns))
}

func formatDoubles(p view.Plan) string {
	if p.DoubleUpdates == 0 {
		return ""
	}
	return fmt.Sprintf(", and %s beside them", amount.Plural(p.DoubleUpdates, "double update", "double updates"))
}

func describeLasting(p view.Plan) string {
	switch {
	case p.Spec.Walk != workload.Forward:
		return "are never used up"
	case p.RunsOut == nil:
		return "last for the whole run"
	}
	out := fmt.Sprintf("run out after %s of %s", amount.Seconds(p.RunsOut.After), view.FormatLength(p.Spec.Duration))
	if p.RunsOut.After <= p.Spec.Warmup.Seconds() {
		out += ", in the warm-up already"
	}
	return out
}

func planGates(b *page, p view.Plan) error {
	if len(p.Gates) == 0 {
		return nil
	}
	t := table{header: []string{"gate", "attempts", "needs", "a correct server passes", "state"}, align: "lrrrl"}
	for _, g := range p.Gates {
		needs := amount.Absent
		if g.Needs > 0 {
			needs = amount.Count(g.Needs)
		}
		t.rows = append(t.rows, []string{g.Name, amount.Count(g.Samples), needs, formatChance(g.Pass), string(g.State)})
	}
	b.WriteString("\nGates\n")
	return t.write(b)
}

// formatChance writes a probability. One that rounds to 0 or 100 % is not
// written as certain.
func formatChance(p float64) string {
	switch {
	case p > 0.999:
		return "> 99.9 %"
	case p < 0.001:
		return "< 0.1 %"
	}
	return amount.Percent(p)
}
