// Package live shows a run that is under way: one calm screen at a terminal,
// a plain line now and then elsewhere.
//
// Its opinion: a screen that is watched for minutes must be calm. It shows what
// is known and how surely, changes in place, never flickers, and asks for
// nothing: no keys, no mode of the terminal, so Ctrl-C goes on to mean what it
// means. A gate is called decided only when no further look can undo it.
package live

import (
	"fmt"
	"time"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/noun"
)

// Stage is a part of the job.
type Stage uint8

// The stages, in their order. Ready stands behind the last.
const (
	Probe Stage = iota
	Seed
	Load
	Check
	Judge
	Report
	Ready
)

var stages = [...]string{Probe: "probe", Seed: "seed", Load: "run", Check: "check", Judge: "gate", Report: "report"}

// Interrupted is why a load is being ended that an interrupt ends.
const Interrupted = "waiting for what is in flight; Ctrl-C again stops at once"

// Snapshot is the state of a run at one moment. The zero Snapshot is a job
// that begins.
type Snapshot struct {
	Stage  Stage
	Target string     // URL, without credentials
	Words  noun.Words // of the API

	Elapsed, Total, Warmup time.Duration // of the load
	Ending                 string        // why the load is being ended; empty: it is not
	Broken                 string        // why the recording cannot be followed; empty: it can

	Attempts     int // of the measured window
	WarmAttempts int // of the warm-up before it

	PerSecond  float64
	Conflicts  int
	Decided    int      // applied or refused as stale
	Expected   *float64 // conflict rate of a correct server, ratio 0–1; nil: not predicted
	Replayed   *Replay  // the conflicts after the run; nil: it goes on, or they cannot be replayed
	Early      bool     // the load ends as soon as every gate is decided
	Generators int      // more than one: what they did is counted when they have ended
	P95MS      *float64 // nil: there is none
	Unanswered bool     // there is no p95 because too many attempts have no answer
	Errors     int

	Anomalies []Anomaly
	Looked    bool // for anomalies

	Gates []Gate
}

// Replay compares the conflicts of a run that is over with those of a correct server
// that gets the same attempts.
type Replay struct{ Attempts, Refused, Correct int }

// describe returns the observed conflicts beside those of a correct server.
func (r *Replay) describe() string {
	return fmt.Sprintf("%s of %s refused; a correct server refuses %s of these", amount.Count(r.Refused), amount.Count(r.Attempts),
		amount.Count(r.Correct))
}

// Anomaly is an invariant that was seen broken.
type Anomaly struct {
	ID    string
	Title string
	Count int
}

// NewAnomaly returns the part of an anomaly that the display shows.
func NewAnomaly(a *check.Anomaly) Anomaly {
	return Anomaly{ID: a.ID.String(), Title: a.Title, Count: int(a.Count)}
}

// Gate is where a gate stands. Decided is its verdict when the run is over; before that,
// what no further look can undo, in a load that ends early.
type Gate struct {
	gate.Gate
	Decided gate.Result // empty: it is open
	AfterS  float64     // when it was decided, in seconds of the load
}

// Show takes a snapshot. Implementations draw it, or not.
type Show interface{ Show(Snapshot) }
