// Package check decides from a history of reads and updates whether a server kept its
// promise of optimistic concurrency control, and shows the fewest operations that
// prove that it did not.
//
// It is the judge of occbench for programs that record histories of their own: fill a
// slice of Operations, or write history.csv, and ask. An anomaly is a proof or nothing: what
// can be neither proven nor refuted is not reported.
package check

import (
	"fmt"
	"io"
	"os"

	"github.com/occbench/occbench/internal/api"
	judge "github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/history"
)

// Options say what is known about a history. The zero value is that of a history with
// audits, of records that nothing else updated, whose tokens count by one.
type Options struct {
	// Opaque says that tokens do not count by one: ETags, revisions, any text. They are
	// compared for equality and nothing else.
	Opaque bool

	// Shared says that others updated the records too.
	Shared bool

	// Unaudited says that there are no audits. Only what holds whatever others did is
	// found, and an update that was lost after the last read of its record is not seen.
	Unaudited bool

	// API is the path of an API file, or the name of one that comes with occbench, which
	// says what states there are and which updates are legal. Without one states are
	// compared for equality alone.
	API string
}

// Report is the verdict on a history.
type Report struct {
	Judged    bool     // false: it cannot be judged, and Why says why
	Why       []string //
	Anomalies []Anomaly
}

// Anomaly is a broken invariant.
type Anomaly struct {
	ID       string // such as OCC-01; docs/invariants.md explains each
	Title    string // "lost update"
	Count    int64  // in the history
	Record   string // of the clearest case
	Sentence string // the case in words
	Fix      string // what to change on the server
	Proof    []Line // the operations that prove it, by start; none can be left out
}

// Line is an operation and its place: of history.csv, where the header is line 1, or in
// the slice that was judged, where the first is line 2.
type Line struct {
	Line int
	Operation
}

// History judges operations, in the order in which they were completed; those without
// an answer come last or where they were given up. An operation that breaks a rule of
// docs/history-format.md is an error.
func History(ops []Operation, o Options) (Report, error) {
	options, err := o.options()
	if err != nil {
		return Report{}, err
	}
	recorded := make([]history.Op, len(ops))
	for i := range ops {
		if recorded[i], err = ops[i].op(); err != nil {
			return Report{}, fmt.Errorf("operation %d: %w", i, err)
		}
	}
	return reportOf(judge.History(recorded, nil, options)), nil
}

// File judges a history.csv. It reads the file once where nothing is wrong with the
// history, and a few times where something is.
func File(path string, o Options) (Report, error) {
	options, err := o.options()
	if err != nil {
		return Report{}, err
	}
	r, err := judge.File(func() (io.ReadCloser, error) { return os.Open(path) }, path, options)
	if err != nil {
		return Report{}, err
	}
	return reportOf(r), nil
}

// Write writes operations as history.csv, which the commands check, gate and report of
// occbench take.
func Write(w io.Writer, ops []Operation) error {
	text := []byte(history.Header + "\n")
	for i := range ops {
		o, err := ops[i].op()
		if err != nil {
			return fmt.Errorf("operation %d: %w", i, err)
		}
		text = history.AppendOp(text, &o)
	}
	_, err := w.Write(text)
	return err
}

func (o Options) options() (judge.Options, error) {
	options := judge.Options{Opaque: o.Opaque, Shared: o.Shared, Unaudited: o.Unaudited}
	if o.API == "" {
		return options, nil
	}
	speaks, err := api.Load(o.API)
	options.API = speaks
	return options, err
}

func reportOf(r judge.Report) Report {
	report := Report{Judged: r.Judged, Why: r.Why}
	for _, a := range r.Anomalies {
		one := Anomaly{ID: a.ID.String(), Title: a.Title, Count: a.Count, Record: a.Record, Sentence: a.Sentence, Fix: a.Fix}
		for i := range a.Operations {
			e := &a.Operations[i]
			one.Proof = append(one.Proof, Line{e.Line, toOperation(&e.Op)})
		}
		report.Anomalies = append(report.Anomalies, one)
	}
	return report
}
