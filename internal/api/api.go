// Package api is an API file compiled: how the records of one HTTP interface
// are listed, read and updated, and what its answers mean.
//
// It is the only place that knows paths, field names and status codes. What a
// file says is compiled once: requests become byte segments that are appended
// to a buffer, and all places of one answer become a trie over the keys of its
// JSON, which is walked once without an allocation. A file holds no expressions
// and no loops, so a reader sees all that it does.
//
// The package sends nothing.
package api

import "slices"

// API is one compiled API file. It is immutable and safe for concurrent use.
type API struct {
	Name     string
	Words    Words
	Counting bool // tokens are integers that rise by one
	States   States
	Headers  []Header // sent with every request
	Health   *Health
	List     *List
	Read     *Read
	Update   Update
}

// Words are the nouns that people read about this API: what a record, an
// update and a list are called in it.
type Words struct{ Record, Update, List string }

// States are the values of the field that an update changes, and which of them
// may follow which. Without names the API has no states.
type States struct {
	Names []string            // in the order of the file
	Legal map[string][]string // from a state to those that an update may take it to
	known map[string]string   // the one copy of a name
}

// Valid reports whether the file names the state.
func (s *States) Valid(state string) bool { return slices.Contains(s.Names, state) }

// IsLegal reports whether the file allows an update from one state to another.
func (s *States) IsLegal(from, to string) bool { return slices.Contains(s.Legal[from], to) }

// Final reports whether no legal update leaves a state. An unknown state is
// final: nothing is known to be legal from it.
func (s *States) Final(state string) bool { return len(s.Legal[state]) == 0 }

// Sources returns the states from which an update to the given one is legal,
// in the order of the file.
func (s *States) Sources(to string) []string {
	var from []string
	for _, name := range s.Names {
		if s.IsLegal(name, to) {
			from = append(from, name)
		}
	}
	return from
}

// Intern returns a state as a string, without an allocation for one that the
// file names.
func (s *States) Intern(state []byte) string {
	if name, ok := s.known[string(state)]; ok {
		return name
	}
	return string(state)
}
