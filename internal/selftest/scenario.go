package selftest

import (
	"fmt"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/workload"
	"github.com/occbench/occbench/reference-server/fault"
	"github.com/occbench/occbench/reference-server/items"
)

// scenario is one case: what is broken, what must be found, and the load that
// gives the fault its chance.
type scenario struct {
	name     string
	api      string // that the server speaks, by the name of its API file
	fault    string // as --fault has it; empty: the correct server
	expected string // the invariant, or the line of the probe; empty: nothing may be found
	asked    bool   // by the probe, which alone can find it
	walk     workload.Walk
	records  int
	timeout  time.Duration // of a request
	races    bool          // the fault shows only in races: it is played several times, under the default load
	untold   bool          // the API file says that an update answers no token
}

// loadAPI compiles the API file that the clients of the case speak by.
func (c *scenario) loadAPI() (*api.API, error) {
	if !c.untold {
		return api.Load(c.api)
	}
	text, err := api.Source(c.api)
	if err != nil {
		return nil, err
	}
	const told = `applied: {status: [200, 204], token: "header:ETag"}`
	without := strings.Replace(string(text), told, "applied: {status: [200, 204], token: none}", 1)
	if without == string(text) {
		return nil, fmt.Errorf("changing the API file %s: it does not say %s", c.api, told)
	}
	return api.Compile(c.api, []byte(without))
}

// hotRecords are few, so that every pair of operations overlaps sooner or later.
const (
	hotRecords = 5
	patience   = 5 * time.Second
)

// listCases returns for an API the correct server, every fault, and the correct server
// behind every kind of trouble that must not be mistaken for a fault.
func listCases(api string) []scenario {
	all := []scenario{{name: "correct"}}
	for _, f := range fault.List(api) {
		if f.Question != "" {
			all = append(all, scenario{name: f.Name, fault: f.Name, expected: f.Question, asked: true})
		}
		if f.Invariant == "" {
			continue
		}
		c := scenario{name: f.Name, fault: f.Name, expected: f.Invariant, races: f.Races}
		if api != items.Name && f.Name == "version-reset" {
			// It strikes records that are completed, which a cycle never does.
			c.walk, c.records = workload.Forward, 60
		}
		all = append(all, c)
	}
	all = append(append(all, listUnusualCases(api)...), listTroubleCases()...)
	for i := range all {
		c := &all[i]
		c.api, c.records = api, max(c.records, hotRecords)
		if c.timeout == 0 {
			c.timeout = patience
		}
	}
	return all
}

// listUnusualCases returns servers that are correct and unlike others, alone and with a fault
// beside.
func listUnusualCases(api string) []scenario {
	if api == items.Name {
		return []scenario{
			{name: "no token in the answer", fault: "no-token-in-answer", untold: true},
			{name: "check-then-act, no token in the answer", fault: "no-token-in-answer,check-then-act", expected: "OCC-01", untold: true},
		}
	}
	return []scenario{
		{name: "check-then-act, versions of a clock", fault: "version-base,check-then-act", expected: "OCC-01"},
		{name: "versions of a clock", fault: "version-base"},
	}
}

// listTroubleCases returns those of networks and loaded servers. A timeout shorter than the
// latency makes updates that are applied after their client has given up.
func listTroubleCases() []scenario {
	const impatience = 150 * time.Millisecond
	return []scenario{
		{name: "dropped replies", fault: "drop-reply:0.2"},
		{name: "delays", fault: "latency=50ms:0.3"},
		{name: "late application", fault: "latency=300ms:0.1", timeout: impatience},
		{name: "client timeouts", fault: "hang:0.05", timeout: impatience},
		{name: "errors before the commit", fault: "error-500:0.2"},
		{name: "throttling", fault: "throttle-429:0.2"},
		{name: "all at once", fault: "drop-reply:0.05,latency=300ms:0.05,hang:0.02,error-500:0.05,throttle-429:0.05", timeout: impatience},
	}
}
