package chart

import (
	"testing"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/noun"
)

// Lanes keep the order of time, and no two texts of a lane overlap.
func TestLanesKeepOrder(t *testing.T) {
	ops := []check.Evidence{
		{Operator: 1, Kind: history.Read, Start: 0, End: 5, Token: 3, Expected: -1, Outcome: history.Seen, HTTP: 200, State: "ready"},
		{Operator: 2, Kind: history.Update, Start: 3, End: -1, Token: -1, Expected: 3, Target: "completed", Outcome: history.NoAnswer},
		{Operator: 1, Kind: history.Update, Start: 6, End: 90_000_000_000, Token: 4, Expected: 3, Target: "completed", Outcome: history.Applied, HTTP: 200, State: "completed"},
		{Kind: history.Audit, Start: 90_000_000_001, End: 90_000_000_002, Token: 4, Expected: -1, Outcome: history.Seen, HTTP: 200, State: "completed"},
	}
	c := DrawLanes(&check.Anomaly{Operations: ops}, noun.Words{})
	if len(c.Lanes) != 3 || len(c.Calls) != 4 || len(c.Ticks) != 7 {
		t.Fatalf("%d lanes, %d calls, %d instants", len(c.Lanes), len(c.Calls), len(c.Ticks))
	}
	for i := 1; i < len(c.Ticks); i++ {
		if c.Ticks[i].At < c.Ticks[i-1].At+laneStep {
			t.Errorf("instants %v", c.Ticks)
		}
	}
	if first, second := c.Calls[0], c.Calls[2]; second.X < first.X+measureWords(&ops[0]) {
		t.Errorf("the words of %+v reach into %+v", first, second)
	}
	if got := c.Calls[1]; got.Class != "lost" || got.X+got.Width < c.Ticks[6].At {
		t.Errorf("a move without an answer is open to the end: %+v", got)
	}
	for _, call := range c.Calls {
		if call.X+call.Width > c.Width {
			t.Errorf("%+v leaves the drawing of %v", call, c.Width)
		}
	}
}
