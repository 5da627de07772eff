package probe

import (
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/api"
)

// Line is one row of the contract and what the target made of it.
type Line struct {
	Name     string   `json:"name"`
	State    State    `json:"state"`
	Severity Severity `json:"severity,omitempty"` // set when the line differs
	Asked    string   `json:"asked,omitempty"`    // method, path, and the body where it matters
	Expected string   `json:"expected"`
	Answered Answered `json:"answered,omitzero"`
	Detail   string   `json:"detail,omitempty"` // in what it differs, or why it was not asked
	Why      string   `json:"why"`              // why a run cares
}

// Answered is the answer a line was decided on: for a race, that of the mover
// which decided it.
type Answered struct {
	HTTP    int     `json:"http,omitempty"`
	Code    string  `json:"code,omitempty"`
	Excerpt string  `json:"excerpt,omitempty"` // the start of the body, printable, at most 160 characters
	Millis  float64 `json:"ms,omitempty"`
}

// State is what became of a line.
type State string

// The states of a line.
const (
	OK      State = "ok"
	Differs State = "differs"
	Unasked State = "unasked" // could not be asked, or was not answered
)

// Severity says what a difference means for a run.
type Severity string

// The severities. A deviation is survived by the client; a defect is a broken
// promise about concurrency, which the run will prove or refute; after a fatal
// difference a run would measure nonsense.
const (
	Deviation Severity = "deviation"
	Broken    Severity = "defect"
	Fatal     Severity = "fatal"
)

// row is the part of a line that does not depend on the target.
type row struct {
	name, expected, why string
	severity            Severity // of a difference
	needsCards          bool
}

// rows is the contract, in the order in which it is asked and shown.
var rows = []row{
	{name: "health", expected: "200, data with status ok, service, version and store", severity: Deviation,
		why: "a result is worth nothing without the build it was measured on"},
	{name: "board", expected: "200, five columns of items", severity: Deviation,
		why: "every turn begins with reading it"},
	{name: "card_shape", expected: "id a string, version an integer from 1, a known status", severity: Deviation,
		why: "the version is what a move is conditional on"},
	{name: "app_version", expected: "header X-App-Version on every answer", severity: Deviation,
		why: "a deploy in the middle of a run is seen by it"},
	{name: "correlation_id", expected: "header X-Correlation-Id comes back as sent", severity: Deviation,
		why: "one attempt is found in the server's log by it"},
	{name: "bad_date", expected: "{invalid}", severity: Deviation,
		why: "a mistyped date must not look like an empty board"},
	{name: "single_card", expected: "200, the card with its version", severity: Deviation, needsCards: true,
		why: "a board reconciles one card with it"},
	{name: "stats", expected: "200, jobsToday, onPrem, statusCounts", severity: Deviation,
		why: "the dashboard shows it beside the board"},
	{name: "happy_move", expected: "200, the new status and version", severity: Fatal, needsCards: true,
		why: "without an accepted move there is nothing to measure"},
	{
		name:       "version_returned",
		expected:   "the version answered is the expected one + 1, and the board shows it",
		severity:   Broken,
		needsCards: true,
		why:        "a client that goes on with another version overwrites somebody or conflicts with itself",
	},
	{name: "stale_move", expected: "{conflict}", severity: Broken, needsCards: true,
		why: "accepting it is a lost update"},
	{
		name:       "conflict_fields",
		expected:   "a conflict with the present version and status, and with what was asked for",
		severity:   Deviation,
		needsCards: true,
		why:        "a client reconciles from them without a refetch",
	},
	{name: "stale_illegal_move", expected: "{conflict}, checked before the transition", severity: Broken, needsCards: true,
		why: "another code masks a lost race as the client's own fault"},
	{name: "future_move", expected: "{conflict}", severity: Deviation, needsCards: true,
		why: "a version that was never there was read by no client; accepting it is a lost update"},
	{name: "illegal_move", expected: "{illegal} with from and to", severity: Deviation, needsCards: true,
		why: "a card must not jump over the shop's steps"},
	{name: "same_status_move", expected: "{illegal} with from and to", severity: Deviation, needsCards: true,
		why: "a move that changes nothing must not use up a version"},
	{
		name:       "id_aliases",
		expected:   "{unknown} for ids that are like the card's: with a blank, a leading zero, or 2^32 more",
		severity:   Deviation,
		needsCards: true,
		why:        "one card under two ids has two histories, and a number that is cut off moves another card",
	},
	{name: "updated_at", expected: "it is later after a move than before", severity: Deviation, needsCards: true,
		why: "a client that asks for what changed since its last look goes by it"},
	{name: "unversioned_edit", expected: "a PATCH of the card without a version is refused", severity: Deviation, needsCards: true,
		why: "an edit that leaves the version as it is is overwritten by moves that do not see it"},
	{name: "version_missing", expected: "{invalid} naming {token}", severity: Broken, needsCards: true,
		why: "a move without a version that is applied wins over everybody"},
	{name: "version_ill_typed", expected: "{invalid} naming {token}", severity: Deviation, needsCards: true,
		why: "a version that is guessed from a string is a version nobody read"},
	{name: "version_negative", expected: "{invalid} naming {token}", severity: Deviation, needsCards: true,
		why: "versions count from 1; anything else is a client's fault and no conflict"},
	{name: "status_missing", expected: "{invalid} naming {state}", severity: Deviation, needsCards: true,
		why: "a move to nowhere is a client's fault and no conflict"},
	{name: "status_unknown", expected: "{invalid} naming {state}", severity: Deviation, needsCards: true,
		why: "a card in an unknown column is lost to the board"},
	{name: "unknown_id", expected: "{unknown}", severity: Deviation,
		why: "a card that is gone is told from one that somebody else moved"},
	{name: "non_numeric_id", expected: "{unknown}", severity: Deviation,
		why: "an id that cannot exist must not reach the store as an error"},
	{name: "body_not_json", expected: "{invalid}", severity: Deviation, needsCards: true,
		why: "a broken client is told so, not answered with a server error"},
	{name: "body_too_large", expected: "413", severity: Deviation, needsCards: true,
		why: "a server without a limit is stopped by one request"},
	{name: "wrong_method", expected: "405 with Allow: POST", severity: Deviation,
		why: "a proxy that turns a POST into a GET is noticed"},
	{name: "error_envelope", expected: `{"ok": false, "error": {"code", "message"}}`, severity: Deviation,
		why: "a refusal is classified by its code"},
	{name: "race", expected: "of 8 simultaneous movers one wins, seven get {conflict}", severity: Broken, needsCards: true,
		why: "two winners are a lost update"},
}

// newLines returns the lines of all rows, none asked yet.
func newLines(a *api.API) []Line {
	u := &a.Update
	words := strings.NewReplacer("{conflict}", u.ConflictText(), "{invalid}", u.KindText(api.Invalid), "{unknown}", u.KindText(api.Unknown),
		"{illegal}", u.KindText(api.Illegal), "{token}", u.TokenMember(), "{state}", u.StateMember())
	lines := make([]Line, len(rows))
	for i, r := range rows {
		lines[i] = Line{Name: r.name, State: Unasked, Expected: words.Replace(r.expected), Why: r.why}
	}
	return lines
}

func rowIndex(name string) int {
	return slices.IndexFunc(rows, func(r row) bool { return r.name == name })
}
