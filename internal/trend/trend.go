// Package trend lines up the runs of a folder and finds where their numbers
// changed.
//
// Its opinion: only runs under the same load are on one line, the others are
// listed with what makes them different; and a change is where the whole
// distribution of the runs before differs from that of the runs after, tested by
// permutation, not where a curve seems to bend.
package trend

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/sanitize"
	"github.com/occbench/occbench/internal/stats"
)

// Least is how many comparable runs change points need.
const Least = 10

// most is how many runs, the latest, are searched for changes: the search takes
// the square of them.
const most = 200

// level is the chance of one change too many, over all metrics together.
const level = 0.05

// Run is one run of the folder.
type Run struct {
	Name       string                 `json:"name"` // of its directory
	Start      time.Time              `json:"start,omitzero"`
	Build      string                 `json:"build"`
	Fault      string                 `json:"fault,omitempty"`
	Verdict    gate.Result            `json:"verdict"` // empty: not judged
	Gates      map[string]gate.Result `json:"gates,omitempty"`
	Updates    int                    `json:"updates"`
	Values     map[string]*float64    `json:"values"`            // by gate; nil where a run has none
	Seconds    float64                `json:"seconds,omitempty"` // how long it took
	Reason     string                 `json:"reason,omitempty"`  // of the verdict, the first
	Comparable bool                   `json:"comparable"`
	Unlike     bool                   `json:"unlike,omitempty"` // it went through, and under another load than the reference
	Why        string                 `json:"why,omitempty"`    // it is not comparable
	Report     string                 `json:"report,omitempty"` // file of the run that shows it

	manifest *run.Manifest
}

// Metric is one number over the comparable runs.
type Metric struct {
	Name    string     `json:"name"` // of a gate
	Unit    gate.Unit  `json:"unit"`
	Values  []*float64 `json:"values"`
	Changes []Change   `json:"changes"`
}

// Change is a place where a metric changed.
type Change struct {
	At          int     `json:"at"`    // index of the first changed one among the comparable runs
	Run         string  `json:"run"`   // its name
	Build       string  `json:"build"` // and what it tested
	BuildBefore string  `json:"build_before"`
	Before      float64 `json:"before"` // median since the change before
	After       float64 `json:"after"`  // median up to the next one
	Worse       bool    `json:"worse"`
	P           float64 `json:"p"`
}

// Report is a folder's runs, oldest first.
type Report struct {
	Directory string   `json:"directory"`
	Reference string   `json:"reference"` // the run that the others are like; empty: none is complete
	Runs      []Run    `json:"runs"`
	Metrics   []Metric `json:"metrics"`
	Notes     []string `json:"notes"`
}

// Gates returns the gates with a number that can drift.
func Gates() []gate.Rule {
	return slices.DeleteFunc(gate.Rules(), func(r gate.Rule) bool { return !r.Trend })
}

// Read reads the runs of a folder: their manifests and verdicts, no histories.
// A run that cannot be read is listed with the reason.
func Read(directory string) (Report, error) {
	r := Report{Directory: directory, Runs: []Run{}, Metrics: []Metric{}, Notes: []string{}}
	dirs, err := run.ListDirs(directory)
	if err != nil {
		return r, err
	}
	for _, d := range dirs {
		r.Runs = append(r.Runs, readRun(d))
	}
	r.markComparable()
	r.fillMetrics()
	sanitize.Texts(&r)
	return r, nil
}

// ListComparable returns the runs that are comparable with each other.
func (r *Report) ListComparable() []Run {
	var all []Run
	for _, run := range r.Runs {
		if run.Comparable {
			all = append(all, run)
		}
	}
	return all
}

// fillMetrics computes the metrics and their changes.
func (r *Report) fillMetrics() {
	runs := r.ListComparable()
	switch n := len(runs); {
	case n < Least:
		r.Notes = append(r.Notes, fmt.Sprintf("change points need %d comparable runs; there are %d", Least, n))
	case n > most:
		r.Notes = append(r.Notes, fmt.Sprintf("change points are searched for in the latest %d runs", most))
	}
	drifting := Gates()
	for _, g := range drifting {
		m := Metric{Name: g.Name, Unit: g.Unit, Changes: []Change{}}
		for _, run := range runs {
			m.Values = append(m.Values, run.Values[g.Name])
		}
		if slices.ContainsFunc(m.Values, func(v *float64) bool { return v != nil }) {
			m.findChanges(runs, level/float64(len(drifting)))
			r.Metrics = append(r.Metrics, m)
		}
	}
}

// findChanges finds the changes among the runs that have the number, each
// clearer than chance at the level.
func (m *Metric) findChanges(runs []Run, level float64) {
	var at []int
	var values []float64
	for i, v := range m.Values {
		if v != nil && i >= len(runs)-most {
			at, values = append(at, i), append(values, *v)
		}
	}
	if len(values) < Least {
		return
	}
	points := Divide(values, level)
	for i, p := range points {
		from, to := 0, len(values)
		if i > 0 {
			from = points[i-1].At
		}
		if i+1 < len(points) {
			to = points[i+1].At
		}
		first, before := runs[at[p.At]], runs[at[p.At-1]]
		c := Change{At: at[p.At], Run: first.Name, Build: nameBuild(first), BuildBefore: nameBuild(before),
			Before: stats.Median(values[from:p.At]), After: stats.Median(values[p.At:to]), P: p.P}
		c.Worse = c.After > c.Before
		m.Changes = append(m.Changes, c)
	}
}

// nameBuild names what a run tested; a fault on purpose is part of it.
func nameBuild(r Run) string {
	return strings.TrimSpace(strings.Join([]string{r.Build, nameFault(r.Fault)}, " "))
}

func nameFault(f string) string {
	if f == "" {
		return ""
	}
	return "with fault " + f
}
