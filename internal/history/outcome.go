package history

import (
	"fmt"
	"slices"
	"strings"
)

var outcomes = [...]string{
	Seen: "seen", Applied: "applied", Conflict: "conflict", Rejected: "rejected", Unauthorized: "unauthorized",
	Throttled: "throttled", ServerError: "server_error", NoAnswer: "no_answer", Malformed: "malformed",
	Absent: "absent",
}

// Outcomes returns every outcome in the order in which reports list them; the
// caller owns the slice.
func Outcomes() []Outcome {
	all := make([]Outcome, 0, len(outcomes)-1)
	for o := Seen; int(o) < len(outcomes); o++ {
		all = append(all, o)
	}
	return all
}

// MoveOutcomes returns those that an attempt can have.
func UpdateOutcomes() []Outcome {
	return slices.DeleteFunc(Outcomes(), func(o Outcome) bool { return o == Seen || o == Absent })
}

// String returns the word of the file's outcome column.
func (o Outcome) String() string {
	if o == 0 || int(o) >= len(outcomes) {
		return fmt.Sprintf("outcome(%d)", uint8(o))
	}
	return outcomes[o]
}

// ParseOutcome is the inverse of String.
func ParseOutcome(word string) (Outcome, error) {
	if i := slices.Index(outcomes[1:], word); i >= 0 {
		return Outcome(i + 1), nil
	}
	return 0, fmt.Errorf("outcome %.40q is none of %s", word, oneOf(outcomes[1:]))
}

// MarshalText makes an outcome a word in JSON, as a value and as a key.
func (o Outcome) MarshalText() ([]byte, error) {
	if o == 0 || int(o) >= len(outcomes) {
		return nil, fmt.Errorf("%s has no word", o)
	}
	return []byte(outcomes[o]), nil
}

// UnmarshalText is the inverse of MarshalText.
func (o *Outcome) UnmarshalText(text []byte) (err error) {
	*o, err = ParseOutcome(string(text))
	return err
}

func oneOf(words []string) string { return strings.Join(words, ", ") }
