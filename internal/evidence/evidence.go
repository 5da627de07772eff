// Package evidence is everything that a run directory says, read once.
//
// A Recording is what the history of a run says: all judges ride one pass over
// its file, so none of them reads it by itself. Evidence is the recording with
// the other files of the run beside it. Gates, comparisons, trends and reports
// take evidence and read no file.
//
// Its opinion: a number is computed once. evidence.json keeps those of a
// recording with the hashes of the files that they were made from; where these
// are still the same the file is taken, and otherwise the history is read anew.
//
// The package stands above the judges because it knows all of them; package run
// stands below because they know a run's Spec.
package evidence

import (
	"maps"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/noun"
	"github.com/occbench/occbench/internal/probe"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/release"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/telemetry"
	"github.com/occbench/occbench/internal/ux"
)

// Evidence is everything that a run directory says. What is absent is nil.
type Evidence struct {
	Dir      run.Dir
	Manifest *run.Manifest
	Verdict  *gate.Verdict

	Recording  *Recording // nil: there is no history, or it was not asked for
	Checked    *check.Report
	Probe      *probe.Result
	CloudWatch *telemetry.Report // where the manifest names one that was never asked, the report says so
	UX         *ux.Numbers       // nil: nothing was noted, or there was no browser
	Generators Generators
	Release    *release.Summary // of the release that the run validated

	Doubtful map[string]reason.Reason // by file: why it cannot be believed
	Missing  reason.Reason            // which files a verdict needs that are not there; none where all are
	sums     map[string]string        // hashes of what a verdict rests on, by file
}

// HasBrowsers reports whether people in browsers took part.
func (e *Evidence) HasBrowsers() bool { return e.Manifest != nil && e.Manifest.Spec.Browser > 0 }

// Words returns the nouns of the API that the run spoke; those of no API where it is
// not known.
func (e *Evidence) Words() noun.Words {
	if e.Manifest == nil {
		return noun.Words{}
	}
	return e.Manifest.Spec.Words()
}

// Sums returns the hashes of the files that a verdict on the evidence rests on, by
// name.
func (e *Evidence) Sums() map[string]string { return maps.Clone(e.sums) }
