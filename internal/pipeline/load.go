package pipeline

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/operator"
	"github.com/occbench/occbench/internal/predict"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/validity"
	"github.com/occbench/occbench/internal/workload"
)

// latencies are those of the target's calls; nil is not known.
type latencies struct {
	read, update workload.Delay
	source       string // where they come from, in words
}

// UsageError is a combination of settings that makes no sense.
type UsageError struct{ Reason string }

func (e *UsageError) Error() string { return e.Reason }

// ExitCode is that of a usage error.
func (e *UsageError) ExitCode() int { return exit.BadUsage }

// resolveSpec returns the declared spec with its open values filled in: the
// warm-up of a short run, the number of records, and the number of operators
// for a rate. It refuses values that exclude each other.
func (p *Pipeline) resolveSpec(l latencies) (run.Spec, error) {
	s := p.Settings.Spec
	if s.Warmup >= s.Duration && p.Settings.IsGiven("warmup") {
		return s, &UsageError{fmt.Sprintf("--warmup %s leaves nothing of --duration %s to judge; give a shorter warm-up", s.Warmup,
			s.Duration)}
	}
	if err := checkCapabilities(&s); err != nil {
		return s, err
	}
	s = s.FitWarmup()
	params := toParameters(s, l)
	if s.Records == 0 {
		records, err := predict.ChooseRecords(params)
		if err != nil {
			return s, &UsageError{err.Error()}
		}
		s.Records = records
	}
	if err := s.Pick.Check(s.Records, s.Operators); err != nil {
		return s, &UsageError{err.Error()}
	}
	if s.IsOpen() && s.MaxOperators == 0 {
		s.MaxOperators = operator.CountNeeded(&s, params.Read.Mean()+params.Update.Mean())
	}
	return s, nil
}

// checkCapabilities returns an error for what the API of a spec does not have.
func checkCapabilities(s *run.Spec) error {
	by, err := s.LoadAPI()
	if err != nil {
		return err
	}
	walk := s.Walk.String()
	switch {
	case s.Refresh > 0 && operator.ReadsSingly(by):
		return &UsageError{fmt.Sprintf("--refresh holds a list, and API %s has none that shows tokens: every turn reads its own record",
			by.Name)}
	case len(by.States.Names) == 0 && s.Walk != workload.Cycle:
		return &UsageError{fmt.Sprintf("--walk %s needs states, and API %s has none", walk, by.Name)}
	case len(by.States.Names) > 0 && by.States.Walks[walk] == nil:
		return &UsageError{fmt.Sprintf("--walk %s: API %s has no such walk; it has %s", walk, by.Name,
			strings.Join(slices.Sorted(maps.Keys(by.States.Walks)), ", "))}
	}
	return nil
}

// toParameters returns a spec as the model of contention takes it.
func toParameters(s run.Spec, l latencies) predict.Parameters {
	if l.read == nil {
		l.read = workload.Fixed(run.TypicalLatency)
	}
	if l.update == nil {
		l.update = workload.Fixed(run.TypicalLatency)
	}
	if s.WarmupAuto { // as much as it may cut at most
		s.Warmup = time.Duration(validity.MostWarmup * float64(s.Duration))
	}
	return predict.Parameters{Spec: s, Read: l.read, Update: l.update}
}
