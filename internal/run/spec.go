package run

import (
	"net/url"
	"time"

	"github.com/occbench/occbench/internal/workload"
)

// Spec is the declaration of one run. It is a value: a stage that derives
// something from it, the number of records for example, makes another.
//
// What each field is called on the command line, in files, for k6 and in the
// manifest stands in its row of the table, see Fields.
type Spec struct {
	Target  string        // base URL, perhaps with credentials; empty: the bundled server
	API     string        // the API file that the target speaks: a name, or a file
	APIHash string        // SHA-256 of that file, where it does not come with the binary
	APICopy string        // the copy of that file in a run directory that was read; empty: there is none
	Date    string        // of the list, YYYY-MM-DD
	Tag     string        // of the records that may be updated
	Auth    string        // how requests are authenticated, without the secret; empty: not at all
	Timeout time.Duration // of one request

	UpdateLimit int64 // bytes that the answer to an update may have
	ListLimit   int64 // bytes that the answer to a read may have

	Operators     int           // closed model; 0 in the open one
	Rate          float64       // open model: turns begun per second, at first when there is a ramp; 0 in the closed one
	RampTo        float64       // open model: the rate at the end; 0: constant
	MaxOperators  int           // open model: turns under way at once; 0: derived from the rate and the length of a turn
	Duration      time.Duration // of the whole load, warm-up included
	UntilDecided  bool          // the load ends as soon as every gate is decided
	MaxDuration   time.Duration // after which it ends undecided; 0 where it does not end early
	FailFast      bool          // it ends as soon as an anomaly is proven
	Warmup        time.Duration // its start, which is not judged
	WarmupAuto    bool          // cut after the run, where MSER-5 says; Warmup is 0
	Records       int           // in play; 0: derived from the load, and for k6 all that are tagged
	Think         workload.Delay
	Pause         workload.Delay
	Pick          workload.Pick
	Refresh       time.Duration // for which a list is held; 0: every turn reads its own
	DoubleUpdates float64       // share of the turns whose first update is sent twice, 0–1
	Races         workload.Races
	FirstRacer    int // number of the first operator in a race
	Walk          workload.Walk
	Backoff       workload.Backoff
	Attempts      int           // most attempts of a turn; 1: no recovery
	Budget        time.Duration // to recover a turn
	RandSeed      uint64
	SharedRecords bool // others may update the same records
	Generators    int  // k6 processes that make the load; 0: one

	Scenario  string // UpdateScenario or BrowserScenario
	Browser   int    // people in browsers; 0: none
	FirstDesk int    // number of the first operator who is a person; each takes two
	BoardURL  string // the page that people open; empty: the target's own

	Store string // of the bundled server
	Fault string // of the bundled server
}

// The scenarios that a run can play.
const (
	UpdateScenario  = "update"  // operators of the API
	BrowserScenario = "browser" // and people in browsers beside them
)

// TypicalLatency stands for the latency of a call where no probe has measured it.
const TypicalLatency = 5 * time.Millisecond

// IsOpen reports whether turns begin by the clock (the open model).
func (s *Spec) IsOpen() bool { return s.Rate > 0 }

// EndsEarly reports whether what is seen of the run may end it before its time.
func (s *Spec) EndsEarly() bool { return s.UntilDecided || s.FailFast }

// ApartFrom returns the operator number from which operations are none of the
// declared load's; 0: all are.
func (s *Spec) ApartFrom() int32 {
	if s.Browser == 0 {
		return 0
	}
	return int32(min(max(s.FirstDesk, 0), 1<<30))
}

// FitWarmup returns a spec whose warm-up is shorter than its load: a tenth of it
// where the declared one would leave nothing to judge.
func (s Spec) FitWarmup() Spec {
	if s.Warmup >= s.Duration {
		s.Warmup = s.Duration / 10
	}
	return s
}

// RecordsNeeded returns how many records a run needs: those of the load, those that are
// reserved for races, and the clock records of several generators.
func (s *Spec) RecordsNeeded() int {
	n := s.Records + s.Races.Records()
	if s.Generators > 1 {
		n += s.Generators // a clock record of each
	}
	return n
}

// WithoutCredentials returns a spec whose target can be shown to everybody.
func (s Spec) WithoutCredentials() Spec {
	s.Target = HideUser(s.Target)
	return s
}

// HideUser returns a URL without its credentials; "" for what is no URL.
func HideUser(target string) string {
	u, err := url.Parse(target)
	if err != nil {
		return ""
	}
	u.User = nil
	return u.String()
}
