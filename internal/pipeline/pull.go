package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/occbench/occbench/internal/bundle"
	"github.com/occbench/occbench/internal/cloudwatch"
	"github.com/occbench/occbench/internal/evidence"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/telemetry"
)

// Patience says how long CloudWatch's data may take. The zero Patience is that
// for the real service, whose data comes late.
type Patience struct {
	Quiet      time.Duration // counts that do not change for so long are settled
	Deadline   time.Duration // for them to settle
	Evaluation time.Duration // of the alarms after the last data
}

// local is the patience with an endpoint of this process: what was flushed is
// there, and its alarms are judged every second.
var local = Patience{Quiet: 500 * time.Millisecond, Deadline: 3 * time.Second, Evaluation: evaluation + 100*time.Millisecond}

// evaluation is how often the local endpoint of a validation judges its alarms.
// A run may be shorter than the minute that CloudWatch takes.
const evaluation = time.Second

// hurried is the patience after an interrupt.
var hurried = Patience{Quiet: 5 * time.Second, Deadline: 10 * time.Second, Evaluation: time.Second}

// Pull fetches what CloudWatch says of a run and writes cloudwatch.json. Without
// settings of its own it asks where the run's manifest says. The report is
// written also when CloudWatch could not be asked, so that the verdict can tell,
// but never over an earlier one that could.
func (p *Pipeline) Pull(ctx context.Context, dir run.Dir) (telemetry.Report, telemetry.Counts, error) {
	m, err := dir.ReadManifest()
	if err != nil {
		return telemetry.Report{}, telemetry.Counts{}, err
	}
	there, err := p.withPlaceOf(m.CloudWatch)
	if err != nil {
		return telemetry.Report{}, telemetry.Counts{}, err
	}
	rec, err := evidence.LoadRecording(dir, evidence.Options{Policy: gate.Default(), Any: true})
	if err == nil && rec == nil {
		err = fmt.Errorf("pulling: %s", dir.Missing(run.HistoryFile))
	}
	if err != nil {
		return telemetry.Report{}, telemetry.Counts{}, err
	}
	report, failed, err := there.askCloudWatch(ctx, dir, m, rec, Patience{})
	return report, rec.Counts, errors.Join(failed, err)
}

// askCloudWatch asks the CloudWatch of the settings about a run. failed is the
// error of asking, which the report contains too; err is that of writing the
// run's own files.
func (p *Pipeline) askCloudWatch(
	ctx context.Context,
	dir run.Dir,
	m run.Manifest,
	rec *evidence.Recording,
	patience Patience,
) (report telemetry.Report, failed, err error) {
	if rec.Counts.Attempts == 0 && patience == (Patience{}) {
		patience = hurried // there is nothing to wait for
	}
	report, failed = p.pullMetrics(ctx, cloudwatch.PullOptions{
		Source: p.source(), Start: m.Start, End: rec.End(&m), Want: rec.Counts, Now: p.Now, Say: p.say,
		Quiet: patience.Quiet, Deadline: patience.Deadline, Evaluation: patience.Evaluation,
	})
	if failed != nil {
		var earlier telemetry.Report
		if err := dir.ReadJSON(run.CloudWatchFile, &earlier); err == nil && earlier.Error == "" {
			return report, fmt.Errorf("%w; the earlier %s is kept", failed, dir.File(run.CloudWatchFile)), nil
		}
	}
	report.History = rec.History()
	if err := dir.WriteSealed(run.CloudWatchFile, &report); err != nil {
		return report, failed, err
	}
	return report, failed, copyTelemetry(dir)
}

// pullMetrics connects to CloudWatch and pulls the metrics. It always returns
// a report.
func (p *Pipeline) pullMetrics(ctx context.Context, o cloudwatch.PullOptions) (telemetry.Report, error) {
	client, err := bundle.ConnectCloudWatch(ctx, p.Settings.CloudWatch)
	if err != nil {
		return telemetry.Report{
			Format: telemetry.Format, Pulled: p.Now().UTC(), Source: o.Source, Error: err.Error(),
			Window: telemetry.RunWindow(o.Start, o.End), Points: []telemetry.Point{}, Alarms: []telemetry.Alarm{},
		}, err
	}
	o.Client = client
	return cloudwatch.Pull(ctx, o)
}

// withPlaceOf returns the pipeline with settings that take from a manifest
// what they leave open about the place of the metrics.
func (p *Pipeline) withPlaceOf(m *run.Metrics) (*Pipeline, error) {
	if m == nil {
		return p, nil
	}
	s := *p.Settings
	if m.Passing && s.Source("aws-endpoint").Kind != "flag" && s.Source("aws-region").Kind != "flag" {
		return p, &UsageError{
			"the CloudWatch endpoint of this run was a local one that ended with it; what it said stands in cloudwatch.json. Give " +
				"--aws-endpoint or --aws-region to ask another",
		}
	}
	for _, row := range []struct {
		name  string
		field *string
		value string
	}{
		{"aws-region", &s.CloudWatch.Region, m.Region}, {"aws-endpoint", &s.CloudWatch.Endpoint, m.Endpoint},
		{"namespace", &s.CloudWatch.Namespace, m.Namespace}, {"stage", &s.CloudWatch.Stage, m.Stage},
		{"function", &s.CloudWatch.Function, m.Function},
	} {
		if !s.IsGiven(row.name) && row.value != "" {
			*row.field = row.value
		}
	}
	return p.withSettings(&s), nil
}

// placeOf is where the metrics of a subject are. What the settings say is about a
// target and not about the bundled server, which has a store that we know.
func (p *Pipeline) placeOf(s Subject) *run.Metrics {
	if s.CloudWatch != nil || s.Bundled {
		return s.CloudWatch
	}
	return p.findPlace()
}

// findPlace returns where the metrics of the target are, for the manifest; nil
// when that is unknown.
func (p *Pipeline) findPlace() *run.Metrics {
	if p.WithoutCloudWatch || !p.Settings.HasCloudWatch() {
		return nil
	}
	c := p.Settings.CloudWatch
	return &run.Metrics{CloudWatch: c.CloudWatch}
}
