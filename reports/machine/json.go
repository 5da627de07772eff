package machine

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/compare"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/probe"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/telemetry"
	"github.com/occbench/occbench/internal/ux"
	basis "github.com/occbench/occbench/internal/validity"
	"github.com/occbench/occbench/reports/view"
)

// observation is cloudwatch.json with what it comes to, for the report as JSON.
type observation struct {
	Clients   telemetry.Counts  `json:"clients"`
	Finding   telemetry.Finding `json:"finding"`
	Why       reason.Reason     `json:"why"`
	ClientP95 *float64          `json:"client_p95_ms"`
	Report    telemetry.Report  `json:"cloudwatch"`
}

// newObservation returns the pulled telemetry; nil when none was pulled.
func newObservation(run view.Run) *observation {
	if run.CloudWatch == nil {
		return nil
	}
	r := *run.CloudWatch
	r.Points, r.Alarms = listOf(r.Points), listOf(slices.Clone(r.Alarms))
	for i := range r.Alarms {
		r.Alarms[i].Changes = listOf(r.Alarms[i].Changes)
	}
	found := telemetry.Reconcile(run.Counts, run.CloudWatch, view.ClientP95(run))
	return &observation{
		Clients:   run.Counts,
		Finding:   found.Finding,
		Why:       found.Why,
		ClientP95: view.ClientP95(run),
		Report:    r,
	}
}

// object is the verdict with the run it belongs to.
type object struct {
	Verdict     gate.Result             `json:"verdict"`
	Headline    string                  `json:"headline"` // the verdict, and how many gates it rests on
	Caveats     []string                `json:"caveats"`  // what must be known before it is believed
	Run         string                  `json:"run"`
	Partial     bool                    `json:"partial"`
	Reasons     []reason.Reason         `json:"reasons"`
	Gates       []gate.Gate             `json:"gates"`
	Outcomes    map[history.Outcome]int `json:"outcomes"`
	SwitchedOff []string                `json:"switched_off"`
	Tolerated   []string                `json:"tolerated"`
	Confidence  float64                 `json:"confidence"`
	Notes       []string                `json:"notes"`

	Probe *jsonProbe   `json:"probe,omitempty"` // absent: there was no probe
	Power []view.Power `json:"power"`           // of the races by which a lost update was looked for

	Since    *jsonSince `json:"since,omitempty"`    // absent: it was not looked for
	Rollback string     `json:"rollback,omitempty"` // command; absent: none is known

	Contention *basis.Contention `json:"contention,omitempty"`
	Validity   []basis.Line      `json:"validity,omitempty"`

	WithoutCloudWatch bool         `json:"without_cloudwatch,omitempty"`
	CloudWatch        *observation `json:"telemetry,omitempty"` // absent: it was not looked for

	Generators *jsonGenerators `json:"generators,omitempty"` // absent: the run has one

	UX      *ux.Numbers `json:"ux,omitempty"`      // absent: there was no browser
	Screens []string    `json:"screens,omitempty"` // files of the run directory
}

// jsonProbe holds what the probe has proven before the load, and the races that it
// played. The operations of the proofs stand in probe.json.
type jsonProbe struct {
	Defects []jsonDefect  `json:"defects"`
	Races   []probe.Races `json:"races"`
}

type jsonDefect struct {
	ID       check.ID `json:"id"`
	Sentence string   `json:"sentence"`
}

func newJSONProbe(r *probe.Result) *jsonProbe {
	if r == nil {
		return nil
	}
	p := &jsonProbe{Defects: []jsonDefect{}, Races: listOf(r.Races)}
	for i := range r.Defects {
		p.Defects = append(p.Defects, jsonDefect{r.Defects[i].ID, r.Defects[i].Sentence})
	}
	return p
}

// jsonSince holds the changes since the last comparable run.
type jsonSince struct {
	Base       string          `json:"base,omitempty"` // absent: there is none
	Word       string          `json:"word"`
	Sentence   string          `json:"sentence"`
	Comparison *compare.Report `json:"comparison,omitempty"`
}

func newJSONSince(run view.Run) *jsonSince {
	if run.Since == nil {
		return nil
	}
	s := &jsonSince{Base: run.Since.Base}
	s.Word, s.Sentence = view.SinceWords(run)
	if run.Since.Comparison != nil {
		c := listComparison(*run.Since.Comparison)
		s.Comparison = &c
	}
	return s
}

// JSON writes verdict.json and the run's directory as one object, indented, with
// a line end. Rates are ratios 0–1; a bound that does not exist is null. No list
// is null.
func JSON(w io.Writer, run view.Run) error {
	v := run.Verdict
	o := object{
		Verdict: v.Verdict, Headline: view.Headline(string(v.Verdict), v), Caveats: listOf(view.Caveats(run)),
		Run: run.Directory, Partial: v.Partial,
		Reasons: listOf(v.Reasons), Gates: listOf(v.Gates), Outcomes: v.Outcomes,
		SwitchedOff: listOf(v.SwitchedOff), Tolerated: listOf(v.Tolerated), Confidence: v.Confidence,
		Notes:      listOf(run.Notes),
		Contention: listContention(v.Contention), Validity: v.Validity,
		WithoutCloudWatch: v.WithoutCloudWatch, CloudWatch: newObservation(run),
		UX: listUX(run.UX), Screens: view.ScreenPaths(run),
	}
	o.Probe, o.Power = newJSONProbe(run.Probe), listOf(view.ListPowers(run))
	o.Since, o.Generators = newJSONSince(run), newJSONGenerators(run)
	o.Rollback, _ = view.DescribeRollback(run)
	if o.Outcomes == nil {
		o.Outcomes = map[history.Outcome]int{}
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(o); err != nil {
		return fmt.Errorf("writing the report as JSON: %w", err)
	}
	return nil
}

// listContention returns a comparison with the prediction in which the list of causes is not nil.
func listContention(c *basis.Contention) *basis.Contention {
	if c == nil {
		return nil
	}
	listed := *c
	listed.Causes = listOf(c.Causes)
	return &listed
}

// listUX returns what people in browsers met, with a list and with tables even where they are empty.
func listUX(n *ux.Numbers) *ux.Numbers {
	if n == nil {
		return nil
	}
	c := *n
	c.Failures = listOf(c.Failures)
	if c.Outcomes == nil {
		c.Outcomes = map[string]int{}
	}
	if c.Toasts == nil {
		c.Toasts = map[string]int{}
	}
	return &c
}

// listOf returns a list as it is, or an empty one in place of nil, which JSON would call null.
func listOf[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}
