package apicheck

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/seed"
)

// Options say what is checked.
type Options struct {
	Target client.Config // its API is the file's
	File   string        // the name of the API file, for messages
	ID     string        // a record that may be updated, where the file makes none; empty: none
	Out    io.Writer     // gets requests, answers and places
	Now    func() time.Time
}

// Finding is something that is not as the file says.
type Finding struct {
	Line, Col int
	Sentence  string
}

// Result is the result of a check.
type Result struct {
	Calls    int // that were answered
	Findings []Finding
}

// session is one check.
type session struct {
	Options
	client  *client.Client
	api     *api.API
	vars    *api.Vars
	word    string // of this check, in every marker
	markers int
	made    bool            // the record is ours
	seen    api.Sight       // the last read; its texts are ours
	marker  string          // that the last write put into the record
	told    map[[2]int]bool // lines and columns of the places of which a finding speaks
	result  Result
}

// findAt is find for a place, of which one sentence is enough.
func (s *session) findAt(at *api.Seen, format string, values ...any) {
	place := [2]int{at.Line, at.Col}
	if s.told[place] {
		return
	}
	if s.told == nil {
		s.told = map[[2]int]bool{}
	}
	s.told[place] = true
	s.addFinding(at.Line, at.Col, format, values...)
}

func (s *session) addFinding(line, col int, format string, values ...any) {
	s.result.Findings = append(s.result.Findings, Finding{line, col, fmt.Sprintf(format, values...)})
}

// setSlot gives the record a time, where the API gives one to records.
func (s *session) setSlot() error {
	if s.api.Seed == nil || !s.api.Seed.UsesSlots() {
		return nil
	}
	slots, err := seed.NewSlots(s.vars.Date, s.Now())
	if err != nil {
		return exit.Usage(err)
	}
	start, end := slots.At(0, 1)
	s.vars.SlotStart, s.vars.SlotEnd = start.Format(time.RFC3339), end.Format(time.RFC3339)
	return nil
}

// drawMarker draws the marker of the next write.
func (s *session) drawMarker() string {
	s.markers++
	s.vars.Marker = "chk" + s.word + "n" + strconv.Itoa(s.markers)
	return s.vars.Marker
}

// checkSight keeps what a call shows of the record, and holds it against what was written.
func (s *session) checkSight(seen api.Sight, line, col int, what string) {
	s.seen = api.Sight{Token: bytes.Clone(seen.Token), State: seen.State, Marker: bytes.Clone(seen.Marker)}
	if len(seen.Token) > 0 && s.api.Counting && api.Integer(string(seen.Token)) == 0 {
		s.addFinding(line, col, "the token is %s in a %s, and no integer from 1; want `token: opaque`, or another place",
			escapeUnprintable(seen.Token), what)
	}
	if len(s.api.States.Names) > 0 && seen.State != "" && !s.api.States.IsValid(seen.State) {
		s.addFinding(line, col, "the state is %q in a %s, and the file names %s", seen.State, what, strings.Join(s.api.States.Names, ", "))
	}
	if s.marker != "" && len(seen.Marker) > 0 && string(seen.Marker) != s.marker {
		s.addFinding(line, col, "the marker is %q in a %s, and %q was written", seen.Marker, what, s.marker)
	}
}
