package machine

import (
	"encoding/json"
	"fmt"
	"io"

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

// newObservation returns the pulled telemetry in a form that is safe to show;
// nil when none was pulled.
func newObservation(run view.Run) *observation {
	if run.CloudWatch == nil {
		return nil
	}
	r := *run.CloudWatch
	r.Error, r.AlarmsError, r.Hint = view.CleanText(r.Error), view.CleanText(r.AlarmsError), view.CleanText(r.Hint)
	r.Source.Region, r.Source.Endpoint = view.CleanText(r.Source.Region), view.CleanText(r.Source.Endpoint)
	r.Source.Namespace = view.CleanText(r.Source.Namespace)
	r.Source.Stage, r.Source.Function = view.CleanText(r.Source.Stage), view.CleanText(r.Source.Function)
	r.Points = append([]telemetry.Point{}, r.Points...)
	r.Alarms = append([]telemetry.Alarm{}, r.Alarms...)
	for i := range r.Alarms {
		a := &r.Alarms[i]
		a.Name, a.Watches, a.Before = view.CleanText(a.Name), view.CleanText(a.Watches), view.CleanText(a.Before)
		a.State, a.Blind = view.CleanText(a.State), view.CleanText(a.Blind)
		a.Changes = append([]telemetry.Change{}, a.Changes...)
		for j := range a.Changes {
			c := &a.Changes[j]
			c.From, c.To, c.Reason = view.CleanText(c.From), view.CleanText(c.To), view.CleanText(c.Reason)
		}
	}
	found := telemetry.Reconcile(run.Counts, run.CloudWatch, view.ClientP95(run))
	return &observation{
		Clients:   run.Counts,
		Finding:   found.Finding,
		Why:       found.Why.Clean(view.CleanText),
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
	p := &jsonProbe{Defects: []jsonDefect{}, Races: append([]probe.Races{}, r.Races...)}
	for i := range r.Defects {
		p.Defects = append(p.Defects, jsonDefect{r.Defects[i].ID, view.CleanText(r.Defects[i].Sentence)})
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
	s := &jsonSince{Base: view.CleanText(run.Since.Base)}
	s.Word, s.Sentence = view.SinceWords(run)
	if run.Since.Comparison != nil {
		cleaned := cleanComparison(*run.Since.Comparison)
		s.Comparison = &cleaned
	}
	return s
}

// JSON writes verdict.json and the run's directory as one object, indented, with
// a line end. Rates are ratios 0–1; a bound that does not exist is null. No list
// is null.
func JSON(w io.Writer, run view.Run) error {
	v := run.Verdict
	o := object{
		Verdict: v.Verdict, Headline: view.Headline(string(v.Verdict), v), Caveats: view.CleanAll(view.Caveats(run)),
		Run: run.Directory, Partial: v.Partial,
		Reasons: cleanReasons(v.Reasons), Gates: make([]gate.Gate, 0, len(v.Gates)), Outcomes: v.Outcomes,
		SwitchedOff: view.CleanAll(v.SwitchedOff), Tolerated: view.CleanAll(v.Tolerated), Confidence: v.Confidence,
		Notes:      view.CleanAll(run.Notes),
		Contention: cleanContention(v.Contention), Validity: cleanLines(v.Validity),
		WithoutCloudWatch: v.WithoutCloudWatch, CloudWatch: newObservation(run),
		UX: cleanUX(run.UX), Screens: view.ScreenPaths(run),
	}
	for _, g := range v.Gates {
		g.Reason = g.Reason.Clean(view.CleanText)
		o.Gates = append(o.Gates, g)
	}
	o.Probe, o.Power = newJSONProbe(run.Probe), append([]view.Power{}, view.ListPowers(run)...)
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

func cleanReasons(all []reason.Reason) []reason.Reason {
	cleaned := make([]reason.Reason, len(all))
	for i := range all {
		cleaned[i] = all[i].Clean(view.CleanText)
	}
	return cleaned
}

func cleanContention(c *basis.Contention) *basis.Contention {
	if c == nil {
		return nil
	}
	cleaned := *c
	cleaned.Hottest.Record, cleaned.Agreement, cleaned.Causes = view.CleanText(c.Hottest.Record), view.CleanText(c.Agreement),
		cleanReasons(c.Causes)
	cleaned.Busiest = append([]basis.Record(nil), c.Busiest...)
	for i := range cleaned.Busiest {
		cleaned.Busiest[i].Record = view.CleanText(cleaned.Busiest[i].Record)
	}
	return &cleaned
}

func cleanLines(lines []basis.Line) []basis.Line {
	cleaned := append([]basis.Line{}, lines...)
	for i := range cleaned {
		cleaned[i].Why = cleaned[i].Why.Clean(view.CleanText)
	}
	return cleaned
}
