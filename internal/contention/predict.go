package contention

import "math"

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

// lasting is how many cards a forward walk needs for the whole run.
func lasting(p Parameters) (int, error) {
	p.Cards = max(p.Cards, int(math.Ceil(p.Duration.Seconds()*p.mostTurns()/movesPerCard)), 1)
	for range 3 { // with more cards fewer conflicts, so more cards are used up
		f, err := forecastOf(p)
		if err != nil {
			return 0, err
		}
		p.Cards = max(int(math.Ceil(f.moved()*p.Duration.Seconds()/movesPerCard)), p.Operators, 1)
	}
	return p.Cards, nil
}

// mostTurns is the rate of turns per second when nothing is retried.
func (p Parameters) mostTurns() float64 {
	if !p.open() {
		return float64(p.Operators) / p.cycle()
	}
	if p.RampTo > 0 {
		return (p.Rate + p.RampTo) / 2
	}
	return p.Rate
}
