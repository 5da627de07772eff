package plan

import (
	"github.com/occbench/occbench/internal/predict"
	"github.com/occbench/occbench/internal/workload"
)

// ReduceConflicts returns the smallest changes of a load, each alone, with
// which a correct server stays below the limit of the conflict rate. There are
// none when it is likely to stay below it already.
func ReduceConflicts(load Load) ([]Change, error) {
	if err := load.Check(); err != nil {
		return nil, err
	}
	f, err := newOutlook(load)
	if err != nil {
		return nil, err
	}
	rule := gateRule{judge: judgeConflict, changes: listConflictLevers}
	if rule.judge(f).State == Decidable {
		return nil, nil
	}
	return findSmallestChanges(f, rule)
}

func listConflictLevers(f *outlook) []lever {
	levers := []lever{f.moreRecords(), f.lessLoad()}
	if f.Pick != (workload.Pick{}) {
		levers = append(levers, lever{setting: "pick", to: 1, whole: true, relation: "=", pick: &workload.Pick{}, bare: true,
			set: func(*predict.Parameters, float64) {}, step: stepOne, unit: func(float64) string { return (workload.Pick{}).String() }})
	}
	return levers
}
