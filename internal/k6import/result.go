package k6import

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/measure"
)

// Kind is the kind of file that k6 wrote.
type Kind string

// The kinds, in words.
const (
	LegacySummary  Kind = "summary of --summary-export"
	HandledSummary Kind = "summary of handleSummary"
	MachineSummary Kind = "machine-readable summary"
	Points         Kind = "points of --out json"
)

// Result holds the numbers and the conclusions that such a file allows.
type Result struct {
	File       string      `json:"file"`
	Kind       Kind        `json:"kind"`
	Verdict    gate.Result `json:"verdict"` // never PASS
	Gates      []gate.Gate `json:"gates"`
	Of         string      `json:"of"` // what the gates count: updates, in the noun of the API, or requests of every kind
	Requests   int         `json:"requests"`
	Thresholds []Threshold `json:"thresholds"` // k6's own, as k6 decided them
	Cannot     []string    `json:"cannot"`     // what the file does not tell
	Notes      []string    `json:"notes"`

	Outcomes map[history.Outcome]int `json:"outcomes,omitempty"` // of updates; only points tell
	Reads    int                     `json:"reads,omitempty"`    // requests that write nothing; only points tell
	Latency  *measure.Latency        `json:"latency,omitempty"`  // of updates; only points tell
}

// Threshold is one of k6's own limits.
type Threshold struct {
	Metric     string `json:"metric"`
	Expression string `json:"expression"`
	Crossed    bool   `json:"crossed"`
}

// decideVerdict gives the verdict: what is unknown forbids a PASS.
func (r *Result) decideVerdict() {
	r.Verdict = gate.Inconclusive
	for _, g := range r.Gates {
		r.Verdict = r.Verdict.WorseOf(g.Verdict)
	}
}

// formatJSONError returns an error of encoding/json without the name of the package.
func formatJSONError(err error) string {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return fmt.Sprintf("%s is %s", kind.Field, kind.Value)
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}
