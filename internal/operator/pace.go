package operator

import (
	"context"
	"time"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
)

// maxRetryAfter bounds what a server may ask for: a longer silence would end
// the run without saying so.
const maxRetryAfter = 5 * time.Second

// drawAhead returns the draws of the next turn without beginning it.
func (o *Operator) drawAhead() *draws {
	if o.drawn == nil {
		d := o.cfg.draw(o.choice)
		o.drawn = &d
	}
	return o.drawn
}

func (o *Operator) takeDraws() draws {
	if o.drawn == nil {
		return o.cfg.draw(o.choice)
	}
	d := *o.drawn
	o.drawn = nil
	return d
}

// begin returns an error when the run is over. Before the first turn it waits
// for a random part of a turn: operators who all start at once, with fixed
// times, would go on meeting at the same instants.
func (o *Operator) begin(ctx context.Context) error {
	if err := ctx.Err(); err != nil || o.started {
		return err
	}
	o.started = true
	around := o.cfg.Think.Mean() + o.cfg.Pause.Mean()
	return o.sleepFor(ctx, time.Duration(o.jitter.Float64()*float64(around)))
}

// rest waits between two turns: the pause, or longer when the server is in
// trouble. That the run ends meanwhile is no matter of the turn that is over.
func (o *Operator) rest(ctx context.Context, pause time.Duration, last *client.Answer, trouble bool) {
	if !trouble {
		o.troubles = 0
		o.idle(ctx, pause)
		return
	}
	o.troubles++
	wait := max(pause, o.distress.Wait(o.troubles, 0, o.jitter), limitPause(last))
	_ = o.sleepFor(ctx, wait)
}

// limitPause returns how long the server asks a client to pause, at most maxRetryAfter.
func limitPause(a *client.Answer) time.Duration { return min(a.RetryAfter, maxRetryAfter) }

// isTroubled reports whether the outcome of an update calls for patience beyond the
// pause. A server that fails updates but shows its list goes on being loaded as
// declared; one that asks for less load is not.
func isTroubled(a *client.Answer) bool {
	return a.Outcome == history.Throttled || a.RetryAfter > 0
}
