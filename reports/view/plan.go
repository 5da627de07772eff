package view

import (
	"fmt"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/noun"
	theory "github.com/occbench/occbench/internal/plan"
	"github.com/occbench/occbench/internal/run"
)

// Plan describes what to expect of a run before it is made.
type Plan struct {
	Words   noun.Words `json:"-"`              // of the API
	Spec    run.Spec   `json:"-"`              // what would be played
	Read    string     `json:"read_latency"`   // as --read-latency
	Update  string     `json:"update_latency"` // as --update-latency
	Latency string     `json:"latency_source"` // where they come from, in words
	theory.Prediction
	Ready bool `json:"ready"` // every gate can be decided, a correct server passes, and the records last
}

// Summary is the plan in a line.
func (p Plan) Summary() string {
	gates := "every gate can be decided"
	if !p.Ready {
		gates = "not every gate can be decided"
	}
	return fmt.Sprintf("%s attempts expected, %s conflicts; %s", amount.Count(p.Attempts), amount.Percent(p.Conflict), gates)
}

// DescribeRecords says which records the load uses: those with the tag and,
// where the API has days, of which day.
func DescribeRecords(s *run.Spec, w noun.Words) string {
	text := CountRecords(s.Records, w)
	if s.Date != "" {
		text += " of " + s.Date
	}
	return text + " tagged " + OrUnknown(s.Tag)
}

// DescribeOperators says how the operators differ from the default: what they
// read, when it is not a read of their own in every turn, how many of them
// click twice, and so on.
func DescribeOperators(c *run.Spec, w noun.Words) string {
	var text string
	for _, words := range c.DescribeLoad(w) {
		text += ", " + words
	}
	return text
}

// DescribePatience returns how long an operator thinks and pauses.
func DescribePatience(c *run.Spec) string {
	if c.IsOpen() {
		return "think " + formatDelay(c.Think)
	}
	return "think " + formatDelay(c.Think) + ", pause " + formatDelay(c.Pause)
}

// DescribeRunsOut says that the run uses up its records, when, and what to
// change.
func DescribeRunsOut(out theory.RunsOut, w noun.Words) string {
	return fmt.Sprintf(
		"the %s run out after %s; use --records %d or more, or --walk cycle",
		w.Records(),
		amount.Seconds(out.After),
		out.Records,
	)
}

// ExplainObjection says why a gate cannot be decided, or cannot pass, and what
// to change.
func ExplainObjection(g theory.Gate) string {
	text := fmt.Sprintf("%s is %s: %s", g.Name, g.State, g.Reason)
	var changes []string
	for _, c := range g.Changes {
		changes = append(changes, c.String())
	}
	if len(changes) == 0 {
		return text
	}
	return text + "; use " + strings.Join(changes, ", or ")
}
