package check

import (
	"slices"

	"github.com/occbench/occbench/internal/api"
)

// mostStates is how many states are told apart; those beyond are unknown, so that
// nothing is proven about them.
const mostStates = 7

// stateTable holds the states of an API and their legal transitions. A state is one byte: 0 is unknown, 1 and so on are the
// API's in its order.
type stateTable struct {
	names  []string
	judges func(status int) bool                // a refusal with this status judges the request itself; nil: none does
	all    uint8                                // the bits of all
	leaps  [mostStates + 1][mostStates + 1]bool // both are known, and no update leads from one to the other
	from   [mostStates + 1]uint8                // by code, the bits of those from which an update leads to a state
}

// newStates returns the states of an API; nil: none.
func newStates(a *api.API) *stateTable {
	s := &stateTable{}
	if a == nil || len(a.States.Names) == 0 { // as if all records were in one state, from which it can be updated
		s.all, s.from[1] = bit(1), bit(1)
		return s
	}
	s.judges = a.Update.Judges
	s.names = a.States.Names[:min(len(a.States.Names), mostStates)]
	for from := range s.names {
		s.all |= bit(uint8(from + 1))
		for to := range s.names {
			if a.States.IsLegal(s.names[from], s.names[to]) {
				s.from[to+1] |= bit(uint8(from + 1))
			} else {
				s.leaps[from+1][to+1] = true
			}
		}
	}
	return s
}

// code returns the byte of a state. One that the API does not have is unknown:
// nothing can be proven about what is not defined.
func (s *stateTable) code(word string) uint8 {
	if word == "" {
		return 0
	}
	return uint8(slices.Index(s.names, word) + 1)
}

func bit(status uint8) uint8 { return 1 << status >> 1 }

// sources returns the bits of the states from which an update leads to one of
// those whose bits are given.
func (s *stateTable) sources(targets uint8) (from uint8) {
	for to := range s.from {
		if targets&bit(uint8(to)) != 0 {
			from |= s.from[to]
		}
	}
	return from
}

// leads reports whether both states are known and an update leads from one to the
// other.
func (s *stateTable) leads(from, to string) bool {
	return s.from[s.code(to)]&bit(s.code(from)) != 0
}

// illegal reports whether both states are known and no update leads from one to
// the other.
func (s *stateTable) illegal(from, to uint8) bool { return s.leaps[from&mostStates][to&mostStates] }
