package pipeline

import (
	"context"
	"errors"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/evidence"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/release"
)

// findWayBack returns the release file that takes back what a run tested: that of
// the release which it validated, which may have gone back already, else the
// newest. occbench's own server was not released. It is empty where none is known.
func findWayBack(e *evidence.Evidence) (file string, undone bool, err error) {
	switch {
	case e.Release != nil:
		return e.Release.File, e.Release.State == release.StateRolledBack, nil
	case e.Manifest != nil && (e.Manifest.Spec.Store != "" || e.Manifest.Spec.Fault != ""):
		return "", false, nil
	}
	file, err = release.FindNewest(release.DefaultDir)
	if errors.Is(err, release.ErrNone) {
		return "", false, nil
	}
	return file, false, err
}

// Health asks the target whether it is well and which build it is, once its host is
// allowed.
func (p *Pipeline) Health(ctx context.Context) (build string, err error) {
	target, err := p.newClientConfig(ctx)
	if err != nil {
		return "", err
	}
	caller, err := client.New(target)
	if err != nil {
		return "", err
	}
	return caller.Build(ctx)
}

// CheckPlan returns an error when a validation of the target could not be
// decided. It returns nil for a target that does not answer: the release may
// be about to replace it.
func (p *Pipeline) CheckPlan(ctx context.Context, policy gate.Policy) error {
	asked, err := p.probeWithoutRaces(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		p.say("plan    nothing is foreseen: %v", err)
		return nil
	}
	_, err = p.planRun(policy, readLatencies(asked))
	return err
}
