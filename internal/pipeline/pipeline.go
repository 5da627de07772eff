// Package pipeline chains the stages of the main job: probe, seed, run, check,
// gate, report.
//
// The run directory is the interface between the stages. Each stage is one call
// that reads files of it and writes its own, so any of them can be repeated on
// an old run, and a stage that could not do its work becomes evidence for the
// verdict instead of an exit in the middle.
package pipeline

import (
	"fmt"
	"io"
	"time"

	"github.com/occbench/occbench/internal/auth"
	"github.com/occbench/occbench/internal/live"
	"github.com/occbench/occbench/internal/settings"
	"github.com/occbench/occbench/internal/watch"
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
	Watch    watch.Ends         // what ends a run before its time

	Lines             io.Writer     // embedded metrics of the bundled server go here; nil: nobody reads them
	Evaluation        time.Duration // between two looks of a local CloudWatch at its alarms; a minute when 0
	WithoutCloudWatch bool          // metrics and alarms are not looked at, whatever the settings say

	shot   live.Snapshot // what is known of the work
	signer *auth.Signer  // of the requests; nil: they are not signed, or none was sent yet
}

// with returns a pipeline with other settings.
func (p *Pipeline) with(s *settings.Settings) *Pipeline {
	other := *p
	other.Settings = s
	return &other
}

// say writes one line about the work.
func (p *Pipeline) say(format string, args ...any) {
	fmt.Fprintf(p.Talk, format+"\n", args...)
}
