// Package plan says before a run what it can show: for each gate whether the attempts decide it, whether a correct server
// passes it, and the smallest change of the load that would do.
package plan

import (
	"math"

	"github.com/occbench/occbench/internal/predict"
)

// Prediction holds the numbers that a correct server must show under given parameters.
type Prediction struct {
	Turns         float64         `json:"turns_per_second"`
	Rate          float64         `json:"attempts_per_second"`
	Attempts      int             `json:"attempts"`       // in the measured window, retries included
	DoubleUpdates int             `json:"double_updates"` // beside the attempts
	Window        float64         `json:"window_seconds"`
	Conflict      float64         `json:"conflict_rate"` // 0–1
	Simulated     bool            `json:"simulated"`     // by Simulate, where the formula does not reach
	Hottest       predict.Hottest `json:"hottest"`
	Beaten        float64         `json:"beaten_turns"`       // turns that meet a conflict and do not recover
	RunsOut       *RunsOut        `json:"runs_out,omitempty"` // nil: records are left at the end
	Gates         []Gate          `json:"gates,omitempty"`
}

// RunsOut says that a forward walk uses up its records before the run is over.
type RunsOut struct {
	After   float64 `json:"after_seconds"`  // since the run began, warm-up included
	Records int     `json:"records_needed"` // to last for the whole run
}

// Predict returns what to expect of a run before it is made.
func Predict(load Load) (Prediction, error) {
	if err := load.Check(); err != nil {
		return Prediction{}, err
	}
	f, err := newOutlook(load)
	if err != nil {
		return Prediction{}, err
	}
	out := f.newPrediction()
	if f.RunsOut() {
		out.RunsOut = &RunsOut{After: f.OutAfter}
		if out.RunsOut.Records, err = predict.CountRecordsToLast(load.Parameters); err != nil {
			return Prediction{}, err
		}
	}
	out.Gates, err = judgeGates(f)
	return out, err
}

func (f *outlook) newPrediction() Prediction {
	return Prediction{
		Turns:         f.TurnRate,
		Rate:          f.AttemptRate,
		Attempts:      f.CountAttempts(),
		DoubleUpdates: int(math.Round(f.ExpectedAttempts() * f.DoubleUpdates)),
		Window:        f.Window,
		Conflict:      f.Conflict,
		Simulated:     f.Simulated,
		Hottest:       f.Hottest,
		Beaten:        f.BeatenRate * f.MeasuredSeconds(),
	}
}
