package reports

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
	"github.com/occbench/occbench/internal/ux"
	basis "github.com/occbench/occbench/internal/validity"
)

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

	Probe *jsonProbe `json:"probe,omitempty"` // absent: there was no probe
	Power []power    `json:"power"`           // of the races by which a lost update was looked for

	Since    *jsonSince `json:"since,omitempty"`    // absent: nobody looked
	Rollback string     `json:"rollback,omitempty"` // command; absent: none is known

	Contention *basis.Contention `json:"contention,omitempty"`
	Validity   []basis.Line      `json:"validity,omitempty"`

	WithoutCloudWatch bool         `json:"without_cloudwatch,omitempty"`
	CloudWatch        *observation `json:"telemetry,omitempty"` // absent: nobody looked

	UX      *ux.Numbers `json:"ux,omitempty"`      // absent: there was no browser
	Screens []string    `json:"screens,omitempty"` // files of the run directory
}

// jsonProbe is what the probe has proven before the load, and the races that it
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
		p.Defects = append(p.Defects, jsonDefect{r.Defects[i].ID, clean(r.Defects[i].Sentence)})
	}
	return p
}

// jsonSince is what changed since the last comparable run.
type jsonSince struct {
	Base       string          `json:"base,omitempty"` // absent: there is none
	Word       string          `json:"word"`
	Sentence   string          `json:"sentence"`
	Comparison *compare.Report `json:"comparison,omitempty"`
}

func newJSONSince(run Run) *jsonSince {
	if run.Since == nil {
		return nil
	}
	s := &jsonSince{Base: clean(run.Since.Base)}
	s.Word, s.Sentence = since(run)
	if run.Since.Comparison != nil {
		cleaned := cleanComparison(*run.Since.Comparison)
		s.Comparison = &cleaned
	}
	return s
}

// JSON writes verdict.json and the run's directory as one object, indented, with
// a line end. Rates are ratios 0–1; a bound that does not exist is null. No list
// is null.
func JSON(w io.Writer, run Run) error {
	v := run.Verdict
	o := object{
		Verdict: v.Verdict, Headline: headline(string(v.Verdict), v), Caveats: cleanAll(Caveats(run)), Run: run.Directory, Partial: v.Partial,
		Reasons: cleanReasons(v.Reasons), Gates: make([]gate.Gate, 0, len(v.Gates)), Outcomes: v.Outcomes,
		SwitchedOff: cleanAll(v.SwitchedOff), Tolerated: cleanAll(v.Tolerated), Confidence: v.Confidence, Notes: cleanAll(run.Notes),
		Contention: cleanContention(v.Contention), Validity: cleanLines(v.Validity),
		WithoutCloudWatch: v.WithoutCloudWatch, CloudWatch: observe(run),
		UX: cleanUX(run.UX), Screens: screenPaths(run),
	}
	for _, g := range v.Gates {
		g.Reason = g.Reason.Clean(clean)
		o.Gates = append(o.Gates, g)
	}
	o.Probe, o.Power = newJSONProbe(run.Probe), append([]power{}, powers(run)...)
	o.Since = newJSONSince(run)
	o.Rollback, _ = wayBack(run)
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
		cleaned[i] = all[i].Clean(clean)
	}
	return cleaned
}
