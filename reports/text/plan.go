package text

import (
	"fmt"
	"io"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	theory "github.com/occbench/occbench/internal/plan"
	"github.com/occbench/occbench/internal/workload"
	"github.com/occbench/occbench/reports/view"
)

// Plan writes a plan for people at a terminal, at most 100 columns wide.
func Plan(w io.Writer, p view.Plan) error {
	var b strings.Builder
	planTitle(&b, p)
	planLoad(&b, p)
	planNumbers(&b, p)
	if err := planGates(&b, p); err != nil {
		return fmt.Errorf("writing the plan as text: %w", err)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the plan as text: %w", err)
	}
	return nil
}

func planTitle(b *strings.Builder, p view.Plan) {
	if p.Ready {
		b.WriteString("READY  every gate can be decided, and a correct server passes\n")
		return
	}
	b.WriteString("NOT READY\n\n")
	if p.RunsOut != nil {
		Hang(b, "  - ", view.RunsOut(*p.RunsOut))
	}
	for _, g := range p.Gates {
		if g.State != theory.Decidable {
			Hang(b, "  - ", view.Objection(g))
		}
	}
}

func planLoad(b *strings.Builder, p view.Plan) {
	c := &p.Spec
	b.WriteString("\nThe run\n")
	Hang(b, "  load       ", view.Model(c)+" for "+view.MeasuredLength(c))
	Hang(b, "  cards      ", fmt.Sprintf("%s, pick %s, walk %s%s", view.Cards(c.Cards), c.Pick, c.Walk, view.Held(c)))
	Hang(b, "  races      ", view.Races(&p.Spec))
	Hang(b, "  patience   ", view.Patience(c))
	Hang(b, "  retries    ", fmt.Sprintf("%d moves a turn within %s, backoff %s", c.Attempts, view.Length(c.Budget), c.Backoff))
	Hang(b, "  latency    ", fmt.Sprintf("board %s, move %s (%s)", p.Board, p.Move, view.Clean(p.Latency)))
}

func planNumbers(b *strings.Builder, p view.Plan) {
	b.WriteString("\nExpected of a correct server\n")
	by := "by formula"
	if p.Simulated {
		by = "by simulation, where the formula does not reach"
	}
	Hang(b, "  attempts   ", fmt.Sprintf("%s in the measured part, %.3g a second in %.3g turns%s",
		amount.Count(p.Attempts), p.Rate, p.Turns, doubles(p)))
	Hang(b, "  window     ", fmt.Sprintf("%s from reading a version to deciding its move, in the mean", amount.Milliseconds(1000*p.Window)))
	Hang(b, "  conflicts  ", fmt.Sprintf("%s of the attempts (%s)", amount.Percent(p.Conflict), by))
	Hang(
		b,
		"  hottest    ",
		fmt.Sprintf("one card takes %s of the picks and shows %s conflicts", amount.Percent(p.Hottest.Share), amount.Percent(p.Hottest.Conflict)),
	)
	Hang(b, "  recovery   ", fmt.Sprintf("%.3g turns do not recover from their conflict", p.Beaten))
	Hang(b, "  cards      ", lasting(p))
}

func doubles(p view.Plan) string {
	if p.DoubleMoves == 0 {
		return ""
	}
	return fmt.Sprintf(", and %s beside them", amount.Plural(p.DoubleMoves, "second click", "second clicks"))
}

func lasting(p view.Plan) string {
	switch {
	case p.Spec.Walk != workload.Forward:
		return "are never used up"
	case p.RunsOut == nil:
		return "last for the whole run"
	}
	out := fmt.Sprintf("run out after %s of %s", amount.Seconds(p.RunsOut.After), view.Length(p.Spec.Duration))
	if p.RunsOut.After <= p.Spec.Warmup.Seconds() {
		out += ", in the warm-up already"
	}
	return out
}

func planGates(b *strings.Builder, p view.Plan) error {
	if len(p.Gates) == 0 {
		return nil
	}
	t := table{header: []string{"gate", "attempts", "needs", "a correct server passes", "state"}, align: "lrrrl"}
	for _, g := range p.Gates {
		needs := amount.Absent
		if g.Needs > 0 {
			needs = amount.Count(g.Needs)
		}
		t.rows = append(t.rows, []string{g.Name, amount.Count(g.Samples), needs, chance(g.Pass), string(g.State)})
	}
	b.WriteString("\nGates\n")
	return t.write(b)
}

// chance writes a probability: what is nearly certain is not certain.
func chance(p float64) string {
	switch {
	case p > 0.999:
		return "> 99.9 %"
	case p < 0.001:
		return "< 0.1 %"
	}
	return amount.Percent(p)
}
