package reports

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	theory "github.com/occbench/occbench/internal/plan"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/workload"
)

// Plan is what to expect of a run before it is made.
type Plan struct {
	Spec    run.Spec `json:"-"`              // what would be played
	Board   string   `json:"board_latency"`  // as --board-latency
	Move    string   `json:"move_latency"`   // as --move-latency
	Latency string   `json:"latency_source"` // where they come from, in words
	theory.Prediction
	Ready bool `json:"ready"` // every gate can be decided, a correct server passes, and the cards last
}

// Summary is the plan in a line.
func (p Plan) Summary() string {
	gates := "every gate can be decided"
	if !p.Ready {
		gates = "not every gate can be decided"
	}
	return fmt.Sprintf("%s attempts expected, %s conflicts; %s", amount.Count(p.Attempts), amount.Percent(p.Conflict), gates)
}

// PlanJSON writes a plan as one object, indented, with a line end.
func PlanJSON(w io.Writer, p Plan) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	var declared struct {
		Load  json.RawMessage `json:"contention"`
		Races json.RawMessage `json:"races"`
	}
	text, err := json.Marshal(p.Spec.WithoutCredentials())
	if err == nil {
		err = json.Unmarshal(text, &declared)
	}
	if err == nil {
		err = e.Encode(struct {
			Load  json.RawMessage `json:"load"`
			Races json.RawMessage `json:"races,omitempty"`
			Plan
		}{declared.Load, declared.Races, p})
	}
	if err != nil {
		return fmt.Errorf("writing the plan as JSON: %w", err)
	}
	return nil
}

// PlanText writes a plan for people at a terminal, at most 100 columns wide.
func PlanText(w io.Writer, p Plan) error {
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

func planTitle(b *strings.Builder, p Plan) {
	if p.Ready {
		b.WriteString("READY  every gate can be decided, and a correct server passes\n")
		return
	}
	b.WriteString("NOT READY\n\n")
	if p.RunsOut != nil {
		hang(b, "  - ", RunsOut(*p.RunsOut))
	}
	for _, g := range p.Gates {
		if g.State != theory.Decidable {
			hang(b, "  - ", Objection(g))
		}
	}
}

func planLoad(b *strings.Builder, p Plan) {
	c := &p.Spec
	b.WriteString("\nThe run\n")
	hang(b, "  load       ", model(c)+" for "+measuredLength(c))
	hang(b, "  cards      ", fmt.Sprintf("%s, pick %s, walk %s%s", cards(c.Cards), c.Pick, c.Walk, held(c)))
	hang(b, "  races      ", races(&p.Spec))
	hang(b, "  patience   ", patience(c))
	hang(b, "  retries    ", fmt.Sprintf("%d moves a turn within %s, backoff %s", c.Attempts, length(c.Budget), c.Backoff))
	hang(b, "  latency    ", fmt.Sprintf("board %s, move %s (%s)", p.Board, p.Move, clean(p.Latency)))
}

// held says what is unusual about the operators: what they look at, where it is not
// a board of their own in every turn, how many of them click twice, and the like.
func held(c *run.Spec) string {
	var text string
	for _, words := range c.Told() {
		text += ", " + words
	}
	return text
}

func patience(c *run.Spec) string {
	if c.Open() {
		return "think " + delay(c.Think)
	}
	return "think " + delay(c.Think) + ", pause " + delay(c.Pause)
}

func planNumbers(b *strings.Builder, p Plan) {
	b.WriteString("\nExpected of a correct server\n")
	by := "by formula"
	if p.Simulated {
		by = "by simulation, where the formula does not reach"
	}
	hang(b, "  attempts   ", fmt.Sprintf("%s in the measured part, %.3g a second in %.3g turns%s",
		amount.Count(p.Attempts), p.Rate, p.Turns, doubles(p)))
	hang(b, "  window     ", fmt.Sprintf("%s from reading a version to deciding its move, in the mean", amount.Milliseconds(1000*p.Window)))
	hang(b, "  conflicts  ", fmt.Sprintf("%s of the attempts (%s)", amount.Percent(p.Conflict), by))
	hang(b, "  hottest    ", fmt.Sprintf("one card takes %s of the picks and shows %s conflicts", amount.Percent(p.Hottest.Share), amount.Percent(p.Hottest.Conflict)))
	hang(b, "  recovery   ", fmt.Sprintf("%.3g turns do not recover from their conflict", p.Beaten))
	hang(b, "  cards      ", lasting(p))
}

func doubles(p Plan) string {
	if p.DoubleMoves == 0 {
		return ""
	}
	return fmt.Sprintf(", and %s beside them", amount.Plural(p.DoubleMoves, "second click", "second clicks"))
}

func lasting(p Plan) string {
	switch {
	case p.Spec.Walk != workload.Forward:
		return "are never used up"
	case p.RunsOut == nil:
		return "last for the whole run"
	}
	out := fmt.Sprintf("run out after %s of %s", amount.Seconds(p.RunsOut.After), length(p.Spec.Duration))
	if p.RunsOut.After <= p.Spec.Warmup.Seconds() {
		out += ", in the warm-up already"
	}
	return out
}

func planGates(b *strings.Builder, p Plan) error {
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

// RunsOut says that cards run out, when, and what to change.
func RunsOut(out theory.RunsOut) string {
	return fmt.Sprintf("the cards run out after %s; what would do: cards ≥ %s, or walk = cycle", amount.Seconds(out.After), amount.Count(out.Cards))
}

// Objection says why a gate cannot be decided, or passed, and what to change.
func Objection(g theory.Gate) string {
	text := fmt.Sprintf("%s is %s: %s", g.Name, g.State, g.Reason)
	var changes []string
	for _, c := range g.Changes {
		changes = append(changes, c.String())
	}
	if len(changes) == 0 {
		return text
	}
	return text + "; what would do: " + strings.Join(changes, ", or ")
}
