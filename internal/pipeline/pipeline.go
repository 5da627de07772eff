// Package pipeline chains the stages of the main job: probe, seed, run, check,
// gate, report.
//
// The run directory is the interface between the stages. Each stage is one call
// that reads files of it and writes its own, so any of them can be repeated on
// an old run, and a stage that could not do its work becomes evidence for the
// verdict instead of an exit in the middle.
package pipeline

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/occbench/occbench/internal/auth"
	"github.com/occbench/occbench/internal/bundle"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/live"
	"github.com/occbench/occbench/internal/settings"
	"github.com/occbench/occbench/internal/study"
	"github.com/occbench/occbench/internal/telemetry"
	"github.com/occbench/occbench/reports/view"
)

// Pipeline is one invocation: what is wanted, and what may be touched.
type Pipeline struct {
	Settings *settings.Settings // never changed: a stage that derives others makes another Pipeline
	Version  string             // of occbench
	K6       string             // version of the k6 inside
	Now      func() time.Time   //
	Talk     io.Writer          // what occbench says about its work
	Live     live.Show          // shows how far the work has come; nil: it is not shown
	K6Args   []string           // what the user wrote after --
	Force    bool               // run also what the plan says is in vain
	Divided  bool               // the target serves two builds on purpose, as in a canary
	Policy   gate.Policy        // by which a run is judged while it goes on

	Loading func(dir string, on bool) // hears when the load of a run directory begins and ends; nil: not told

	Lines             io.Writer     // embedded metrics of the bundled server go here; nil: they are not read
	Evaluation        time.Duration // between two looks of a local CloudWatch at its alarms; a minute when 0
	WithoutCloudWatch bool          // metrics and alarms are not looked at, whatever the settings say

	shot   live.Snapshot // what is known of the work
	made   []string      // ids of the records that were seeded, where no list tells them
	signer *auth.Signer  // of the requests; nil: they are not signed, or none was sent yet
}

// withSettings returns a pipeline with other settings.
func (p *Pipeline) withSettings(s *settings.Settings) *Pipeline {
	other := *p
	other.Settings = s
	return &other
}

// say writes one line about the work.
func (p *Pipeline) say(format string, args ...any) {
	fmt.Fprintf(p.Talk, format+"\n", args...)
}

// Serve starts the bundled server that the settings describe on an address.
func (p *Pipeline) Serve(ctx context.Context, addr string, log *slog.Logger) (*bundle.Server, error) {
	return bundle.Serve(ctx, bundle.Options{
		Settings: p.Settings, Addr: addr, Build: p.Version, Now: p.Now, Log: log, Lines: p.Lines, Evaluation: p.Evaluation,
	})
}

// source says where the metrics of the target are.
func (p *Pipeline) source() telemetry.Source {
	return telemetry.Source(p.Settings.CloudWatch.CloudWatch)
}

// StudyBackoff prices backoff policies against the target of the settings, or on a
// simulated server where there is none.
func (p *Pipeline) StudyBackoff(ctx context.Context, o study.Options) (view.BackoffStudy, error) {
	o.RandSeed = p.Settings.RandSeed
	if p.Settings.Target == "" {
		return study.CompareBackoffs(ctx, o, nil, p.say)
	}
	target, err := p.newClientConfig(ctx)
	if err != nil {
		return view.BackoffStudy{}, err
	}
	return study.CompareBackoffs(ctx, o, &study.Target{Client: target, Record: p.seedOptions(1)}, p.say)
}
