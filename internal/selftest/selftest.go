// Package selftest proves the prover: it breaks the reference server in every
// way that the checker claims to detect, loads it, and compares what is found
// with what was broken.
//
// It holds that a detector is trusted in both directions or not at all. A fault
// that is missed and a finding against a correct server that merely lost its
// answers are the same failure.
package selftest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/exit"
	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/store"
)

// Options say how to test. The zero Options test everything on SQLite.
type Options struct {
	Only        string        // the name of one case; empty: all
	Store       string        // sqlite (default) or postgres
	DatabaseURL string        // of the store; SQLite needs none
	Span        time.Duration // of the hot load of a case; default 2 s
	Seed        uint64        // fixes picks, waits, and which requests a fault strikes
	Now         func() time.Time
}

// Row is the result of one case.
type Row struct {
	Case       string   `json:"case"`
	Expected   string   `json:"expected"` // the invariant that the fault breaks; empty: nothing may be found
	Result     Result   `json:"result"`
	Also       []string `json:"also"`       // other invariants that were found broken
	Reason     string   `json:"reason"`     // why a case is not as it should be
	Runs       int      `json:"runs"`       // of the case
	FoundIn    int      `json:"found_in"`   // of them, in which what was expected was found
	Operations int64    `json:"operations"` // in the histories of the case
	Strikes    int64    `json:"strikes"`    // how often the fault struck
}

// Result is what became of a case.
type Result string

// The results. Found and Clean are what a prover owes.
const (
	Found    Result = "found"    // the fault, and named right
	Clean    Result = "clean"    // nothing, where nothing is wrong
	Missed   Result = "missed"   // the fault was not found in every run, or never struck, or could not be judged
	Accused  Result = "accused"  // a correct server
	Untested Result = "untested" // the case could not be played
)

// OK reports whether the case is as it should be.
func (r Row) OK() bool { return r.Result == Found || r.Result == Clean }

// Run plays the cases one after the other and hands each row over when it is
// there. The error says that there is nothing to play; what went wrong in one
// case stands in its row.
func Run(ctx context.Context, o Options, each func(Row)) (_ []Row, err error) {
	o.defaults()
	played := cases()
	if o.Only != "" {
		if played, err = only(played, o.Only); err != nil {
			return nil, err
		}
	}
	db, err := refserver.OpenStore(ctx, o.Store, o.DatabaseURL)
	if err != nil {
		return nil, err
	}
	rows, err := o.run(ctx, db, played, each)
	if closeErr := db.Close(); err == nil {
		err = closeErr
	}
	return rows, err
}

func (o *Options) defaults() {
	if o.Store == "" {
		o.Store = "sqlite"
	}
	if o.Span <= 0 {
		o.Span = 2 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
}

func (o *Options) run(ctx context.Context, db store.Store, played []scenario, each func(Row)) ([]Row, error) {
	var rows []Row
	for i, c := range played {
		// Dates of its own keep the cards of a case off the boards of others.
		row := o.play(ctx, db, c, o.Now().UTC().AddDate(0, 0, 1+i*defaultRuns))
		if ctx.Err() != nil {
			return rows, fmt.Errorf("playing the self-test: %w after %d of %d cases; --only plays one", context.Cause(ctx), i, len(played))
		}
		rows = append(rows, row)
		each(row)
	}
	return rows, nil
}

// only returns the case of a name.
func only(all []scenario, name string) ([]scenario, error) {
	var names []string
	for _, c := range all {
		if c.name == name {
			return []scenario{c}, nil
		}
		names = append(names, c.name)
	}
	slices.Sort(names)
	return nil, exit.Usagef("there is no case %q; there are %s", name, strings.Join(names, ", "))
}
