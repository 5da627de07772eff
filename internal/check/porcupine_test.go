package check

import (
	"math"

	"github.com/anishathalye/porcupine"

	"github.com/occbench/occbench/internal/history"
)

// linearizable asks porcupine whether some order of the operations explains all
// answers, for some version at the beginning. With foreign updates the version may
// rise between any two operations.
func linearizable(ops []history.Op, foreign bool) bool {
	records := make(map[string][]porcupine.Operation)
	top := int64(0)
	for i := range ops {
		o := ops[i]
		end := o.End
		if !o.Answered() || o.Kind == history.Update && o.Outcome.Uncertain() {
			end = math.MaxInt64
		}
		records[o.Record] = append(records[o.Record], porcupine.Operation{ClientId: i, Input: o, Call: o.Start, Output: 0, Return: end})
		top = max(top, o.Expected, o.Token)
	}
	model := porcupine.NondeterministicModel{
		Init: func() []any {
			var all []any
			for version := int64(-1); version <= top+2; version++ {
				all = append(all, version)
			}
			return all
		},
		Step: func(state, input, _ any) []any {
			o := input.(history.Op)
			if foreign {
				return stepShared(state.(int64), &o)
			}
			return step(state.(int64), &o)
		},
		Equal: func(a, b any) bool { return a == b },
	}
	m := model.ToModel()
	for _, record := range records {
		if !porcupine.CheckOperations(m, record) {
			return false
		}
	}
	return true
}

// step is the specification: a version that rises by one per update.
func step(version int64, o *history.Op) []any {
	stay, no := []any{version}, []any(nil)
	holds := func(is bool) []any {
		if is {
			return stay
		}
		return no
	}
	switch {
	case o.Kind != history.Update:
		return holds(o.Outcome != history.Seen || version == o.Token)
	case o.Outcome == history.Applied:
		if version == o.Expected && o.Token == version+1 {
			return []any{version + 1}
		}
		return no
	case o.Outcome.Uncertain():
		if version == o.Expected {
			return []any{version, version + 1}
		}
	case o.Outcome == history.Conflict && o.Token >= 0:
		return holds(version == o.Token && version != o.Expected)
	case o.Outcome == history.Conflict:
		return holds(version != o.Expected)
	}
	return stay
}

// stepShared is the same where others may update the record at any time.
func stepShared(version int64, o *history.Op) []any {
	switch {
	case o.Kind == history.Update && o.Outcome == history.Conflict && o.Token < 0:
		if version < o.Expected {
			return []any{version, o.Expected + 1}
		}
		return []any{max(version, o.Expected+1)}
	case o.Kind == history.Update && o.Outcome == history.Applied:
		version = max(version, o.Expected)
	case o.Token >= 0:
		version = max(version, o.Token)
	}
	return step(version, o)
}
