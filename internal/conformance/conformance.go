// Package conformance runs occbench against servers of other people and holds
// what must be found on each: a bug that is really there, or nothing.
//
// Every server comes from a package registry, is started on a free port of this
// machine and is stopped by the test that started it. What is known of one server
// stands in one file of its name. docs/conformance.md holds the table that a run
// of all of them makes.
package conformance

import (
	"time"

	"github.com/occbench/occbench/internal/check"
)

// Server is one row of the table.
type Server struct {
	Name   string // of its test and its cache, such as apache-digest
	Title  string // as people call it, with the setting that matters
	API    string // the API file: a name that comes with occbench, or a file below testdata
	Source Source
	Limit  time.Duration // of one attempt to install it

	// Required says that where OCCBENCH_REQUIRE names conformance, a server that
	// cannot be had is a failure. The others are skipped with a line.
	Required bool

	// Start starts the server and returns the URL that the API file is relative to.
	// It returns when the server answers.
	Start func(*Stage) (url string, err error)

	// Flags are those of validate that this server needs beside the common ones.
	Flags []string

	Want Want
}

// Want is the verdict that a run must have.
type Want struct {
	Exit      int        // of occbench validate
	Anomalies []check.ID // that must be found, the one of the row's claim first

	// Beside are anomalies that may be found as well: other sights of the same bug,
	// which a short run meets or does not.
	Beside []check.ID

	// Rare are anomalies that the server really has and that a run of this length
	// meets once in many: a run that found nothing else is played again.
	Rare []check.ID

	// Says are texts that the output must hold: lines of the probe, or the reason
	// why nothing was judged.
	Says []string

	// Raced says that the anomaly shows only where requests meet, so the power run
	// repeats the row.
	Raced bool

	Known string // URL of the public report of the bug; empty: none as far as we know
}
