package contention

import (
	"math"

	"github.com/occbench/occbench/internal/workload"
)

// Prediction is what a correct server must show under given parameters.
type Prediction struct {
	Turns       float64  `json:"turns_per_second"`
	Rate        float64  `json:"attempts_per_second"`
	Attempts    int      `json:"attempts"`     // in the measured window, retries included
	DoubleMoves int      `json:"double_moves"` // beside the attempts
	Window      float64  `json:"window_seconds"`
	Conflict    float64  `json:"conflict_rate"` // 0–1
	Simulated   bool     `json:"simulated"`     // by Simulate, where the formula does not reach
	Hottest     Hottest  `json:"hottest"`
	Beaten      float64  `json:"beaten_turns"`       // turns that meet a conflict and do not recover
	RunsOut     *RunsOut `json:"runs_out,omitempty"` // nil: cards are left at the end
	Gates       []Gate   `json:"gates,omitempty"`
}

// Hottest is the card with the most attempts; with first it is the one that
// can be moved at the moment.
type Hottest struct {
	Card     int     `json:"card"` // index
	Share    float64 `json:"share"`
	Conflict float64 `json:"conflict_rate"`
}

// RunsOut says that a forward walk uses up its cards before the run is over.
type RunsOut struct {
	After float64 `json:"after_seconds"` // since the run began, warm-up included
	Cards int     `json:"cards_needed"`  // to last for the whole run
}

// Predict says what to expect of a run before it is made.
func Predict(p Parameters) (Prediction, error) {
	if err := p.Check(); err != nil {
		return Prediction{}, err
	}
	f, err := expect(p)
	if err != nil {
		return Prediction{}, err
	}
	out := f.prediction()
	if f.runsOut() {
		out.RunsOut = &RunsOut{After: f.outAfter}
		if out.RunsOut.Cards, err = lasting(p); err != nil {
			return Prediction{}, err
		}
	}
	out.Gates, err = gates(f)
	return out, err
}

func (f *forecast) prediction() Prediction {
	return Prediction{
		Turns:       f.turns,
		Rate:        f.rate,
		Attempts:    f.samples(),
		DoubleMoves: int(math.Round(f.attempts() * f.DoubleMoves)),
		Window:      f.window,
		Conflict:    f.conflict,
		Simulated:   f.played,
		Hottest:     f.hottest,
		Beaten:      f.beaten * f.seconds(),
	}
}

// lasting is how many cards a forward walk needs for the whole run. It is asked
// of the very forecast that says whether they run out, or a plan would say that
// so many are needed and, given so many, that they are too few.
func lasting(p Parameters) (int, error) {
	p.Cards = max(p.Cards, p.Operators, 1)
	for {
		f, err := expect(p)
		if err != nil || !f.runsOut() {
			return p.Cards, err
		}
		// With more cards there are fewer conflicts, so more of them are used up.
		// Two in a hundred are spare: one run moves more than another.
		more := int(math.Ceil(1.02 * f.moved() * p.Duration.Seconds() / workload.MovesPerCard))
		p.Cards = max(more, p.Cards+1+p.Cards/200)
	}
}
