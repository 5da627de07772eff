package history

import (
	"fmt"
	"maps"
	"math"
	"testing"
)

// A table holds what a map would, whatever the operators are called.
func TestOperatorTable(t *testing.T) {
	var table OperatorTable[int]
	want := map[int32]int{}
	for i, operator := range []int32{3, 1, 0, 3, -1, mostPlain - 1, mostPlain, math.MaxInt32, 1, mostPlain, -1} {
		at := table.At(operator)
		if *at != want[operator] {
			t.Errorf("operator %d has %d, want %d", operator, *at, want[operator])
		}
		*at += 1 << i
		want[operator] += 1 << i
	}
	got, last := map[int32]int{}, int32(math.MinInt32)
	for operator, v := range table.All() {
		if got[operator] = *v; operator >= 0 && operator < last {
			t.Errorf("operator %d is after %d", operator, last)
		}
		last = max(last, operator)
	}
	if table.Len() != len(want) || !maps.Equal(got, want) {
		t.Errorf("%d operators: %v, want %v", table.Len(), got, want)
	}
}

// Records whose ids share a slot of the shortcut stay apart.
func TestRecordTable(t *testing.T) {
	var table RecordTable[int]
	want := map[string]int{}
	if table.Find("1") != nil || table.Len() != 0 {
		t.Fatal("an empty table knows a record")
	}
	for i := range 3 * 3 * recentRecords {
		id := ""
		if i%7 > 0 {
			id = fmt.Sprint("record-", i%(3*recentRecords))
		}
		*table.At(id) += i
		want[id] += i
	}
	got := map[string]int{}
	for id, v := range table.All() {
		if got[id] = *v; table.Find(id) != v {
			t.Errorf("%q is found elsewhere", id)
		}
	}
	if table.Len() != len(want) || !maps.Equal(got, want) {
		t.Errorf("%d records, want %d, or other values", table.Len(), len(want))
	}
	if table.Find("another") != nil {
		t.Error("a record is known that was not added")
	}
}
