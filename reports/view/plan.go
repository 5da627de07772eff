package view

import (
	"fmt"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	theory "github.com/occbench/occbench/internal/plan"
	"github.com/occbench/occbench/internal/run"
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

// Held says what is unusual about the operators: what they look at, where it is not
// a board of their own in every turn, how many of them click twice, and the like.
func Held(c *run.Spec) string {
	var text string
	for _, words := range c.Told() {
		text += ", " + words
	}
	return text
}

func Patience(c *run.Spec) string {
	if c.Open() {
		return "think " + delay(c.Think)
	}
	return "think " + delay(c.Think) + ", pause " + delay(c.Pause)
}

// RunsOut says that cards run out, when, and what to change.
func RunsOut(out theory.RunsOut) string {
	return fmt.Sprintf(
		"the cards run out after %s; what would do: cards ≥ %s, or walk = cycle",
		amount.Seconds(out.After),
		amount.Count(out.Cards),
	)
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
