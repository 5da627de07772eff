package check

import (
	"slices"
	"strconv"
	"strings"

	"github.com/occbench/occbench/internal/check/lineage"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/noun"
)

// Anomaly is a broken invariant: how often, and the clearest case of it.
type Anomaly struct {
	ID       ID      `json:"id"`
	Title    string  `json:"title"`
	Count    int64   `json:"count"` // anomalies of this invariant in the history
	Record   string  `json:"record"`
	Tokens   []int64 `json:"tokens"` // the versions it is about, ascending
	Sentence string  `json:"sentence"`
	Fix      string  `json:"fix"`

	// Probed says that the probe has proven it, before the load: its operations
	// are in no history.
	Probed bool `json:"probed,omitempty"`

	// Cause is another anomaly that explains this one; 0: none does.
	Cause ID `json:"cause,omitempty"`

	// Closed says that the proof rests on no other writer than the run.
	Closed bool `json:"closed"`

	// ClockWidth says how closely the clocks of several generators have to be known, in ns: they
	// are, and without that the proof would not hold. 0: it holds whatever their clocks show.
	ClockWidth int64 `json:"clock_width_ns,omitempty"`

	// Operations prove it, by start. None of them can be left out.
	Operations []Evidence `json:"operations"`

	wentBack bool
	across   bool // between two families of tokens
	words    noun.Words
	opaque   bool // its tokens do not count by one: Tokens are numbers of the checker's own
	states   *stateTable
	on       clockOf
}

// Evidence is an operation of a proof.
type Evidence struct {
	Line     int   `json:"line"` // of history.csv; 0: the probe made it
	Operator int32 `json:"operator"`

	// Generator is the k6 process that made the operation; empty where a run has one.
	Generator string `json:"generator,omitempty"`

	Kind     history.Kind    `json:"kind"`
	Start    int64           `json:"start_ns"`
	End      int64           `json:"end_ns"` // -1: no answer
	Record   string          `json:"record"`
	Expected int64           `json:"expected"` // -1: none
	Target   string          `json:"target,omitempty"`
	Outcome  history.Outcome `json:"outcome"`
	HTTP     int16           `json:"http"`
	Token    int64           `json:"token"` // -1: none
	State    string          `json:"state,omitempty"`
	Marker   string          `json:"marker,omitempty"`
	Op       history.Op      `json:"-"`

	// Where tokens do not count by one, Expected and Token are numbers of the checker's
	// own, and these the tokens as they were sent and shown.
	ExpectedText string `json:"expected_text,omitempty"`
	TokenText    string `json:"token_text,omitempty"`

	// Considered marks an attempt that might have explained the anomaly and does
	// not: it is shown so that no reader has to ask for it.
	Considered bool `json:"considered,omitempty"`
}

// lined is an operation and its line in the history's file. Where tokens are opaque
// it has numbers for them.
type lined struct {
	op   history.Op
	line int
	raw  *history.Op // as it was recorded, where tokens are opaque; else nil
	away int64       // then: how far it is from what a proof is about
}

// recorded returns the operation as it was recorded.
func (l *lined) recorded() *history.Op {
	if l.raw != nil {
		return l.raw
	}
	return &l.op
}

// newEvidence returns an operation as a part of a proof.
func newEvidence(l lined) Evidence {
	o := *l.recorded()
	if l.raw != nil {
		o.ExpectedText, o.TokenText = lineage.PlainToken(o.SentToken()), lineage.PlainToken(o.ShownToken())
		o.Expected, o.Token = history.None, history.None
	}
	return Evidence{Line: l.line, Operator: o.Operator, Generator: o.Generator, Kind: o.Kind, Start: o.Start, End: o.End,
		Record: o.Record, Expected: o.Expected, Target: o.Target, Outcome: o.Outcome, HTTP: o.HTTP, Token: o.Token, State: o.State,
		Marker: o.Marker, ExpectedText: o.ExpectedText, TokenText: o.TokenText, Op: o}
}

// Sent names the token that was sent: "v5" where tokens count by one, else the token; ""
// without.
func (e *Evidence) Sent() string { return tokenName(e.Expected, e.ExpectedText) }

// Shown names the token that was seen, as Sent does.
func (e *Evidence) Shown() string { return tokenName(e.Token, e.TokenText) }

// tokenName writes a number and the beginning of a token: v7 "9abc…".
func tokenName(number int64, text string) string {
	if number < 0 || number == never {
		return tokenHead(text)
	}
	return strings.TrimSpace("v" + strconv.FormatInt(number, 10) + " " + tokenHead(text))
}

// tokenHead returns a token, of a long one the beginning.
func tokenHead(text string) string {
	const most, head = 16, 10
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	if strings.HasSuffix(text, `"`) {
		return string(runes[:head]) + `…"`
	}
	return string(runes[:head]) + "…"
}

// Opaque reports whether the tokens of an anomaly do not count by one, so that its
// numbers are the checker's own.
func (f *Anomaly) Opaque() bool {
	return slices.ContainsFunc(f.Operations, func(e Evidence) bool { return e.ExpectedText != "" || e.TokenText != "" })
}
