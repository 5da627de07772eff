// Package reports draws what was decided about a run, one file per format.
//
// Its opinion: a report holds no threshold and decides nothing, so that all
// formats say the same. The verdict comes first, then the reason, then the
// numbers. Whatever came from the target is shown without control characters.
package reports

import (
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/probe"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/telemetry"
	"github.com/occbench/occbench/internal/ux"
)

// Run is all that a report may show. What is absent is left out or named as
// missing; every report can be drawn of the zero Run.
type Run struct {
	Directory string            // of the run, as the user knows it
	Manifest  *run.Manifest     // nil: there is none
	Numbers   *measure.Numbers  // nil: there is no history
	Timeline  *measure.Timeline // nil: nothing is drawn over time and by card
	Findings  *check.Report     // nil: the history has not been checked
	Probe     *probe.Result     // what the probe found before the load; nil: there was none
	Verdict   gate.Verdict      //
	UX        *ux.Numbers       // nil: there was no browser
	Screens   []Screen          // screenshots of the first conflict, in their order
	Notes     []string          // warnings of the stages, worth a line each

	Since   *Since // what changed; nil: nobody looked
	Release string // path of the release file that leads back; empty: none is known
	Undone  bool   // the release that the run validated has gone back by itself

	CloudWatch *telemetry.Report // nil: nobody looked at the server's own metrics and alarms
	Counts     telemetry.Counts  // what the clients know of the attempts, beside CloudWatch's counts
}
