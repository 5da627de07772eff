package rundir

import (
	"fmt"
	"slices"
	"time"
)

// Manifest is the content of manifest.json: what was run, in enough detail to run
// it again. docs/history-format.md lists the fields.
type Manifest struct {
	Format           int        `json:"format"`
	ToolVersion      string     `json:"tool_version"`
	K6Version        string     `json:"k6_version"`
	ExtensionVersion string     `json:"extension_version"`
	Target           Target     `json:"target"`
	TargetBuild      string     `json:"target_build"`
	Dialect          string     `json:"dialect"`
	Store            string     `json:"store,omitempty"` // of the bundled server
	Fault            string     `json:"fault,omitempty"` // of the bundled server
	Date             string     `json:"date"`            // YYYY-MM-DD
	Tag              string     `json:"tag"`
	Auth             string     `json:"auth,omitempty"` // how requests were authenticated, without the secret; absent: not at all
	SharedBoard      bool       `json:"shared_board"`
	Divided          bool       `json:"divided,omitempty"` // two builds served on purpose, as in a canary
	Scenario         string     `json:"scenario"`
	Contention       Contention `json:"contention"`
	RandSeed         uint64     `json:"rand_seed,string"` // 64 bits are more than a JSON number keeps elsewhere
	Start            time.Time  `json:"start"`
	End              time.Time  `json:"end,omitzero"`
	Base             time.Time  `json:"base"` // 0 of the history's clock, to the nanosecond
	State            State      `json:"state"`
	Reason           string     `json:"reason,omitempty"`
	K6Exit           *int       `json:"k6_exit,omitempty"`
	HistoryDropped   int64      `json:"history_dropped"`

	// Of an open model; both absent in a closed one.
	PlannedIterations int64 `json:"planned_iterations,omitempty"` // turns that the schedule had until the load ended
	DroppedIterations int64 `json:"dropped_iterations,omitempty"` // those of them that never began: nobody was free

	UntilDecided bool       `json:"until_decided,omitempty"` // the run was watched and ended once its gates were decided
	Decisions    []Decision `json:"decisions,omitempty"`     // that looks at the run came to
	K6CPU        Duration   `json:"k6_cpu,omitzero"`         // processor time that k6 took; absent: unknown
	Browser      *Browser   `json:"browser,omitempty"`       // people in browsers beside the operators; absent: none
	Races        *Races     `json:"races,omitempty"`         // races beside the load; absent: none
	Cores        float64    `json:"cores,omitempty"`         // processors that k6 could use: those of its machine, or its quota of them
	Throttled    Duration   `json:"k6_throttled,omitzero"`   // how long a quota held k6 back
	ClockStep    Duration   `json:"clock_step,omitzero"`     // by which the wall clock was set during the run

	Builds   []Build   `json:"builds,omitempty"`   // that served during the load, in the order in which they were seen
	Troubles []Trouble `json:"troubles,omitempty"` // why answers are missing or unreadable, as far as the client knows

	CloudWatch *CloudWatch `json:"cloudwatch,omitempty"` // where the target's metrics are; absent: nobody said
}

// Build is a build of the target that was seen during the load: in the header
// X-App-Version of answers or, where they have none, in the answers to the health
// call before and after the load.
type Build struct {
	Build    string    `json:"build"`
	First    time.Time `json:"first"`
	Attempts int64     `json:"attempts"` // updates that it answered; 0 of all: the answers do not name it
}

// Trouble is a reason that only the client knows, and what met it.
type Trouble struct {
	Why      string `json:"why"`
	Attempts int64  `json:"attempts"` // updates
	Reads    int64  `json:"reads"`
}

// Contention are the parameters of the load. Distributions, pick and walk are
// written as their flags are.
type Contention struct {
	Operators     int      `json:"operators,omitempty"`          // closed model
	RatePerSecond float64  `json:"rate_per_second,omitempty"`    // open model: turns begun per second, at first when there is a ramp
	RampTo        float64  `json:"ramp_to_per_second,omitempty"` // open model: the rate at the end; absent: constant
	MaxOperators  int      `json:"max_operators,omitempty"`      // open model: turns under way at once
	Duration      Duration `json:"duration"`
	Warmup        Duration `json:"warmup"`
	WarmupRule    string   `json:"warmup_rule,omitempty"` // auto: cut after the run, where MSER-5 says; absent: fixed
	Cards         int      `json:"cards"`                 // tagged cards that may be used; 0: all
	Think         string   `json:"think"`
	Pause         string   `json:"pause"`
	Pick          string   `json:"pick"`
	Walk          string   `json:"walk"`
	Refresh       Duration `json:"refresh,omitzero"`       // for which a board is held; absent: every turn reads its own
	DoubleMoves   float64  `json:"double_moves,omitempty"` // share of the turns, 0–1
	Attempts      int      `json:"attempts"`
	Budget        Duration `json:"budget"`
	Backoff       string   `json:"backoff"`
	Timeout       Duration `json:"timeout"`                      // of one request
	UpdateLimit   int64    `json:"update_limit_bytes,omitempty"` // that the answer to an update may have
	ListLimit     int64    `json:"list_limit_bytes,omitempty"`   // that the answer to a read may have
}

// Decision is what a look at a run that was watched decided about a gate.
type Decision struct {
	Gate       string  `json:"gate"`
	Verdict    string  `json:"verdict"`
	Reason     string  `json:"reason"`
	AfterS     float64 `json:"after_s"` // since the base
	Limit      float64 `json:"limit"`
	Confidence float64 `json:"confidence"`
	BeforeNS   int64   `json:"before_ns"` // it rests on the operations that began before this moment, since the base
}

// State is how far a run came.
type State string

// The states. A run that still says Running when nothing runs was killed, and
// is as unfinished as one that Failed.
const (
	Running     State = "running"
	Complete    State = "complete"
	Interrupted State = "interrupted"
	Failed      State = "failed"
)

func (s State) valid() bool {
	return slices.Contains([]State{Running, Complete, Interrupted, Failed}, s)
}

// UnmarshalText refuses a state that is none.
func (s *State) UnmarshalText(text []byte) error {
	if *s = State(text); !s.valid() {
		return &valueError{string(text), s.wrong()}
	}
	return nil
}

func (s State) wrong() string {
	return fmt.Sprintf("state %.40q is none of running, complete, interrupted, failed", string(s))
}

// ReadManifest reads the run's manifest.
func (d Dir) ReadManifest() (Manifest, error) {
	var m Manifest
	if err := d.ReadJSON(ManifestFile, &m); err != nil {
		return Manifest{}, err
	}
	reason := ""
	switch {
	case m.Format < 1:
		reason = `it has no "format" of 1 or more, so it is not the manifest of a run`
	case !m.State.valid():
		reason = m.State.wrong()
	}
	if reason != "" {
		return Manifest{}, &fileError{path: d.File(ManifestFile), line: 1, column: 1, reason: reason}
	}
	return m, nil
}

// WriteManifest writes the run's manifest, in the current format and with its
// times in UTC.
func (d Dir) WriteManifest(m Manifest) error {
	if !m.State.valid() {
		return fmt.Errorf("writing %s: %s", d.File(ManifestFile), m.State.wrong())
	}
	m.Format = Format
	m.Start, m.End, m.Base = m.Start.UTC(), m.End.UTC(), m.Base.UTC()
	return d.WriteJSON(ManifestFile, &m)
}

// Duration is written as Go writes durations: 250ms, 1m0s.
type Duration time.Duration

// String returns the duration as Go writes it.
func (d Duration) String() string { return time.Duration(d).String() }

// MarshalText is the inverse of UnmarshalText.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads a duration.
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	if err != nil {
		return &valueError{string(text), fmt.Sprintf("%.40q is not a duration like 250ms or 1m0s", text)}
	}
	*d = Duration(parsed)
	return nil
}
