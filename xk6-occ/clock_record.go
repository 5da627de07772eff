package occ

import (
	"fmt"
	"time"

	"github.com/occbench/occbench/internal/operator"
	"github.com/occbench/occbench/internal/run"
)

// clockRecordTime is for how long each generator plays on the clock records, after its first
// audit and before its others. Starts of generators differ by a tenth of a second and more.
const clockRecordTime = time.Second

// playClockRecord lets this generator update its clock record and read those of the others of
// the run, so that their clocks can be compared. A run of one has none, and so has one that uses
// all records for the load.
func (i *instance) playClockRecord(p *run.Spec, shop operator.Shop) error {
	records, part := i.run.clockRecords(recordSetOf(p, shop.API())), &i.run.part
	if records == nil || part.index >= records.Len() {
		return nil
	}
	err := operator.PlayClockRecord(i.vu.Context(), operator.Config{
		Roster: records, Shop: shop, Number: part.clockOperator(p), Word: i.run.word, Spec: run.Spec{RandSeed: p.RandSeed},
		Record: i.run.recording.record,
	}, part.index, clockRecordTime)
	if err != nil {
		return fmt.Errorf("playing on the clock records: %w", err)
	}
	return nil
}
