package occ

import (
	"fmt"
	"time"

	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/executor"

	"github.com/occbench/occbench/internal/run"
)

// loadScenario is the scenario that carries the declared load.
const loadScenario = "update"

// verify refuses to begin a load that is not the declared one. occbench run sets
// OCC_DECLARED: its manifest and report go by what was declared. A k6 that is
// started by hand does what its own options say.
func (i *instance) verify(p *run.Spec) error {
	if _, strict := i.readEnv()(run.EnvDeclared); !strict {
		return nil
	}
	options := i.vu.State().Options
	if name, why := findUndeclared(&options, p); name != "" {
		return fmt.Errorf("the load is not the declared one: k6's option %s %s; nothing but occbench's own flags may change the load", name,
			why)
	}
	return nil
}

// findUndeclared returns the first option of k6 that changes or voids the declared
// load, and what it does; "" where there is none.
func findUndeclared(o *lib.Options, p *run.Spec) (name, why string) {
	switch {
	case o.Hosts.Valid:
		return "hosts", "sends requests to another server"
	case o.ExecutionSegment != nil && o.ExecutionSegment.String() != "0:1" && p.Generators < 2:
		return "executionSegment", fmt.Sprintf("plays %s of the load", o.ExecutionSegment)
	case o.MinIterationDuration.Duration > 0:
		return "minIterationDuration", fmt.Sprintf("stretches turns to %s", o.MinIterationDuration.Duration)
	case o.RPS.Int64 > 0:
		return "rps", fmt.Sprintf("allows %d requests a second", o.RPS.Int64)
	case o.NoSetup.Bool:
		return "noSetup", "takes the first audit away"
	case o.NoTeardown.Bool:
		return "noTeardown", "takes the final audit away"
	case o.Iterations.Valid:
		return "iterations", fmt.Sprintf("ends the run after %d", o.Iterations.Int64)
	}
	if why = explainScenario(o.Scenarios[loadScenario], p); why != "" {
		return "scenarios", why
	}
	return "", ""
}

// explainScenario says in what a scenario differs from the declared load; "":
// in nothing.
func explainScenario(s lib.ExecutorConfig, p *run.Spec) string {
	var operators, declared int64
	var duration time.Duration
	switch c := s.(type) {
	case nil:
		return "has no " + loadScenario
	case executor.ConstantVUsConfig:
		operators, declared, duration = c.VUs.Int64, int64(countVUs(p)), c.Duration.TimeDuration()
	case *executor.ConstantArrivalRateConfig:
		operators, declared, duration = c.MaxVUs.Int64, int64(p.MaxOperators), c.Duration.TimeDuration()
	case *executor.RampingArrivalRateConfig:
		operators, declared = c.MaxVUs.Int64, int64(p.MaxOperators)
		for _, stage := range c.Stages {
			duration += stage.Duration.TimeDuration()
		}
	default:
		return fmt.Sprintf("has a %s of the kind %s", loadScenario, s.GetType())
	}
	switch {
	case operators != declared:
		return fmt.Sprintf("has %d operators, declared are %d", operators, declared)
	case duration != p.Duration:
		return fmt.Sprintf("lasts %s, declared is %s", duration, p.Duration)
	}
	return ""
}
