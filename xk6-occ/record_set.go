package occ

import (
	"fmt"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/noun"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/workload"
)

// recordSet names a set of records.
type recordSet struct {
	url, date, tag string
	records        int
	races          workload.Races
	generators     int // that make the load; 0: one
	words          noun.Words
}

// String says which records are in the set.
func (b recordSet) String() string {
	text := fmt.Sprintf("with the tag occbench:%s", b.tag)
	if b.date != "" {
		text = "of " + b.date + " " + text
	}
	return text
}

func recordSetOf(p *run.Spec, by *api.API) recordSet {
	b := recordSet{url: p.Target, tag: p.Tag, records: p.Records, races: p.Races, generators: p.Generators, words: by.Words}
	if by.Uses("date") {
		b.date = p.Date
	}
	return b
}

// divideRecords divides the records with the tag, in the order of the audit, into those
// of the load, those that are kept for races and, where there are several generators, a
// clock record for each. A load that uses all leaves a tenth at most, and otherwise nothing.
func divideRecords(ids []string, b recordSet) (load, races, timing []string) {
	clocks := 0
	if b.generators > 1 {
		clocks = b.generators
	}
	need := b.races.Records() + clocks
	load = ids
	if b.records > 0 && b.records < len(ids) {
		load, races = ids[:b.records], ids[b.records:]
	}
	if b.records == 0 && len(ids) >= 10*need {
		load, races = ids[:len(ids)-need], ids[len(ids)-need:]
	}
	if races = races[:min(need, len(races))]; len(races) == need {
		races, timing = races[:need-clocks], races[need-clocks:]
	}
	return load, races, timing
}

// newNoRecordsError returns the error for declared races that cannot be played for lack of
// records.
func newNoRecordsError(b recordSet, there int) error {
	return fmt.Errorf(
		"races %s cannot be played: there are %s %s, the load uses them all, and races need %d of "+
			"their own; seed more (occbench seed), or use --races off",
		b.races,
		b.words.CountRecords(there),
		b,
		workload.RaceRecords,
	)
}
