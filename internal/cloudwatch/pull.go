package cloudwatch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/telemetry"
	"github.com/occbench/occbench/internal/wait"
)

// PullOptions say what to pull. Client, Source, Start and End are required.
type PullOptions struct {
	Client     *Client
	Source     telemetry.Source
	Start, End time.Time        // of the run
	Want       telemetry.Counts // what the clients know
	Now        func() time.Time // time.Now
	Wait       func(context.Context, time.Duration) error
	Quiet      time.Duration // counts that do not change for so long are settled; 60 s
	Deadline   time.Duration // for the counts to settle; 5 min
	Evaluation time.Duration // between two evaluations of an alarm; 65 s, which is CloudWatch's minute and a margin
	Say        func(format string, args ...any)
}

// Data by the second is kept for three hours, by the minute for 15 days. Of a run
// that has just ended, data may be late, and alarms may fire for minutes.
const (
	secondsKept = 3*time.Hour - 5*time.Minute
	minutesKept = 15 * 24 * time.Hour
	aftermath   = 5 * time.Minute
	fresh       = 15 * time.Minute
)

func (o *PullOptions) setDefaults() {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Wait == nil {
		o.Wait = wait.For
	}
	if o.Say == nil {
		o.Say = func(string, ...any) {}
	}
	for _, d := range []struct {
		field *time.Duration
		value time.Duration
	}{{&o.Quiet, time.Minute}, {&o.Deadline, 5 * time.Minute}, {&o.Evaluation, 65 * time.Second}} {
		if *d.field <= 0 {
			*d.field = d.value
		}
	}
}

// Pull fetches what the server said about a run. A report is returned in any
// case; beside an error, the report's own Error says the same, so that the gate
// can tell that it was asked for and not had.
func Pull(ctx context.Context, o PullOptions) (telemetry.Report, error) {
	o.setDefaults()
	p := &puller{PullOptions: o, report: telemetry.Report{
		Format: telemetry.Format, Source: o.Source, Window: telemetry.RunWindow(o.Start, o.End),
		Points: []telemetry.Point{}, Alarms: []telemetry.Alarm{},
	}}
	p.report.Source.Region, p.report.Source.Endpoint = o.Client.Region(), o.Client.Endpoint()
	err := p.pull(ctx)
	p.report.Pulled = o.Now().UTC()
	if err != nil {
		p.report.Error = err.Error()
	}
	return p.report, err
}

type puller struct {
	PullOptions
	report telemetry.Report
}

func (p *puller) pull(ctx context.Context) error {
	if err := p.checkWindow(); err != nil {
		return err
	}
	if err := p.awaitCounts(ctx); err != nil {
		return err
	}
	if err := p.fetchPicture(ctx); err != nil {
		return err
	}
	// An alarm is a matter of its own: without the right to read them, the
	// counts are still evidence.
	if err := p.fetchAlarms(ctx); err != nil {
		p.report.AlarmsError = err.Error()
	}
	return nil
}

func (p *puller) checkWindow() error {
	age := p.Now().Sub(p.Start)
	doing := "pulling the run of " + p.Start.UTC().Format(time.RFC3339)
	switch {
	case p.End.Before(p.Start):
		return &exit.Problem{Doing: doing, Cause: errors.New("it ended before it began"), Next: "check start and end in manifest.json"}
	case age < 0:
		return &exit.Problem{Doing: doing, Cause: fmt.Errorf("it lies %s in the future", -age.Round(time.Second)),
			Next: "compare this machine's clock with the one that made the run"}
	case age > minutesKept:
		return &exit.Problem{Doing: doing, Cause: errors.New("CloudWatch keeps data by the minute for 15 days, and it is older"),
			Next: "use `occbench gate --without-cloudwatch`"}
	}
	return nil
}

// awaitCounts asks for the counts until they are the clients' or have come to rest.
func (p *puller) awaitCounts(ctx context.Context) error {
	begun := p.Now()
	settling := telemetry.Settling{Want: p.Want, Quiet: p.Quiet, Fresh: begun.Sub(p.End) < fresh}
	var incomplete error
	for {
		p.report.Looks++
		err := p.fetchCounts(ctx)
		now := p.Now()
		switch {
		case isTransient(err):
			incomplete = err
		case err != nil:
			return err
		default:
			incomplete = nil
			if p.report.Settled = settling.Observe(now, p.report.Server); p.report.Settled != telemetry.Unsettled {
				return nil
			}
		}
		next := p.interval()
		if now.Add(next).Sub(begun) > p.Deadline {
			p.report.Settled = telemetry.Restless
			return incomplete
		}
		if p.report.Looks == 2 {
			p.tellWait(incomplete)
		}
		if err := p.Wait(ctx, next); err != nil {
			return &exit.Problem{Doing: "waiting for CloudWatch's data to settle", Cause: err, Next: "pull again with `occbench pull RUN`"}
		}
	}
}

// tellWait says what is waited for: an absent count is not 0.
func (p *puller) tellWait(incomplete error) {
	if incomplete != nil {
		p.Say("%v; asking again for up to %s", incomplete, p.Deadline)
		return
	}
	p.Say("CloudWatch counts %d attempts so far, the clients made %d; waiting for its data to settle", p.report.Server.Attempts,
		p.Want.Attempts)
}

// interval is the time to the next look: often at first, since data is mostly
// there within seconds, and never longer than half the quiet that settles.
func (p *puller) interval() time.Duration {
	wait := time.Second << min(p.report.Looks-1, 6)
	return max(min(wait, p.Quiet/2), 10*time.Millisecond)
}

// fetchCounts fetches the counts: by the second where the emitter stores them so and
// CloudWatch still has them, else by the minute.
func (p *puller) fetchCounts(ctx context.Context) error {
	if p.Now().Sub(p.Start) < secondsKept {
		seconds, err := p.fetchCountsBy(ctx, time.Second)
		if err != nil {
			return err
		}
		if seconds.fine {
			p.report.GrainS, p.report.Server = 1, seconds.Server
			return nil
		}
	}
	minutes, err := p.fetchCountsBy(ctx, time.Minute)
	if err == nil {
		p.report.GrainS, p.report.Server = 60, minutes.Server
	}
	return err
}

// counted are the counts of the window, and whether data lies between the full
// minutes, which only data by the second does.
type counted struct {
	telemetry.Server
	fine bool
}

func (p *puller) fetchCountsBy(ctx context.Context, grain time.Duration) (counted, error) {
	w := p.report.Window.Widen(grain)
	points, err := p.Client.fetch(ctx, w, grain, []query{
		{"attempts", p.Source.Metric(telemetry.Latency), "SampleCount"},
		{"conflicts", p.Source.Metric(telemetry.Conflicts), "Sum"},
		{"samples", p.Source.Metric(telemetry.Conflicts), "SampleCount"},
	})
	if err != nil {
		return counted{}, err
	}
	c := counted{fine: slices.ContainsFunc(append(points["attempts"], points["samples"]...),
		func(at point) bool { return at.at.Second() != 0 })}
	var errs [3]error
	c.Attempts, errs[0] = sumWithin(points["attempts"], w)
	c.Conflicts, errs[1] = sumWithin(points["conflicts"], w)
	c.ConflictSamples, errs[2] = sumWithin(points["samples"], w)
	return c, errors.Join(errs[:]...)
}
