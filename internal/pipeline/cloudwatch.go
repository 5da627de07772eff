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

// withCloudWatch returns the pipeline that tests the bundled server. It uses a
// local CloudWatch unless the settings name another one, or none.
func (p *Pipeline) withCloudWatch() *Pipeline {
	if p.Settings.Metrics != "auto" {
		return p
	}
	s := *p.Settings
	if s.LocalAddr == "" && !p.WithoutCloudWatch {
		s.LocalAddr = "127.0.0.1:0"
	}
	// Where a target's metrics are says nothing about the bundled server's.
	s.CloudWatch.Endpoint, s.CloudWatch.Region, s.CloudWatch.Function = "", "", ""
	if !s.IsGiven("stage") {
		s.CloudWatch.Stage = "local"
	}
	other := p.withSettings(&s)
	other.Evaluation = evaluation
	return other
}

// withBundledTarget returns the pipeline whose target is a bundled server,
// which needs no authentication.
func (p *Pipeline) withBundledTarget(server *bundle.Server) *Pipeline {
	s := *p.Settings
	s.Target, s.Auth, s.CloudWatch = server.URL, "", server.Place()
	return p.withSettings(&s)
}

// openCloudWatch returns the CloudWatch of the validation. A local one gets
// the alarms of a stage; a real one keeps those that its owner made.
func (p *Pipeline) openCloudWatch(ctx context.Context, server *bundle.Server) (*observed, error) {
	if server == nil {
		place := p.findPlace()
		if place == nil {
			return nil, nil
		}
		return &observed{place: *place}, p.warnUnreachable(ctx)
	}
	if p.WithoutCloudWatch || server.DescribeMetrics() == "" {
		return nil, nil
	}
	c := p.Settings.CloudWatch
	o := &observed{bundled: server, place: run.Metrics{CloudWatch: c.CloudWatch}}
	if server.CloudWatch() == "" || server.CloudWatch() != c.Endpoint {
		return o, nil
	}
	o.place.Passing, o.patience = true, local
	server.PauseMetrics()
	client, err := bundle.ConnectCloudWatch(ctx, p.Settings.CloudWatch)
	if err != nil {
		return nil, err
	}
	p.say("metrics %s, local CloudWatch on %s", server.DescribeMetrics(), server.CloudWatch())
	return o, client.Apply(ctx, telemetry.DeclaredRules(p.source()), nil, nil)
}

// warnUnreachable warns before the load when CloudWatch cannot be asked. That
// does not prevent the load, unless the settings are wrong.
func (p *Pipeline) warnUnreachable(ctx context.Context) error {
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

// findPlace returns where the metrics are, for the manifest.
func (o *observed) findPlace() *run.Metrics {
	if o == nil {
		return nil
	}
	return &o.place
}

// beginRun separates the run from what came before it. The races of the probe
// are enough to set off an alarm, so a local CloudWatch gets the metrics of
// the server only from here on.
func (o *observed) beginRun() {
	if o != nil && o.place.Passing {
		o.bundled.ResumeMetrics()
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

// pullRun pulls the metrics of the run. A failed pull is recorded in
// cloudwatch.json, for the verdict; the error is about writing that file.
func (o *observed) pullRun(ctx context.Context, p *Pipeline, dir run.Dir, m run.Manifest, rec *evidence.Recording) error {
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
	report, failed, err := p.askCloudWatch(ctx, dir, m, rec, patience)
	switch {
	case failed != nil:
		p.say("pull    %v", failed)
	case err == nil:
		p.say("pull    %s", telemetry.Reconcile(rec.Counts, &report, nil).Why)
	}
	return err
}
