package check

import "github.com/occbench/occbench/internal/appointment"

// Statuses are kept as one byte: 0 is unknown, 1 to 5 are the contract's in
// column order.
var words = append([]appointment.Status{""}, appointment.Statuses()...)

// code returns the byte of a state. A state outside the contract is unknown:
// nothing can be proven about what is not defined.
func code(word string) uint8 {
	switch appointment.Status(word) {
	case appointment.Scheduled:
		return 1
	case appointment.InProgress:
		return 2
	case appointment.Ready:
		return 3
	case appointment.Completed:
		return 4
	case appointment.NoShow:
		return 5
	}
	return 0
}

// allStatuses has the bits of all states.
const allStatuses = 1<<5 - 1

func bit(status uint8) uint8 { return 1 << status >> 1 }

// leapTable holds the pairs of known states between which no update leads.
var leapTable = func() (table [8][8]bool) {
	for from := range words {
		for to := range words {
			table[from][to] = from != 0 && to != 0 && !appointment.Legal(words[from], words[to])
		}
	}
	return table
}()

// sourceTable holds, by code, the bits of the states from which an update leads to
// a state.
var sourceTable = func() (table [8]uint8) {
	for to := range words {
		for from := range words {
			if from != 0 && to != 0 && appointment.Legal(words[from], words[to]) {
				table[to] |= bit(uint8(from))
			}
		}
	}
	return table
}()

// sources returns the bits of the states from which an update leads to one of
// those whose bits are given.
func sources(targets uint8) (from uint8) {
	for to := range uint8(len(words)) {
		if targets&bit(to) != 0 {
			from |= sourceTable[to]
		}
	}
	return from
}

// leads reports whether both states are known and an update leads from one to the
// other.
func leads(from, to uint8) bool { return sourceTable[to&7]&bit(from) != 0 }

// illegal reports whether both states are known and no update leads from one to
// the other.
func illegal(from, to uint8) bool { return leapTable[from&7][to&7] }
