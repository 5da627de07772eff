package pipeline

import (
	"context"
	"errors"
	"time"

	"github.com/occbench/occbench/internal/bundle"
	"github.com/occbench/occbench/internal/evidence"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/telemetry"
	"github.com/occbench/occbench/internal/wait"
)

// observed is the CloudWatch of a validation; nil is none.
type observed struct {
	place    run.Metrics
	bundled  *bundle.Server // nil: another target
	patience Patience
}

// beside returns the pipeline that tests the bundled server: with a local CloudWatch
// beside it, unless the settings ask for another or for none.
func (p *Pipeline) beside() *Pipeline {
	if p.Settings.Metrics != "auto" {
		return p
	}
	s := *p.Settings
	if s.LocalAddr == "" && !p.WithoutCloudWatch {
		s.LocalAddr = "127.0.0.1:0"
	}
	// Where a target's metrics are says nothing about the bundled server's.
	s.CloudWatch.Endpoint, s.CloudWatch.Region, s.CloudWatch.Function = "", "", ""
	if !s.Given("stage") {
		s.CloudWatch.Stage = "local"
	}
	other := p.with(&s)
	other.Evaluation = evaluation
	return other
}

// against returns the pipeline whose target is a bundled server, which lets
// everybody in.
func (p *Pipeline) against(server *bundle.Server) *Pipeline {
	s := *p.Settings
	s.Target, s.Auth, s.CloudWatch = server.URL, "", server.Place()
	return p.with(&s)
}

// observe finds the CloudWatch of the validation. A local one gets the alarms
// that a stage should have; those of a real one are its owner's.
func (p *Pipeline) observe(ctx context.Context, server *bundle.Server) (*observed, error) {
	if server == nil {
		place := p.place()
		if place == nil {
			return nil, nil
		}
		return &observed{place: *place}, p.warn(ctx)
	}
	if p.WithoutCloudWatch || server.Publishes() == "" {
		return nil, nil
	}
	c := p.Settings.CloudWatch
	o := &observed{bundled: server, place: run.Metrics{CloudWatch: c.CloudWatch}}
	if server.CloudWatch() == "" || server.CloudWatch() != c.Endpoint {
		return o, nil
	}
	o.place.Passing, o.patience = true, local
	server.Hold()
	client, err := bundle.ConnectCloudWatch(ctx, p.Settings.CloudWatch)
	if err != nil {
		return nil, err
	}
	p.say("metrics %s, local CloudWatch on %s", server.Publishes(), server.CloudWatch())
	return o, client.Apply(ctx, telemetry.DeclaredRules(p.source()), nil, nil)
}

// warn says before the load what would be found after it: that CloudWatch cannot
// be asked. It is no reason not to load, unless the settings are at fault.
func (p *Pipeline) warn(ctx context.Context) error {
	_, err := bundle.ConnectCloudWatch(ctx, p.Settings.CloudWatch)
	var problem *exit.Problem
	if errors.As(err, &problem) && problem.Usage {
		return err
	}
	if err != nil {
		p.say("metrics ! %v", err)
	}
	return nil
}

// where says the place for the manifest.
func (o *observed) where() *run.Metrics {
	if o == nil {
		return nil
	}
	return &o.place
}

// begin separates the run from what was done before it. The probe races movers
// on purpose, which is enough to set off an alarm, so a local CloudWatch only
// begins to hear of the server now.
func (o *observed) begin() {
	if o != nil && o.place.Passing {
		o.bundled.Release()
	}
}

// awaitOwnSecond waits until no other work shares the second in which the run
// begins: CloudWatch keeps metrics by the second at best, so the last requests
// of a probe would count as requests of the run. There is no wait where only
// the run sends metrics.
func awaitOwnSecond(ctx context.Context, place *run.Metrics, now time.Time) error {
	if place == nil || place.Passing {
		return nil
	}
	return wait.For(ctx, now.Truncate(time.Second).Add(time.Second).Sub(now))
}

// pulled pulls the run. What goes wrong stands in cloudwatch.json, for the
// verdict; the error is about writing it.
func (o *observed) pulled(ctx context.Context, p *Pipeline, dir run.Dir, m run.Manifest, rec *evidence.Recording) error {
	if o == nil || rec == nil { // the stages after this one say what is missing
		return nil
	}
	patience := o.patience
	if ctx.Err() != nil {
		// An interrupt ended the load; what the load left is judged all the same.
		ctx = context.WithoutCancel(ctx)
		if patience == (Patience{}) {
			patience = hurried
		}
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	if o.bundled != nil {
		if err := o.bundled.Flush(ctx); err != nil {
			p.say("metrics %v", err)
		}
	}
	report, failed, err := p.ask(ctx, dir, m, rec, patience)
	switch {
	case failed != nil:
		p.say("pull    %v", failed)
	case err == nil:
		p.say("pull    %s", telemetry.Reconcile(rec.Counts, &report, nil).Why)
	}
	return err
}
