package occ

import (
	"errors"
	"fmt"
	"hash/maphash"
	"time"

	"github.com/occbench/occbench/internal/auth"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/operator"
	"github.com/occbench/occbench/internal/run"
)

// lookup finds the text of a parameter by the name it has in the environment.
type lookup func(name string) (string, bool)

// processSeed is the seed of runs that name none.
var processSeed = new(maphash.Hash).Sum64()

// parseSpec returns the spec that the environment declares; now gives the default date,
// which is tomorrow.
func parseSpec(find lookup, now time.Time) (run.Spec, error) {
	s, err := run.FromK6(find, func() time.Time { return now }, processSeed)
	if err != nil {
		return s, err
	}
	if _, err := auth.Parse(s.Auth); err != nil {
		return s, fmt.Errorf("reading parameter OCC_AUTH: %w", err)
	}
	return decideModel(s.FitWarmup(), find)
}

// decideModel derives what the open model needs, and refuses what does not go with
// it.
func decideModel(s run.Spec, find lookup) (run.Spec, error) {
	_, both := find("OCC_OPERATORS")
	switch {
	case s.IsOpen() && both:
		return s, errors.New(
			"reading parameters: OCC_OPERATORS and OCC_RATE exclude each other: a rate begins turns no matter how many operators are " +
				"busy; give one of them",
		)
	case !s.IsOpen() && s.RampTo > 0:
		return s, errors.New("reading parameters: OCC_RAMP_TO is where a ramp ends; give the rate at which it begins as OCC_RATE")
	case !s.IsOpen():
		return s, nil
	}
	if s.MaxOperators == 0 {
		s.MaxOperators = operator.CountNeeded(&s, 2*run.TypicalLatency)
	}
	return s, s.Pick.Check(1, 0)
}

// boundTurn bounds what an operator may still do when the scenario is over: one
// turn without its waits, in which every request runs into its timeout.
func boundTurn(s *run.Spec) time.Duration {
	return time.Duration(s.Attempts)*2*client.MaxCallTime(s.Timeout) + s.Budget + 5*time.Second
}

// boundAudit bounds an audit with its repetitions, and before it the end of a
// race: a read and an update.
func boundAudit(s *run.Spec) time.Duration { return 4*client.MaxCallTime(s.Timeout) + 10*time.Second }

// Up to ownVU operators of a closed load have a VU each. A VU takes many times the memory
// of an operator, so of a larger load each plays about perVU of them. Where requests go
// over k6's own transport (HTTPS, a proxy), they would share its connections, and have a
// VU each.
const (
	ownVU = 500
	perVU = 32
)

// countVUs returns how many VUs play the operators of a closed load.
func countVUs(s *run.Spec) int {
	if s.Operators <= ownVU || !client.IsDirect(s.Target) {
		return s.Operators
	}
	return max((s.Operators+perVU-1)/perVU, s.Generators)
}
