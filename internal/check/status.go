package check

import "github.com/occbench/occbench/internal/appointment"

// Statuses are kept as one byte: 0 is unknown, 1 to 5 are the contract's in
// column order.
var words = append([]appointment.Status{""}, appointment.Statuses()...)

// code returns the byte of a status. A status outside the contract is unknown:
// nothing can be proven about what nobody has defined.
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

func bit(status uint8) uint8 { return 1 << status >> 1 }

// leapTable holds the pairs of known statuses between which no move leads.
var leapTable = func() (table [8][8]bool) {
	for from := range words {
		for to := range words {
			table[from][to] = from != 0 && to != 0 && !appointment.Legal(words[from], words[to])
		}
	}
	return table
}()

// illegal reports whether both statuses are known and no move leads from one to
// the other.
func illegal(from, to uint8) bool { return leapTable[from&7][to&7] }
