package api

import (
	"math/rand/v2"
	"slices"

	"go.yaml.in/yaml/v3"
)

// States are the values of the field that an update changes, and which of them
// may follow which. Without names the API has no states.
type States struct {
	Names []string            // in the order of the file
	Legal map[string][]string // from a state to those that an update may take it to
	// Walks are by name the routes of an operator: from a state to those that it may
	// ask for next. A state without a next one is left alone.
	Walks map[string]map[string][]string
	known interned
}

// IsValid reports whether the file names the state.
func (s *States) IsValid(state string) bool { return slices.Contains(s.Names, state) }

// IsLegal reports whether the file allows an update from one state to another.
func (s *States) IsLegal(from, to string) bool { return slices.Contains(s.Legal[from], to) }

// IsFinal reports whether no legal update leaves a state. An unknown state is
// final: nothing is known to be legal from it.
func (s *States) IsFinal(state string) bool { return len(s.Legal[state]) == 0 }

// Finals returns the states of the file that no legal update leaves.
func (s *States) Finals() []string {
	return slices.DeleteFunc(slices.Clone(s.Names), func(name string) bool { return !s.IsFinal(name) })
}

// Next returns the first of the states to which a walk may take a record that stands in
// a state, and whether there is one.
func (s *States) Next(walk, from string) (to string, ok bool) {
	all := s.Walks[walk][from]
	if len(all) == 0 {
		return "", false
	}
	return all[0], true
}

// Choose returns one of the states to which a walk may take a record, drawn with equal
// chances, so that two clients on one record may want different things.
func (s *States) Choose(walk, from string, draws *rand.Rand) (to string, ok bool) {
	all := s.Walks[walk][from]
	switch len(all) {
	case 0:
		return "", false
	case 1:
		return all[0], true
	}
	return all[draws.IntN(len(all))], true
}

// FindOnward returns a state to which an update is legal and from which legal updates
// lead back, empty where there is none: what may be asked of a record without
// using it up.
func (s *States) FindOnward(from string) string {
	for _, to := range s.Legal[from] {
		if s.Route(to, from) != nil {
			return to
		}
	}
	return ""
}

// FindForbidden returns another state to which no update is legal, empty where there
// is none: one that is not final where possible, so that a target that takes it
// all the same does not lose the record.
func (s *States) FindForbidden(from string) string {
	last := ""
	for _, to := range s.Names {
		switch {
		case to == from || s.IsLegal(from, to):
		case !s.IsFinal(to):
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
	paths, met := [][]string{{from}}, map[string]bool{from: true}
	for len(paths) > 0 {
		path := paths[0]
		paths = paths[1:]
		at := path[len(path)-1]
		if at == to {
			return path[1:]
		}
		for _, next := range s.Names {
			if s.IsLegal(at, next) && !met[next] {
				met[next] = true
				paths = append(paths, append(path[:len(path):len(path)], next))
			}
		}
	}
	return nil
}

// Intern returns a state as a string, without an allocation for one that the
// file names.
func (s *States) Intern(state []byte) string { return s.known.intern(state) }

// states reads the states: their names alone, or with what may follow what. Without
// that every state may follow every other.
func (l *loader) states(n *yaml.Node) States {
	s := States{Legal: map[string][]string{}, Walks: map[string]map[string][]string{}, known: interned{}}
	if n = resolveAlias(n); n.Kind == yaml.SequenceNode {
		s.Names = l.texts(n)
	} else {
		l.object(n, keys{
			"names": func(n *yaml.Node) { s.Names = l.texts(n) },
			"legal": func(n *yaml.Node) {
				l.each(n, func(key, value *yaml.Node) { s.Legal[key.Value] = l.texts(value) })
			},
			"walks": func(n *yaml.Node) {
				l.each(n, func(key, value *yaml.Node) { s.Walks[key.Value] = l.walk(value) })
			},
		})
	}
	if len(s.Names) < 2 {
		l.fail(n, "states need two names or more, or are left out")
	}
	if len(s.Legal) == 0 {
		s.allowAll()
	}
	for _, name := range s.Names {
		s.known[name] = name
	}
	for from, all := range s.Legal {
		for _, state := range append([]string{from}, all...) {
			if !s.IsValid(state) {
				l.fail(n, "%q in legal is none of the names", state)
			}
		}
	}
	for name, steps := range s.Walks {
		for from, all := range steps {
			for _, to := range all {
				if !s.IsLegal(from, to) {
					l.fail(n, "the walk %s goes from %s to %s, which is not legal", name, from, to)
				}
			}
		}
	}
	if len(s.Walks) == 0 {
		s.Walks["cycle"] = s.cycle()
	}
	return s
}

func (s *States) allowAll() {
	for i, from := range s.Names {
		s.Legal[from] = slices.Concat(s.Names[i+1:], s.Names[:i])
	}
}

// cycle returns a walk that never uses a record up.
func (s *States) cycle() map[string][]string {
	steps := map[string][]string{}
	for _, from := range s.Names {
		for _, to := range s.Legal[from] {
			if s.Route(to, from) != nil {
				steps[from] = append(steps[from], to)
			}
		}
	}
	return steps
}

// walk reads from each state those that an operator may ask for next.
func (l *loader) walk(n *yaml.Node) map[string][]string {
	steps := map[string][]string{}
	l.each(n, func(from, to *yaml.Node) { steps[from.Value] = l.texts(to) })
	return steps
}
