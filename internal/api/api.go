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
	Counting bool   // tokens are integers that rise by one
	Trace    string // the header that comes back as it was sent, in canonical form; empty: none does
	States   States
	Headers  []Header // sent with every request
	Build    string   // the header in which every answer names its build, in canonical form; empty: none does
	Health   *Health
	List     *List
	Read     *Read
	Update   Update
	Extra    []Extra // calls beside these, which the probe makes
}

// Words are the nouns that people read about this API: what a record, an
// update and a list are called in it.
type Words struct{ Record, Update, List string }

// States are the values of the field that an update changes, and which of them
// may follow which. Without names the API has no states.
type States struct {
	Names []string            // in the order of the file
	Legal map[string][]string // from a state to those that an update may take it to
	// Walks are by name the routes of an operator: from a state to the one that it
	// asks for next. A state without a next one is left alone.
	Walks map[string]map[string]string
	known interned
}

// interned holds the one copy of each of some texts.
type interned map[string]string

func (i interned) intern(text []byte) string {
	if one, ok := i[string(text)]; ok {
		return one
	}
	return string(text)
}

// Valid reports whether the file names the state.
func (s *States) Valid(state string) bool { return slices.Contains(s.Names, state) }

// IsLegal reports whether the file allows an update from one state to another.
func (s *States) IsLegal(from, to string) bool { return slices.Contains(s.Legal[from], to) }

// Final reports whether no legal update leaves a state. An unknown state is
// final: nothing is known to be legal from it.
func (s *States) Final(state string) bool { return len(s.Legal[state]) == 0 }

// Next returns where a walk takes a record that stands in a state, and whether it
// takes it anywhere.
func (s *States) Next(walk, from string) (to string, ok bool) {
	to, ok = s.Walks[walk][from]
	return to, ok
}

// Back returns a state to which an update is legal and from which the walk comes,
// other than the walk's next: a step back on it.
func (s *States) Back(walk, from string) (to string, ok bool) {
	for _, to := range s.Names {
		if next := s.Walks[walk]; next[to] == from && next[from] != to && s.IsLegal(from, to) {
			return to, true
		}
	}
	return "", false
}

// Onward returns a state to which an update is legal and from which legal updates
// lead back, empty where there is none: what may be asked of a record without
// using it up.
func (s *States) Onward(from string) string {
	for _, to := range s.Legal[from] {
		if s.Route(to, from) != nil {
			return to
		}
	}
	return ""
}

// Forbidden returns another state to which no update is legal, empty where there
// is none: one that is not final where possible, so that a target that takes it
// all the same does not lose the record.
func (s *States) Forbidden(from string) string {
	last := ""
	for _, to := range s.Names {
		switch {
		case to == from || s.IsLegal(from, to):
		case !s.Final(to):
			return to
		case last == "":
			last = to
		}
	}
	return last
}

// Route returns the shortest chain of legal updates from one state to another,
// nil when there is none and empty when they are the same: a search in breadth.
func (s *States) Route(from, to string) []string {
	paths := [][]string{{from}}
	for len(paths) > 0 && len(paths[0]) <= len(s.Names) {
		path := paths[0]
		paths = paths[1:]
		at := path[len(path)-1]
		if at == to {
			return path[1:]
		}
		for _, next := range s.Names {
			if s.IsLegal(at, next) {
				paths = append(paths, append(path[:len(path):len(path)], next))
			}
		}
	}
	return nil
}

// Intern returns a state as a string, without an allocation for one that the
// file names.
func (s *States) Intern(state []byte) string { return s.known.intern(state) }
