package compare

import (
	"fmt"
	"strings"

	"github.com/occbench/occbench/internal/evidence"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/noun"
	"github.com/occbench/occbench/internal/run"
)

// Side is one of the two runs.
type Side struct {
	Directory string
	Manifest  *run.Manifest // nil: there is none
	Verdict   gate.Result   // empty: there is none
	Numbers   measure.Numbers

	gates     []gate.Gate    // of the verdict
	anomalies map[string]int // proven, by invariant; nil: not known
	unchecked string         // why not
	samples   measure.Samples
	words     noun.Words // of the API
}

// Open reads a run with the values that a comparison needs: at most 16 MiB per
// class of latencies.
func Open(dir run.Dir) (*evidence.Evidence, error) {
	return evidence.Open(dir, evidence.Options{Policy: gate.Default(), Any: true, Samples: true})
}

// NewSide returns the numbers of a run that are compared. It returns an error
// for a run without a history.
func NewSide(e *evidence.Evidence) (*Side, error) {
	s := &Side{Directory: e.Dir.Path(), Manifest: e.Manifest, words: e.Words()}
	if e.Recording == nil {
		return nil, fmt.Errorf("reading run %s: %s", e.Dir.Path(), e.Dir.Missing(run.HistoryFile))
	}
	s.Numbers, s.samples = e.Recording.Numbers, *e.Recording.Samples
	if e.Verdict != nil {
		s.Verdict, s.gates = e.Verdict.Verdict, e.Verdict.Gates
	}
	s.anomalies, s.unchecked = countProven(e)
	return s, nil
}

// countProven returns how often each invariant was broken, in the probe and in the
// load, or why that is not known.
func countProven(e *evidence.Evidence) (anomalies map[string]int, unchecked string) {
	switch found := e.Checked; {
	case found == nil:
		return nil, e.Dir.Missing(run.AnomaliesFile).String()
	case !e.Doubtful[run.AnomaliesFile].IsZero():
		return nil, e.Dir.Path() + ": " + e.Doubtful[run.AnomaliesFile].String()
	case !found.Judged:
		return nil, "the history of " + e.Dir.Path() + " was not judged: " + strings.Join(found.Why, "; ")
	}
	anomalies = map[string]int{}
	for i := range e.Checked.Anomalies {
		anomalies[e.Checked.Anomalies[i].ID.String()] = int(e.Checked.Anomalies[i].Count)
	}
	for _, p := range e.Proven() {
		anomalies[p.ID]++
	}
	return anomalies, ""
}
