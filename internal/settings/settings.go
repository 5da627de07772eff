// Package settings produces the effective values of one invocation and knows
// where each came from.
//
// A setting has one name. As a flag it is --rand-seed, in occbench.yaml it is
// rand_seed, in the environment OCCBENCH_RAND_SEED (or the runbook's name where
// there is one). The order is flag > environment > file > default, and every
// source goes through the same parser, so a bad value is refused in the same
// words wherever it stands.
package settings

import (
	"fmt"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/auth"
	"github.com/occbench/occbench/internal/contention"
)

// Settings are the effective values. Durations are as declared; an empty Date
// is never left: it is tomorrow, UTC.
type Settings struct {
	Target       string   // base URL; empty: the bundled server
	AllowHosts   []string // hosts besides loopback that may be loaded
	Date         string   // YYYY-MM-DD of the board
	Tag          string   // of the cards that may be moved
	Auth         auth.Spec
	Timeout      time.Duration
	UpdateLimit  int64   // bytes that the answer to an update may have
	ListLimit    int64   // bytes that the answer to a read may have
	Operators    int     // closed model; 0 in the open one
	Bundled      bool    // the target is occbench's own server, asked for by name; Target is empty
	Rate         float64 // open model: turns begun per second, at first with a ramp
	RampTo       float64 // open model: the rate at the end; 0: constant
	MaxOperators int     // open model: turns under way at once; 0: auto
	Duration     time.Duration
	Warmup       time.Duration
	WarmupAuto   bool // cut after the run, where MSER-5 says; Warmup is 0
	Cards        int  // 0: auto
	Think        contention.Delay
	Pause        contention.Delay
	Pick         contention.Pick
	Refresh      time.Duration // for which a board is held; 0: read in every turn
	DoubleMoves  float64       // share of the turns, 0–1
	Races        contention.Races
	Walk         contention.Walk
	Backoff      string
	Attempts     int
	Budget       time.Duration
	RandSeed     uint64
	SharedBoard  bool
	Out          string // folder of the run directories
	Format       string
	Store        string // of the bundled server
	DatabaseURL  string
	Addr         string
	ServedHosts  []string // under which the bundled server answers besides those of its machine
	Fault        string
	Metrics      string     // where the bundled server publishes: auto, cloudwatch, emf, none
	LocalAddr    string     // where a local CloudWatch endpoint listens; empty: there is none
	CloudWatch   CloudWatch // where the target's metrics are
	Browser      int        // people in browsers; 0: none
	Scenario     string     // MoveScenario or BoardScenario
	BoardURL     string     // the page that people open; empty: the target's own
	Release      Release
	Gates        Gates

	sources map[string]Source
	texts   map[string]string // as given or preset, by flag
}

// Source says where a value came from.
type Source struct {
	Kind  string // flag, environment, file, default
	Where string // --operators, $URL, occbench.yaml:3
}

// Source returns where the value of a setting came from.
func (s *Settings) Source(name string) Source {
	if src, ok := s.sources[name]; ok {
		return src
	}
	return Source{Kind: "default"}
}

// At names a setting for a sentence about it, with the place where it was set:
// --rate, $OCCBENCH_RATE, rate (occbench.yaml:3).
func (s *Settings) At(name string) string {
	src := s.Source(name)
	if src.Kind == "file" {
		return fmt.Sprintf("%s (%s)", strings.ReplaceAll(name, "-", "_"), src.Where)
	}
	return src.Where
}

// Given reports whether a setting was set by anybody.
func (s *Settings) Given(name string) bool {
	_, ok := s.sources[name]
	return ok
}
