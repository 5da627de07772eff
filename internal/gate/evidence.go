package gate

import (
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/telemetry"
	"github.com/occbench/occbench/internal/ux"
	"github.com/occbench/occbench/internal/validity"
)

// Evidence is all that is known of a run.
type Evidence struct {
	Numbers   *measure.Numbers // nil: there is no history
	Anomalies *Anomalies       // nil: the history has not been checked
	Probed    []Proven         // what the probe proved before the load
	Run       Facts
	Validity  *validity.Report // what the numbers rest on; nil: it was not looked for
	Decided   []Decision       // by looks at the run while it went on
	Cooler    []string         // what would make the load cool enough for the limit of the conflict rate, each alone

	UX *Screens // what people in browsers met; nil: there was no browser

	CloudWatch *telemetry.Report // what the server said about itself; nil: it was not asked
	Counts     telemetry.Counts  // what the clients know of the same attempts
}

// Screens holds what people in browsers met. Numbers is nil when nothing was
// noted although there was a browser.
type Screens struct {
	Numbers *ux.Numbers
}

// Decision is the result of a gate that was decided while the run went on. It stands, whatever
// came after it: its bounds hold at every look at once.
type Decision struct {
	Gate       string
	Verdict    Result
	Reason     reason.Reason
	AfterS     float64 // since the run's base
	Limit      float64 // that it was decided against
	Confidence float64
	Before     int64 // it rests on the operations that began before this moment, in ns since the base
}

// Anomalies counts the findings of the checker.
type Anomalies struct {
	Judged     bool              // false: the history could not be judged, or not wholly
	Reason     string            // why not
	Operations int               // operations judged
	Count      map[string]int    // proven anomalies by invariant id
	Sentences  map[string]string // the clearest case of each id
	Shared     bool              // others were said to update the records too: only what holds all the same was looked for
	Foreign    int               // versions that they must have made
}

// Proven is an invariant that the probe has proven broken.
type Proven struct {
	ID       string
	Sentence string
}

// Facts say what became of the run itself. The zero Facts are those of a run
// that went through.
type Facts struct {
	Interrupted string    // why the run ended before its time; empty: it did not
	Failed      []Failure // stages that could not do their work
	Dropped     int64     // operations that happened and were not recorded
	Truncated   bool      // the history ends within a line

	Caveats []reason.Reason // what else forbids a PASS: another build, files that are missing, changed or of another run
}

// Failure is a stage that could not do its work.
type Failure struct {
	Stage  string
	Reason string
}

// isPartial reports whether less was run than was declared.
func (f Facts) isPartial() bool { return f.Interrupted != "" || f.Truncated }

// explainVoid returns why no gate can be judged on what was recorded; none when the gates can. A
// history with holes is not a smaller history: the holes come when the machine is busiest, and to
// the checker an update that was not recorded is a version without an owner.
func (e Evidence) explainVoid() reason.Reason {
	switch {
	case e.Run.Dropped > 0:
		return reason.New("holes", "n", e.Run.Dropped)
	case e.Numbers == nil:
		return reason.New("no_history")
	case e.Numbers.Attempts == 0:
		return reason.New("no_updates")
	}
	return reason.Reason{}
}
