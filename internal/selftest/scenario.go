package selftest

import (
	"time"

	"github.com/occbench/occbench/internal/workload"
	"github.com/occbench/occbench/reference-server/fault"
)

// scenario is one case: what is broken, what must be found, and the load that
// gives the fault its chance.
type scenario struct {
	name     string
	fault    string // as --fault has it; empty: the correct server
	expected string // the invariant, or the line of the probe; empty: nothing may be found
	asked    bool   // by the probe, which alone can find it
	walk     workload.Walk
	cards    int
	timeout  time.Duration // of a request
	races    bool          // the fault shows only in races: it is played several times, under the default load
}

// hotCards are few, so that every pair of operations overlaps sooner or later.
const (
	hotCards = 5
	patience = 5 * time.Second
)

// cases returns the correct server, every fault, one that is correct but for a
// fault and counts in its own way, and the correct server behind every kind of
// trouble that must not be mistaken for a fault.
func cases() []scenario {
	all := []scenario{{name: "correct", cards: hotCards, timeout: patience}}
	for _, f := range fault.List() {
		if f.Question != "" {
			all = append(all, scenario{name: f.Name, fault: f.Name, expected: f.Question, asked: true, cards: hotCards, timeout: patience})
		}
		if f.Invariant == "" {
			continue
		}
		c := scenario{name: f.Name, fault: f.Name, expected: f.Invariant, cards: hotCards, timeout: patience, races: f.Races}
		if f.Name == "version-reset" {
			// It strikes cards that are completed, which a cycle never does.
			c.walk, c.cards = workload.Forward, 60
		}
		all = append(all, c)
	}
	all = append(all, scenario{name: "check-then-act, versions of a clock", fault: "version-base,check-then-act", expected: "OCC-01",
		cards: hotCards, timeout: patience})
	return append(all, troubles()...)
}

// troubles are those of networks and loaded servers. A timeout shorter than the
// latency makes moves that are applied after their client has given up.
func troubles() []scenario {
	return []scenario{
		{name: "versions of a clock", fault: "version-base", cards: hotCards, timeout: patience},
		{name: "dropped replies", fault: "drop-reply:0.2", cards: hotCards, timeout: patience},
		{name: "delays", fault: "latency=50ms:0.3", cards: hotCards, timeout: patience},
		{name: "late application", fault: "latency=300ms:0.1", cards: hotCards, timeout: 150 * time.Millisecond},
		{name: "client timeouts", fault: "hang:0.05", cards: hotCards, timeout: 150 * time.Millisecond},
		{name: "errors before the commit", fault: "error-500:0.2", cards: hotCards, timeout: patience},
		{name: "throttling", fault: "throttle-429:0.2", cards: hotCards, timeout: patience},
		{name: "all at once", fault: "drop-reply:0.05,latency=300ms:0.05,hang:0.02,error-500:0.05,throttle-429:0.05", cards: hotCards,
			timeout: 150 * time.Millisecond},
	}
}
