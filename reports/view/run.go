// Package view is what reports show of a run, of a comparison and of a folder of
// runs: the facts with their names, the sentences, the answers in their order.
//
// Its opinion: what is shown is decided here once, so that all formats say the
// same. A view holds no threshold and decides nothing; it knows no markup, no
// column and no colour.
package view

import (
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/compare"
	"github.com/occbench/occbench/internal/evidence"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/noun"
	"github.com/occbench/occbench/internal/probe"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/telemetry"
	"github.com/occbench/occbench/internal/trend"
	"github.com/occbench/occbench/internal/ux"
	basis "github.com/occbench/occbench/internal/validity"
)

// Run is all that a report may show. What is absent is left out or named as
// missing; every report can be drawn of the zero Run.
type Run struct {
	Directory  string              // of the run, as the user knows it
	Words      noun.Words          // of the API under test
	Alone      bool                // Directory is a history that another program may have recorded, and nothing else
	Manifest   *run.Manifest       // nil: there is none
	Numbers    *measure.Numbers    // nil: there is no history
	Timeline   *measure.Timeline   // nil: nothing is drawn over time and by record
	Course     *basis.Course       // conflicts over time; nil: no calls could be replayed
	Past       []trend.Run         // the last runs that it can be compared with, oldest first, itself the last
	Anomalies  *check.Report       // what the checker found; nil: the history has not been checked
	Probe      *probe.Result       // what the probe found before the load; nil: there was none
	Verdict    gate.Verdict        //
	UX         *ux.Numbers         // nil: there was no browser
	Screens    []Screen            // screenshots of the first conflict, in their order
	Generators evidence.Generators // that made the load; empty: one did
	Notes      []string            // warnings of the stages, worth a line each

	Since   *Since // what changed; nil: it was not looked for
	Release string // path of the release file that leads back; empty: none is known
	Script  string // path of the script that plays the gravest anomaly again; empty: there is none
	Undone  bool   // the release that the run validated has gone back by itself

	CloudWatch *telemetry.Report // nil: the server's own metrics and alarms were not looked at
	Counts     telemetry.Counts  // what the clients know of the attempts, beside CloudWatch's counts
}

// Since holds the changes since the last run that this one can be compared with.
type Since struct {
	Base       string          // name of that run; empty: there is none
	Comparison *compare.Report // nil: they could not be compared
	Why        string          // there is none, or they could not be
}

// Screen is a screenshot of the board.
type Screen struct {
	Path string // in the run's directory
	PNG  []byte
}

var Captions = map[string]string{
	"before": "Before the update",
	"toast":  "Refused: another client was faster",
	"after":  "Afterwards, equal to the server",
}

func ScreenPaths(run Run) []string {
	var paths []string
	for _, s := range run.Screens {
		paths = append(paths, s.Path)
	}
	return paths
}
