package release

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/run"
)

// Format is the version of the release file.
const Format = 1

// Record is the content of a release file. What it takes to go back is written
// before anything changes and is never changed afterwards; the rest says how
// far the release came.
type Record struct {
	Format   int       `json:"format"`
	Platform string    `json:"platform"`
	Begun    time.Time `json:"begun"` // UTC
	Tag      string    `json:"tag"`
	Function string    `json:"function"` // with account and region
	Alias    string    `json:"alias"`
	URL      string    `json:"url,omitempty"` // where it was validated
	Preview  *Preview  `json:"preview,omitempty"`
	Captured Captured  `json:"captured"`
	Wanted   Target    `json:"wanted"`
	Staged   *Version  `json:"staged,omitempty"` // the new version, once it is there
	Canary   float64   `json:"canary,omitempty"` // share of the first validation, 0–1
	State    State     `json:"state"`
	// Outcome is a sentence about the end.
	Outcome     string       `json:"outcome,omitempty"`
	Steps       []Step       `json:"steps"`
	Validations []Validation `json:"validations,omitempty"`
	// Checksum is the SHA-256 of the file with this field empty: what was edited
	// or damaged is no way back.
	Checksum string `json:"checksum"`
}

// Captured describes the version that was live.
type Captured struct {
	Version
	Named string `json:"named,omitempty"` // the image as it was named when it was deployed
	Next  string `json:"next_sha256"`     // of the code that the next version would have carried
	Build string `json:"build,omitempty"` // what it called itself; empty: it was not well
}

// Preview is where callers are not.
type Preview struct {
	Alias string `json:"alias"`
	URL   string `json:"url"`
}

// Target describes the version that was to become live.
type Target struct {
	Image       string `json:"image"`
	SHA256      string `json:"sha256,omitempty"` // where the platform told it beforehand
	ExpectBuild string `json:"expect_build"`
}

// Step is something that was done.
type Step struct {
	At   time.Time `json:"at"` // UTC
	What string    `json:"what"`
}

// Validation is a validation that was made.
type Validation struct {
	Share   float64  `json:"share"` // of the traffic that the new version had, 0–1; 0: at the preview
	Run     string   `json:"run,omitempty"`
	Verdict Verdict  `json:"verdict,omitempty"` // empty: it could not be made
	Reasons []string `json:"reasons,omitempty"`
}

// State is how far a release came.
type State string

// The states. Released and rolled back are ends, stranded wants a rollback; in the
// others the release is under way or was killed.
const (
	StateCaptured   State = "captured"    // nothing has changed
	StateStaged     State = "staged"      // the new version is there and serves no caller
	StatePreviewed  State = "previewed"   // the preview shows it, and it serves no caller
	StateCanary     State = "canary"      // it serves a share
	StateShifted    State = "shifted"     // it serves everybody and is not validated where it does
	StateReleased   State = "released"    // it serves everybody and is validated
	StateRolledBack State = "rolled_back" // what was captured serves again
	StateStranded   State = "stranded"    // going back failed: `occbench rollback` is wanted
)

func (s State) isValid() bool {
	return slices.Contains([]State{StateCaptured, StateStaged, StatePreviewed, StateCanary, StateShifted, StateReleased, StateRolledBack,
		StateStranded}, s)
}

// IsFinal reports whether nothing is left to do.
func (s State) IsFinal() bool { return s == StateReleased || s == StateRolledBack }

// Read reads a release file and refuses what cannot be trusted as the way back.
func Read(path string) (Record, error) {
	var r Record
	if err := run.ReadJSON(path, &r); err != nil {
		return r, &exit.Problem{Doing: "reading a release file", Cause: err, Usage: true, Unchanged: true, Next: elsewhere}
	}
	if err := r.check(); err != nil {
		return r, &exit.Problem{Doing: "reading the release file " + path, Cause: err, Usage: true, Unchanged: true, Next: elsewhere}
	}
	return r, nil
}

// elsewhere tells what to do about a file that is no way back.
const elsewhere = "give the file of another release, `occbench rollback releases/….json`, or point the alias by " +
	"hand, `aws lambda update-alias`"

func (r *Record) check() error {
	switch {
	case r.Format != Format:
		return fmt.Errorf("its format is %d, not %d", r.Format, Format)
	case !r.State.isValid():
		return fmt.Errorf("its state %.40q is none", string(r.State))
	case r.Function == "" || r.Alias == "" || r.Captured.ID == "" || r.Captured.SHA256 == "":
		return errors.New("it does not say which version of which function was live, so there is nothing to go back to")
	case r.Checksum != r.checksum():
		return errors.New("its content is not what was written: the checksum differs")
	}
	return nil
}

// checksum returns the checksum of the record.
func (r *Record) checksum() string {
	bare := *r
	bare.Checksum = ""
	text, err := json.Marshal(bare)
	if err != nil {
		// Only a value that JSON has no number for could be the reason; such a
		// record is not one that was read, and no checksum equals this.
		return "none: " + err.Error()
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// write puts the record on the disk, whole or not at all, and its name as well.
func (r *Record) write(path string) error {
	r.Checksum = r.checksum()
	if err := run.WriteJSON(path, r); err != nil {
		return err
	}
	return syncFolder(path)
}

// note adds a step.
func (r *Record) note(now time.Time, format string, args ...any) {
	r.Steps = append(r.Steps, Step{now.UTC(), fmt.Sprintf(format, args...)})
}
