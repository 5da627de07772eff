package pipeline

import (
	"github.com/occbench/occbench/internal/plan"
	"github.com/occbench/occbench/internal/run"
)

// resolveRaces returns the spec with a rate for automatic races, as high as
// the load allows.
func resolveRaces(s run.Spec, l latencies) (run.Spec, error) {
	if !s.Races.Auto {
		return s, nil
	}
	predicted, err := plan.Predict(plan.Load{Parameters: toParameters(s, l)})
	if err != nil {
		return s, &UsageError{err.Error()}
	}
	s.Races.Rate = s.Races.PerSecond(predicted.Rate)
	return s, nil
}

// firstRacer returns the operator number of the first in a race: a round one beyond
// the VUs of k6. Without races it is 0.
func firstRacer(s *run.Spec) int {
	if s.Races.Crew == 0 {
		return 0
	}
	return 100*(1+(max(s.Operators, s.MaxOperators)+s.Browser)/100) + 1
}
