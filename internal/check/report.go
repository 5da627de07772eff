package check

import (
	"slices"
	"strconv"

	"github.com/occbench/occbench/internal/history"
)

// Report is the verdict on a history; as JSON it is anomalies.json.
type Report struct {
	Judged     bool      `json:"judged"`
	Why        []string  `json:"why"`               // why it was not judged; empty when it was
	History    string    `json:"history,omitempty"` // hash of the history's file; "": it was not read from one
	Operations int64     `json:"operations"`
	Updates    int64     `json:"updates"`
	Records    int       `json:"records"`
	Unproven   int64     `json:"unproven"`        // 409s for a version not seen before that are neither right nor wrong for certain
	Shared     bool      `json:"shared_board"`    // others were said to update the records too
	Foreign    int64     `json:"foreign_updates"` // versions that others must have made; 0 unless shared
	Anomalies  []Anomaly `json:"anomalies"`       // by invariant; empty when none was broken

	// SetAside is what could not be used. A history without findings is not judged
	// when there is any.
	SetAside []SetAside `json:"set_aside,omitempty"`

	// Withheld are findings in a history that cannot be judged only because its
	// end or its audits are missing. What is here cannot be healed by what is
	// missing, but it is not a verdict.
	Withheld []Anomaly `json:"withheld,omitempty"`
}

// Anomalies returns the number of anomalies of one invariant.
func (r *Report) Count(id ID) int64 {
	for i := range r.Anomalies {
		if r.Anomalies[i].ID == id {
			return r.Anomalies[i].Count
		}
	}
	return 0
}

// Finding is a broken invariant: how often, and the clearest case of it.
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

	// Closed says that the proof rests on no other writer than the run.
	Closed bool `json:"closed"`

	// Operations prove it, by start. None of them can be left out.
	Operations []Evidence `json:"operations"`

	wentBack bool
	words    Words
	opaque   bool // its tokens do not count by one: Tokens are numbers of the checker's own
	states   *stateTable
}

// Evidence is an operation of a proof.
type Evidence struct {
	Line     int             `json:"line"` // of history.csv; 0: the probe made it
	Operator int32           `json:"operator"`
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

// Sent and Shown name the token that was sent and the one that was seen: "v5" where
// tokens count by one, else the token; "" without.
func (e *Evidence) Sent() string  { return tokenName(e.Expected, e.ExpectedText) }
func (e *Evidence) Shown() string { return tokenName(e.Token, e.TokenText) }

func tokenName(number int64, text string) string {
	if text != "" || number < 0 {
		return text
	}
	return "v" + strconv.FormatInt(number, 10)
}

// Opaque reports whether the tokens of an anomaly do not count by one, so that its
// numbers are the checker's own.
func (f *Anomaly) Opaque() bool {
	return slices.ContainsFunc(f.Operations, func(e Evidence) bool { return e.ExpectedText != "" || e.TokenText != "" })
}

func evidence(l lined) Evidence {
	o := l.op
	return Evidence{Line: l.line, Operator: o.Operator, Kind: o.Kind, Start: o.Start, End: o.End, Record: o.Record, Expected: o.Expected,
		Target: o.Target, Outcome: o.Outcome, HTTP: o.HTTP, Token: o.Token, State: o.State, Marker: o.Marker, ExpectedText: o.ExpectedText, TokenText: o.TokenText, Op: o}
}

// report is the verdict without proofs.
func (c *Checker) report() Report {
	r := Report{Operations: c.ops, Updates: c.trust.moves, Records: c.recordCount(), Unproven: c.tally.unproven,
		Shared: c.options.Shared, SetAside: c.setAsides(), Why: []string{}, Anomalies: []Anomaly{}}
	if r.Shared {
		r.Foreign = c.tally.foreign
	}
	if !c.options.Excerpt {
		r.Why = append(r.Why, c.flaws()...)
	}
	if len(r.SetAside) > 0 && !c.tally.hasAny() {
		r.Why = append(r.Why, asideSentence(r.SetAside))
	}
	r.Judged = len(r.Why) == 0
	if r.Judged {
		r.Anomalies = c.tally.anomalies()
	}
	return r
}

// recordCount returns how many records the history speaks of.
func (c *Checker) recordCount() int {
	if c.options.Tokens != nil {
		return len(c.options.Tokens.records)
	}
	return len(c.order)
}

func (t *tally) hasAny() bool {
	return slices.ContainsFunc(t.count[:], func(n int64) bool { return n > 0 })
}

// anomalies are the counts, each with its first suspect's place.
func (t *tally) anomalies() []Anomaly {
	found := []Anomaly{}
	for id := ID(1); id <= ids; id++ {
		if t.count[id] > 0 {
			found = append(found, t.anomaly(id))
		}
	}
	return found
}

func (t *tally) anomaly(id ID) Anomaly {
	f := Anomaly{
		ID:         id,
		Title:      invariants[id].Title,
		Count:      t.count[id],
		Fix:        invariants[id].Fix,
		Tokens:     []int64{},
		Operations: []Evidence{},
		words:      t.words,
		opaque:     t.opaque,
		states:     t.states,
	}
	if first := t.first[id]; len(first) > 0 {
		f.Record, f.Closed = t.nameOf(first[0].record), first[0].closed
	}
	return f
}
