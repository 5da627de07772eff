package measure

import (
	"cmp"
	"slices"

	"github.com/occbench/occbench/internal/history"
)

// Races are the results of the crew that plays races beside the load. Its
// operations are in no other number.
type Races struct {
	Each     []RaceCount             `json:"races"`    // by the number of attempts in a race, the smallest first
	Unmet    int                     `json:"unmet"`    // races in which no two attempts met, so that they say nothing
	Outcomes map[history.Outcome]int `json:"outcomes"` // of their attempts
	Reads    int                     `json:"reads"`
}

// RaceCount counts races of one size.
type RaceCount struct {
	Of     int `json:"of"`     // attempts of a race
	Played int `json:"played"` // races in which two attempts met
	Lost   int `json:"lost"`   // of them, races in which more than one attempt was acknowledged
}

// CountMet returns how many races there were in which two attempts met, and in how
// many of them an update was lost.
func CountMet(each []RaceCount) (played, lost int) {
	for _, c := range each {
		played, lost = played+c.Played, lost+c.Lost
	}
	return played, lost
}

// races follows the races of a history.
type races struct {
	open     map[string]*race // by record
	counts   map[int]*RaceCount
	unmet    int
	outcomes map[history.Outcome]int
	reads    int
}

// race is the attempts of one race that are known so far.
type race struct {
	expected int64
	attempts []raced
}

// raced is one attempt of a race.
type raced struct {
	operator   int32
	start, end int64
	outcome    history.Outcome
}

func (r *races) add(op *history.Op) {
	if op.Kind == history.Read {
		r.reads++
		return
	}
	if r.open == nil {
		r.open, r.counts, r.outcomes = map[string]*race{}, map[int]*RaceCount{}, map[history.Outcome]int{}
	}
	r.outcomes[op.Outcome]++
	if op.Attempt > 1 {
		return // the loser's next update competes with none of the race
	}
	now := r.open[op.Record]
	if now == nil || now.expected != op.Expected || now.has(op.Operator) {
		r.countRace(now)
		now = &race{expected: op.Expected}
		r.open[op.Record] = now
	}
	now.attempts = append(now.attempts, raced{op.Operator, op.Start, op.End, op.Outcome})
}

func (r *race) has(operator int32) bool {
	return slices.ContainsFunc(r.attempts, func(a raced) bool { return a.operator == operator })
}

// countRace counts a race that is over.
func (r *races) countRace(over *race) {
	switch {
	case over == nil:
	case !over.hasMet():
		r.unmet++
	default:
		of := len(over.attempts)
		c := r.counts[of]
		if c == nil {
			c = &RaceCount{Of: of}
			r.counts[of] = c
		}
		c.Played++
		if over.hasLost() {
			c.Lost++
		}
	}
}

// hasMet reports whether an attempt that was acknowledged was under way at the same
// time as another that the server decided, too. Without a winner the version was
// not the current one; an attempt that was throttled, failed or was lost on its
// way had no rival.
func (r *race) hasMet() bool {
	for i, a := range r.attempts {
		if a.outcome != history.Applied {
			continue
		}
		for j, b := range r.attempts {
			if i != j && (b.outcome == history.Applied || b.outcome == history.Conflict) && a.start < b.end && b.start < a.end {
				return true
			}
		}
	}
	return false
}

// hasLost reports whether two attempts were told that they made the next version.
func (r *race) hasLost() bool {
	won := 0
	for _, a := range r.attempts {
		if a.outcome == history.Applied {
			won++
		}
	}
	return won > 1
}

// numbers returns what the races so far come to; nil when there were none.
func (r *races) numbers() *Races {
	if r.open == nil && r.reads == 0 {
		return nil
	}
	all := races{counts: map[int]*RaceCount{}, unmet: r.unmet}
	for of, c := range r.counts {
		copied := *c
		all.counts[of] = &copied
	}
	for _, open := range r.open {
		all.countRace(open)
	}
	n := &Races{Each: []RaceCount{}, Unmet: all.unmet, Outcomes: addCounts(r.outcomes, nil), Reads: r.reads}
	for _, c := range all.counts {
		n.Each = append(n.Each, *c)
	}
	slices.SortFunc(n.Each, func(a, b RaceCount) int { return cmp.Compare(a.Of, b.Of) })
	return n
}
