// Package appointment holds the words of the move-appointment API: statuses,
// legal transitions, and the JSON bodies of its calls.
//
// It is the reference server's own vocabulary. What reads and judges its answers
// goes by apis/appointments.yaml, so that a mistake in one of the two is found.
package appointment

import "slices"

// Name is the API file by which clients speak this API.
const Name = "appointments"

// Status is the column of the board a card stands in.
type Status string

// The statuses, in the order in which a board shows its columns.
const (
	Scheduled  Status = "scheduled"
	InProgress Status = "in_progress"
	Ready      Status = "ready"
	Completed  Status = "completed"
	NoShow     Status = "no_show"
)

var statuses = []Status{Scheduled, InProgress, Ready, Completed, NoShow}

// transitions maps a status to the statuses a move may take it to.
var transitions = map[Status][]Status{
	Scheduled:  {InProgress, NoShow},
	InProgress: {Ready, Completed, Scheduled},
	Ready:      {Completed, InProgress},
	NoShow:     {Scheduled},
	Completed:  nil,
}

// Statuses returns every status in column order; the caller owns the slice.
func Statuses() []Status { return slices.Clone(statuses) }

// IsValid reports whether s is a status of the contract.
func (s Status) IsValid() bool { return slices.Contains(statuses, s) }

// IsFinal reports whether no legal move leaves s. An unknown status is final:
// nothing is known to be legal from it.
func (s Status) IsFinal() bool { return len(transitions[s]) == 0 }

// IsLegal reports whether the contract allows a move from one status to another.
// A move to the same status is never legal.
func IsLegal(from, to Status) bool { return slices.Contains(transitions[from], to) }

// Sources returns the statuses from which a move to the given one is legal, in
// column order: the list in the WHERE clause of the conditional UPDATE.
func Sources(to Status) []Status {
	var from []Status
	for _, s := range statuses {
		if IsLegal(s, to) {
			from = append(from, s)
		}
	}
	return from
}
