package settings

import (
	"errors"
	"fmt"

	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/workload"
)

// decideModel decides between the closed and the open model and refuses
// settings that exclude each other: one of them could not take effect. The open
// model has no number of operators and no pause, so both are 0.
func (s *Settings) decideModel() error {
	open := s.openBy()
	if s.IsGiven("rate") && s.IsGiven("ramp") {
		return s.exclude("ramp", "rate", "a ramp says itself at which rate it begins")
	}
	if open == "" {
		return s.checkClosed()
	}
	if err := s.checkOpen(open); err != nil {
		return err
	}
	s.Operators, s.Pause = 0, workload.Fixed(0)
	return nil
}

// openBy names the setting that asks for the open model, if any does.
func (s *Settings) openBy() string {
	for _, name := range []string{"ramp", "rate"} {
		if s.IsGiven(name) {
			return name
		}
	}
	return ""
}

func (s *Settings) checkClosed() error {
	if s.IsGiven("max-operators") {
		return fmt.Errorf("%s bounds the turns of the open model and cannot take effect without --rate or --ramp; the closed model has "+
			"--operators", s.NameWithSource("max-operators"))
	}
	return s.checkRecovery()
}

func (s *Settings) checkOpen(open string) error {
	switch {
	case s.IsGiven("operators"):
		return s.exclude(open, "operators", "a rate begins turns no matter how many operators are busy, a number of operators begins the "+
			"next turn when the last one is over")
	case s.IsGiven("pause"):
		return s.exclude(open, "pause", "at a rate turns begin by the clock, without a pause between them")
	case s.Rate == 0 && s.IsGiven("refresh"):
		return s.exclude("refresh", open, "at a rate of 0 no turn ever looks at the list that is held")
	case s.Rate == 0:
		return fmt.Errorf("%s: at a rate of 0 no turn ever begins; give a rate such as 40/s, or --operators for the closed model",
			s.NameWithSource(open))
	}
	return s.checkRecovery()
}

// checkRecovery refuses what recovers beside the wish not to.
func (s *Settings) checkRecovery() error {
	if s.Attempts != 1 || !s.IsGiven("attempts") {
		return nil
	}
	for _, name := range []string{"backoff", "budget"} {
		if s.IsGiven(name) {
			return s.exclude("attempts", name, "with one attempt there is no recovery that could wait")
		}
	}
	return nil
}

// exclude says which two settings exclude each other, where they stand, and
// why.
func (s *Settings) exclude(a, b, why string) error {
	return fmt.Errorf("%s and %s exclude each other: %s; give one of them", s.NameWithSource(a), s.NameWithSource(b), why)
}

// decideLength decides how long a load lasts that ends early, and refuses what could
// then not take effect.
func (s *Settings) decideLength() error {
	switch {
	case !s.UntilDecided && s.Source("max-duration").Kind == "flag":
		return errors.New("--max-duration cannot take effect without --until-decided; the length of a run is --duration")
	case !s.UntilDecided:
		s.MaxDuration = 0
		return nil
	case s.Source("duration").Kind == "flag":
		return s.exclude("until-decided", "duration", "the load ends when the gates are decided, after --max-duration at the latest")
	case s.Browser > 0:
		people := "browser"
		if !s.IsGiven(people) {
			people = "scenario"
		}
		return s.exclude("until-decided", people, "what a screen did is judged when the run is over")
	case s.WarmupAuto:
		return s.exclude("until-decided", "warmup", "a warm-up of auto is cut after the run and would change what was decided during it")
	}
	s.Duration = s.MaxDuration
	return nil
}

// defaultPeople is the number of people at the board where none is given.
const defaultPeople = 2

// decideBrowser decides whether there are people in browsers, and refuses what
// could then not take effect.
func (s *Settings) decideBrowser() error {
	switch {
	case s.Browser > 0 && s.Scenario == run.UpdateScenario:
		return s.exclude("browser", "scenario", "the scenario update plays no browsers")
	case s.Browser > 0:
		s.Scenario = run.BrowserScenario
	case s.Scenario == run.BrowserScenario:
		s.Browser = defaultPeople
	case s.BoardURL != "":
		return fmt.Errorf("%s is the page that people open and cannot take effect without --browser N or --scenario browser",
			s.NameWithSource("board-url"))
	default:
		s.Scenario = run.UpdateScenario
	}
	return nil
}
