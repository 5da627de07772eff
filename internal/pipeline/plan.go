package pipeline

import (
	"context"
	"fmt"
	"strings"

	"github.com/occbench/occbench/internal/evidence"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/noun"
	"github.com/occbench/occbench/internal/plan"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/workload"
	"github.com/occbench/occbench/reports/view"
)

// PlanOptions say what `occbench plan` is told beside the settings.
type PlanOptions struct {
	ReadLatency, UpdateLatency workload.Delay // latencies; nil: measured when there is a target, else assumed
}

// Plan says what to expect of a run with these settings, before it is made. A
// target is only asked for the latencies that are not given.
func (p *Pipeline) Plan(ctx context.Context, policy gate.Policy, o PlanOptions) (view.Plan, error) {
	l := latencies{read: o.ReadLatency, update: o.UpdateLatency, source: "given"}
	if o.ReadLatency == nil || o.UpdateLatency == nil {
		var err error
		if l, err = p.askLatencies(ctx, l); err != nil {
			return view.Plan{}, err
		}
	}
	s, err := p.resolveSpec(l)
	if err != nil {
		return view.Plan{}, err
	}
	return p.predictRun(s, policy, l)
}

// askLatencies fills in what is not given by what a probe measures.
func (p *Pipeline) askLatencies(ctx context.Context, given latencies) (latencies, error) {
	if p.Settings.Target == "" {
		given.source = "assumed where not given: --target measures them, or give --read-latency and --update-latency"
		return given, nil
	}
	asked, err := p.probeWithoutRaces(ctx)
	l := readLatencies(asked)
	if given.read != nil {
		l.read = given.read
	}
	if given.update != nil {
		l.update = given.update
	}
	return l, err
}

// predictRun predicts the run of a resolved spec.
func (p *Pipeline) predictRun(s run.Spec, policy gate.Policy, l latencies) (view.Plan, error) {
	load := plan.Load{Parameters: toParameters(s, l), Limits: evidence.ContentionLimits(policy)}
	load.Limits.Anytime = s.UntilDecided
	predicted, err := plan.Predict(load)
	if err != nil {
		return view.Plan{}, &UsageError{err.Error()}
	}
	s.Races.Rate = s.Races.PerSecond(predicted.Rate)
	return view.Plan{
		Words: s.Words(), Spec: s, Read: load.Read.String(), Update: load.Update.String(), Latency: l.source,
		Prediction: predicted, Ready: predicted.IsReady() && predicted.RunsOut == nil,
	}, nil
}

// PlanError refuses a run that cannot end in a decision.
type PlanError struct{ Objections []string }

func (e *PlanError) Error() string {
	return fmt.Sprintf("the plan says that this run is in vain: %s; change it, or use --force to run it all the same",
		strings.Join(e.Objections, "; "))
}

// ExitCode makes the refusal a matter of usage.
func (e *PlanError) ExitCode() int { return exit.BadUsage }

// planRun returns the resolved spec of a run and refuses a run that could not
// be decided. An objection to what the user asked for explicitly is only a
// warning: --pick first is given in order to see conflicts. docs/adr gives the
// reasons.
func (p *Pipeline) planRun(policy gate.Policy, l latencies) (run.Spec, error) {
	s, err := p.resolveSpec(l)
	if err != nil {
		return s, err
	}
	plan, err := p.predictRun(s, policy, l)
	if err != nil {
		return s, err
	}
	p.say("plan    %s", plan.Summary())
	p.shot.Expected = &plan.Prediction.Conflict
	var refused []string
	for _, o := range listObjections(plan.Prediction, s.Words()) {
		asked := o.isAskedFor(func(name string) bool { return p.Settings.Source(name).Kind == "flag" })
		switch {
		case p.Force || asked:
			p.say("plan    ! %s", o.words)
		default:
			refused = append(refused, o.words)
		}
	}
	if len(refused) > 0 {
		return s, &PlanError{refused}
	}
	return s, nil
}

// objection is one reason against a run.
type objection struct {
	words  string
	causes []string // settings that it comes from; none: no setting excuses it
}

// isAskedFor reports whether the user gave one of the settings that cause the
// objection.
func (o objection) isAskedFor(given func(name string) bool) bool {
	for _, name := range o.causes {
		if given(name) {
			return true
		}
	}
	return false
}

// The settings that decide how many attempts a run makes, and how many of them
// conflict.
var (
	length   = []string{"duration", "warmup", "max-duration", "operators", "rate", "ramp", "think", "pause"}
	conflict = append([]string{"records", "pick", "walk", "refresh"}, length...)
)

// listObjections returns the reasons against a run. Records that run out are
// always one: the run would end before its declared duration.
func listObjections(predicted plan.Prediction, w noun.Words) []objection {
	var all []objection
	if out := predicted.RunsOut; out != nil {
		all = append(all, objection{words: view.DescribeRunsOut(*out, w)})
	}
	for _, g := range predicted.Gates {
		if g.State == plan.Decidable {
			continue
		}
		o := objection{words: view.ExplainObjection(g), causes: conflict}
		switch g.Name {
		case gate.ErrorRate, gate.P95:
			o.causes = length
		case gate.Recovery:
			o.causes = append([]string{"attempts", "budget", "backoff"}, conflict...)
		}
		all = append(all, o)
	}
	return all
}
