// Package live shows a run that is under way: one calm screen at a terminal,
// a plain line now and then elsewhere.
//
// Its opinion: a screen that is watched for minutes must be calm. It shows what
// is known and how surely, changes in place, never flickers, and asks for
// nothing: no keys, no mode of the terminal, so Ctrl-C goes on to mean what it
// means. A gate is called decided only when no further look can undo it.
package live

import (
	"time"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
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

// Snapshot is what is known at one moment of a run. The zero Snapshot is a job
// that begins.
type Snapshot struct {
	Stage  Stage
	Target string // URL, without credentials

	Elapsed, Total, Warmup time.Duration // of the load
	Ending                 string        // why the load is being ended; empty: it is not
	Broken                 string        // why the recording cannot be followed; empty: it can

	Moves      int // attempts of the measured window
	WarmMoves  int // and of the warm-up before it
	PerSecond  float64
	Conflicts  int
	Decided    int      // moved or refused as stale
	Predicted  *float64 // conflict rate of a correct server, ratio 0–1; nil: not predicted
	P95MS      *float64 // nil: there is none
	Unanswered bool     // there is no p95 because too many moves have no answer
	Errors     int

	Anomalies []Anomaly
	Looked    bool // for anomalies

	Gates []Gate
}

// Anomaly is an invariant that was seen broken.
type Anomaly struct {
	ID    string
	Title string
	Count int
}

// AnomalyOf returns what is shown of an anomaly.
func AnomalyOf(a *check.Anomaly) Anomaly {
	return Anomaly{ID: a.ID.String(), Title: a.Title, Count: int(a.Count)}
}

// Gate is where a gate stands.
type Gate struct {
	gate.Gate
	Decided gate.Result // empty: it is not
}

// Show takes a snapshot. Implementations draw it, or not.
type Show interface{ Show(Snapshot) }
