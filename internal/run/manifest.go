package run

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/occbench/occbench/internal/reason"
)

// Manifest is the content of manifest.json: what was run, in enough detail to run
// it again. docs/history-format.md lists the fields.
type Manifest struct {
	Format           int       `json:"format"`
	ToolVersion      string    `json:"tool_version"`
	K6Version        string    `json:"k6_version"`
	ExtensionVersion string    `json:"extension_version"`
	TargetBuild      string    `json:"target_build"`
	Dialect          string    `json:"dialect"`
	Spec             Spec      `json:"-"` // what was declared: the members that the table of run names
	Start            time.Time `json:"start"`
	End              time.Time `json:"end,omitzero"`
	Base             time.Time `json:"base"` // 0 of the history's clock, to the nanosecond
	State            State     `json:"state"`
	Reason           string    `json:"reason,omitempty"`
	K6Exit           *int      `json:"k6_exit,omitempty"`
	HistoryDropped   int64     `json:"history_dropped"`

	// Of an open model; both absent in a closed one.
	PlannedIterations int64 `json:"planned_iterations,omitempty"` // turns that the schedule had until the load ended
	DroppedIterations int64 `json:"dropped_iterations,omitempty"` // those of them that never began: no operator was free

	Decisions []Decision   `json:"decisions,omitempty"`   // that looks at the run came to
	K6CPU     DurationText `json:"k6_cpu,omitzero"`       // processor time that k6 took; absent: unknown
	Cores     float64      `json:"cores,omitempty"`       // processors that k6 could use: those of its machine, or its quota of them
	Throttled DurationText `json:"k6_throttled,omitzero"` // how long a quota held k6 back
	ClockStep DurationText `json:"clock_step,omitzero"`   // by which the wall clock was set during the run

	Divided  bool      `json:"divided,omitempty"`  // two builds served on purpose, as in a canary
	Builds   []Build   `json:"builds,omitempty"`   // that served during the load, in the order in which they were seen
	Troubles []Trouble `json:"troubles,omitempty"` // why answers are missing or unreadable, as far as the client knows

	CloudWatch *Metrics `json:"cloudwatch,omitempty"` // where the target's metrics are; absent: it is not known
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

// Decision is the result of a gate that was decided while a watched run went on.
type Decision struct {
	Gate       string        `json:"gate"`
	Verdict    string        `json:"verdict"`
	Reason     reason.Reason `json:"reason"`
	AfterS     float64       `json:"after_s"` // since the base
	Limit      float64       `json:"limit"`
	Confidence float64       `json:"confidence"`
	BeforeNS   int64         `json:"before_ns"` // it rests on the operations that began before this moment, since the base
}

// MarshalJSON writes the members of the manifest, and beside them those of the
// declared run.
func (m Manifest) MarshalJSON() ([]byte, error) {
	type plain Manifest
	own, err := Encode(plain(m))
	if err != nil {
		return nil, err
	}
	declared, err := Encode(m.Spec)
	if err != nil {
		return nil, err
	}
	return slices.Concat(own[:len(own)-1], []byte(","), declared[1:]), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (m *Manifest) UnmarshalJSON(text []byte) error {
	type plain Manifest
	if err := json.Unmarshal(text, (*plain)(m)); err != nil {
		return err
	}
	return json.Unmarshal(text, &m.Spec)
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

func (s State) isValid() bool {
	return slices.Contains([]State{Running, Complete, Interrupted, Failed}, s)
}

// UnmarshalText refuses a state that is none.
func (s *State) UnmarshalText(text []byte) error {
	if *s = State(text); !s.isValid() {
		return &valueError{string(text), s.explainInvalid()}
	}
	return nil
}

func (s State) explainInvalid() string {
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
	case !m.State.isValid():
		reason = m.State.explainInvalid()
	}
	if reason != "" {
		return Manifest{}, &fileError{path: d.File(ManifestFile), line: 1, column: 1, reason: reason}
	}
	return m, d.findAPI(&m.Spec)
}

// WriteManifest writes the run's manifest, in the current format and with its
// times in UTC.
func (d Dir) WriteManifest(m Manifest) error {
	if !m.State.isValid() {
		return fmt.Errorf("writing %s: %s", d.File(ManifestFile), m.State.explainInvalid())
	}
	m.Format = Format
	m.Start, m.End, m.Base = m.Start.UTC(), m.End.UTC(), m.Base.UTC()
	return d.WriteJSON(ManifestFile, &m)
}

// DurationText is a duration that is written as Go writes durations: 250ms, 1m0s.
type DurationText time.Duration

// String returns the duration as Go writes it.
func (d DurationText) String() string { return time.Duration(d).String() }

// MarshalText is the inverse of UnmarshalText.
func (d DurationText) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads a duration.
func (d *DurationText) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	if err != nil {
		return &valueError{string(text), fmt.Sprintf("%.40q is not a duration like 250ms or 1m0s", text)}
	}
	*d = DurationText(parsed)
	return nil
}
