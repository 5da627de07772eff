package check

import (
	"math/bits"

	"github.com/occbench/occbench/internal/history"
)

// The oracle decides a small history of one record by brute force: it plays the
// contract in every order that the times allow, with every fate of the attempts
// that have none, from every version and state at the beginning. It shares no
// code with the checker, not even the table of transitions.
//
// A state is a version and a state; a set of them is a bit mask. reach holds,
// for each set of operations that have had their instant, all states in which
// the record can then be.
type oracle struct {
	others bool // others may change the record between any two operations
	reach  [1 << maxOracle]uint64
}

const (
	maxOracle      = 7
	oracleVersions = 8 // -1 to 6: one below and some above all that is said
	oracleStatuses = 5
)

// oracleWords are the states, and oracleLegal says where updates lead; both are
// typed off the contract.
var (
	oracleWords = [oracleStatuses]string{"scheduled", "in_progress", "ready", "completed", "no_show"}
	oracleLegal = map[string][]string{
		"scheduled":   {"in_progress", "no_show"},
		"in_progress": {"ready", "completed", "scheduled"},
		"ready":       {"completed", "in_progress"},
		"no_show":     {"scheduled"},
	}
)

func stateBit(version int64, status int) uint64 {
	return 1 << (uint(version+1)*oracleStatuses + uint(status))
}

// states returns the set of those that want takes.
func states(want func(version int64, status string) bool) (set uint64) {
	for version := int64(-1); version < oracleVersions-1; version++ {
		for i, status := range oracleWords {
			if want(version, status) {
				set |= stateBit(version, i)
			}
		}
	}
	return set
}

func legalMove(from, to string) bool {
	for _, status := range oracleLegal[from] {
		if status == to {
			return true
		}
	}
	return false
}

// oracleStep says what an operation makes of a set of states: those in which its
// answer is right stay, and those in which it is applied advance.
type oracleStep struct {
	stays, moves uint64
	target       int
	never        bool // it may take effect at any later time, or never
}

func stepOf(op *history.Op) (s oracleStep) {
	all := states(func(int64, string) bool { return true })
	shown := func(version int64, status string) bool {
		return version == op.Token && (op.State == "" || status == op.State)
	}
	s.moves = states(func(version int64, status string) bool { return version == op.Expected && legalMove(status, op.Target) })
	for i, status := range oracleWords {
		if status == op.Target {
			s.target = i
		}
	}
	switch op.Outcome {
	case history.Seen:
		s.stays, s.moves = states(shown), 0
	case history.Applied:
		if op.Token != op.Expected+1 || op.State != op.Target {
			s.moves = 0
		}
	case history.Conflict:
		s.moves = 0
		s.stays = states(func(version int64, status string) bool {
			return version != op.Expected && (op.Token < 0 || shown(version, status))
		})
	case history.Rejected:
		s.moves = 0
		s.stays = states(func(version int64, status string) bool {
			return version == op.Expected && !legalMove(status, op.Target) && (op.State == "" || status == op.State)
		})
	case history.Throttled:
		s.stays, s.moves = all, 0
	case history.ServerError:
		s.stays, s.moves, s.never = all, 0, true // it has no effect
	default:
		s.stays, s.never = all, true
	}
	return s
}

func (s *oracleStep) apply(set uint64) uint64 {
	next := set & s.stays
	for moved := set & s.moves; moved != 0; moved &= moved - 1 {
		version := int64(bits.TrailingZeros64(moved)/oracleStatuses) - 1
		next |= stateBit(version+1, s.target)
	}
	return next
}

// foreign adds what others can make of the states: any later version, in any
// state.
func foreign(set uint64) uint64 {
	if set == 0 {
		return 0
	}
	lowest := bits.TrailingZeros64(set) / oracleStatuses
	later := ^uint64(0) << uint((lowest+1)*oracleStatuses)
	return set | later&(1<<(oracleVersions*oracleStatuses)-1)
}

// explains reports whether a correct server can have given all answers.
func (o *oracle) explains(ops []history.Op, steps []oracleStep) bool {
	var before [maxOracle]int // the operations that had ended when this one began
	for i := range ops {
		for j := range ops {
			if !steps[j].never && ops[j].End < ops[i].Start {
				before[i] |= 1 << j
			}
		}
	}
	full := 1<<len(ops) - 1
	clear(o.reach[:full+1])
	o.reach[0] = 1<<(oracleVersions*oracleStatuses) - 1
	for done := 0; done < full; done++ {
		set := o.reach[done]
		if set == 0 {
			continue
		}
		if o.others {
			set = foreign(set)
		}
		for i := range ops {
			if done&(1<<i) == 0 && before[i]&^done == 0 {
				o.reach[done|1<<i] |= steps[i].apply(set)
			}
		}
	}
	return o.reach[full] != 0
}
