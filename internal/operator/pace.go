package operator

import (
	"context"
	"time"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/shop"
)

// maxRetryAfter bounds what a server may ask for: a longer silence would end
// the run without saying so.
const maxRetryAfter = 5 * time.Second

// draws are the random parts of a turn. All are drawn before it begins, so
// that turn n of an operator is the same whatever became of the turns before.
type draws struct {
	pick         int
	think, pause time.Duration
}

func (o *Operator) draw() draws {
	return draws{
		pick:  o.cfg.Picker.Pick(o.choice),
		think: o.cfg.Think.Draw(o.choice),
		pause: o.cfg.Pause.Draw(o.choice),
	}
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
	return o.sleep(ctx, time.Duration(o.jitter.Float64()*float64(around)))
}

// rest waits between two turns: the pause, or longer when the server is in
// trouble. That the run ends meanwhile is no matter of the turn that is over.
func (o *Operator) rest(ctx context.Context, pause time.Duration, last *shop.Answer, trouble bool) {
	if !trouble {
		o.troubles = 0
		_ = o.sleep(ctx, pause)
		return
	}
	o.troubles++
	wait := max(pause, o.distress.Wait(o.troubles, 0, o.jitter), asked(last))
	_ = o.sleep(ctx, wait)
}

// asked is how long the server asks to be left alone, within bounds.
func asked(a *shop.Answer) time.Duration { return min(a.RetryAfter, maxRetryAfter) }

// troubled reports whether the outcome of a move calls for patience beyond the
// pause. A server that fails moves but shows its board goes on being loaded as
// declared; one that asks for less load is not.
func troubled(a *shop.Answer) bool {
	return a.Outcome == history.Throttled || a.RetryAfter > 0
}

func (o *Operator) sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	return o.cfg.Sleep(ctx, d)
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
