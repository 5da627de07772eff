package predict

import (
	"math"

	"github.com/occbench/occbench/internal/workload"
)

// What an automatic number of records aims at: enough conflicts to exercise
// recovery, few enough to stay below a limit of 10 % with a few hundred updates.
const (
	aimedConflict = 0.04
	leastRecords  = 8
	mostRecords   = 1000 // all are seeded, and read with every turn
)

// ChooseRecords chooses the number of records at which about 4 % of the attempts
// conflict, at least 8 and at most 1000; p.Records is ignored. Where the number
// of records does not change the rate it is what the pick needs: for first 8,
// for own one record per operator. A forward walk gets enough records to last for
// the run, however many. A skewed pick may show more than 4 % at any number of
// records: Predict tells.
func ChooseRecords(p Parameters) (int, error) {
	p.Records = max(leastRecords, p.Operators)
	if err := p.Check(); err != nil {
		return 0, err
	}
	least := leastRecords
	if p.Pick.IsOwn() {
		least = max(least, p.Operators)
	}
	if p.Walk == workload.Forward {
		lasting, err := CountRecordsToLast(p)
		if err != nil {
			return 0, err
		}
		least = max(least, lasting)
	}
	if p.Pick.IsOwn() || p.Pick.IsFirst() {
		return least, nil
	}
	return findFewestRecords(p, least)
}

// findFewestRecords returns the least number of records, from least to mostRecords, whose conflict
// rate does not exceed aimedConflict.
func findFewestRecords(p Parameters, least int) (int, error) {
	low, high := least, max(least, mostRecords)
	for low < high {
		p.Records = (low + high) / 2
		f, err := computeForecast(p)
		if err != nil {
			return 0, err
		}
		if f.Conflict <= aimedConflict {
			high = p.Records
		} else {
			low = p.Records + 1
		}
	}
	return low, nil
}

// CountRecordsToLast returns how many records a forward walk needs for the whole run. It is asked
// of the very forecast that says whether they run out, or a plan would say that
// so many are needed and, given so many, that they are too few.
func CountRecordsToLast(p Parameters) (int, error) {
	p.Records = max(p.Records, p.Operators, 1)
	for {
		f, err := Expect(p)
		if err != nil || !f.RunsOut() {
			return p.Records, err
		}
		// With more records there are fewer conflicts, so more of them are used up.
		// Two in a hundred are spare: one run updates more than another.
		more := int(math.Ceil(1.02 * f.updateRate() * p.Duration.Seconds() / workload.UpdatesPerRecord))
		p.Records = max(more, p.Records+1+p.Records/200)
	}
}
