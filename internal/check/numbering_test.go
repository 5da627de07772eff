package check

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/history/historytest"
)

// tell writes a history for the log of a failed test.
func tell(ops []history.Op) string {
	text := ""
	for i := range ops {
		text += string(history.AppendOp(nil, &ops[i]))
	}
	return text
}

// TestOpaqueOracle accuses no server that can have been correct, with another writer
// and without, and finds all that cannot but for the rows of the table of what is lost.
func TestOpaqueOracle(t *testing.T) {
	n := countHistories(t, 2_000)
	var wrong, found [2]int
	lost := map[string]int{}
	for i := range n {
		r := rand.New(rand.NewPCG(uint64(i), 77))
		ops := opaqueHistory(r)
		for k, shared := range []bool{false, true} {
			report := History(ops, nil, Options{API: shop, Opaque: true, Shared: shared, Excerpt: true})
			right := explainable(ops, shared)
			if i < 20_000 {
				proven(t, &report)
			}
			if right && len(report.Anomalies) > 0 {
				t.Fatalf("seed %d, shared %t: a correct server is accused of %s\n%s", i, shared, report.Anomalies[0].Sentence, tell(ops))
			}
			if right {
				continue
			}
			wrong[k]++
			if len(report.Anomalies) > 0 {
				found[k]++
				continue
			}
			least := shortestMiss(ops, shared)
			rows := rowsOf(least, shared)
			if rows == "" {
				t.Fatalf("seed %d, shared %t: nothing is found, and no row of %s says why\n%s", i, shared, invariantsPage, tell(least))
			}
			lost[rows]++
		}
	}
	t.Logf("%d histories: %d that no correct server gives, of which %d are found; %d whatever others did, of which %d are found",
		n, wrong[0], found[0], wrong[1], found[1])
	for what, times := range lost {
		t.Logf("%d: %s", times, what)
	}
	if found[0] < wrong[0]*2/3 || found[1] < wrong[1]*95/100 {
		t.Errorf("only %d of %d wrong histories are found, of those that are wrong whatever others did %d of %d", found[0], wrong[0], found[1], wrong[1])
	}
}

// TestOpaqueAsCounting gives the versions of small counting histories names: where
// a correct server can have given the history, it can still.
func TestOpaqueAsCounting(t *testing.T) {
	n := countHistories(t, 3_000)
	wrong, found := 0, 0
	for i := range n {
		ops := smallHistory(rand.New(rand.NewPCG(uint64(i), 5)))
		counting := History(ops, nil, Options{API: shop, Excerpt: true})
		for j := range ops {
			ops[j].TokenText, ops[j].Token = nameVersion(ops[j].Token), history.None
			ops[j].ExpectedText, ops[j].Expected = nameVersion(ops[j].Expected), history.None
		}
		opaque := History(ops, nil, Options{API: shop, Excerpt: true, Opaque: true})
		switch {
		case len(counting.Anomalies) == 0 && len(opaque.Anomalies) > 0:
			t.Fatalf("seed %d: a correct server is accused of %s\n%s", i, opaque.Anomalies[0].Sentence, tell(ops))
		case len(counting.Anomalies) > 0:
			wrong++
			if len(opaque.Anomalies) > 0 {
				found++
			}
		}
	}
	t.Logf("%d histories: %d are wrong when tokens count, of which %d are found when they do not", n, wrong, found)
	if wrong == 0 || found < wrong/3 {
		t.Errorf("%d of %d are found", found, wrong)
	}
}

func nameVersion(version int64) string {
	if version == history.None {
		return ""
	}
	return fmt.Sprintf("%x", uint32(version+1)*2654435761)
}

// TestNumbering judges histories with tokens that say nothing.
func TestNumbering(t *testing.T) {
	for _, c := range []struct {
		name, lines string
		want        []string
		aside       int
	}{
		{"two successors of a token", `
			10,14,,1,update,r,%22a%22,,applied,200,%22b%22,,1,,,
			11,15,,2,update,r,%22a%22,,applied,200,%22c%22,,1,,,`,
			[]string{`Two updates of record r were both confirmed although both started from token "a", so one was overwritten.`}, 0},
		{"two successors, whose tokens only reads show", `
			10,14,,1,update,r,%22a%22,,applied,204,,,1,,m1,
			20,24,,2,update,r,%22a%22,,applied,204,,,1,,m2,
			30,31,,3,read,r,,,seen,200,%22c%22,,1,,m2,`,
			[]string{`Two updates of record r were both confirmed although both started from token "a", so one was overwritten.`}, 0},
		{"a read of the past", `
			10,14,,1,update,r,%22a%22,,applied,200,%22b%22,,1,,,
			20,21,,2,read,r,,,seen,200,%22a%22,,1,,,
			30,31,,2,read,r,,,seen,200,%22b%22,,1,,,`,
			[]string{`Record r was shown with token "a" after token "b" had been confirmed or seen: the read was out of date.`}, 0},
		{"a confirmation that shows the old token", `
			10,14,,1,update,r,%22a%22,,applied,200,%22a%22,,1,,,`,
			nil, 0},
		{"a confirmation that shows the old token for another state", `
			2,3,,1,read,r,,,seen,200,%22a%22,ready,1,,,
			10,14,,1,update,r,%22a%22,completed,applied,200,%22a%22,,1,,,`,
			[]string{`An update of record r from token "a" was confirmed with the same token, although it changed the content.`}, 0},
		{"a confirmation of a marker that shows the old token", `
			10,14,,1,update,r,%22a%22,,applied,200,%22a%22,,1,,m1,`,
			[]string{`An update of record r from token "a" was confirmed with the same token, although it changed the content.`}, 0},
		{"a token comes back without its contents being known", `
			10,11,,1,read,r,,,seen,200,%22b%22,,1,,,
			20,21,,1,read,r,,,seen,200,%22a%22,,1,,,`,
			[]string{`Record r had token "a" again after it had had token "b".`}, 0},
		{"a token that is updated from after another update", `
			10,14,,1,update,r,%22b%22,,applied,204,,,1,,m1,
			20,24,,2,update,r,%22a%22,,applied,204,,,1,,m2,`,
			[]string{`Record r had token "a" again after it had had token "b".`}, 0},
		{"updates that follow each other, and another one meanwhile", `
			22,26,,1,update,r,%22a%22,,applied,200,%22b%22,,1,,m1,
			20,28,,2,update,r,%22x%22,,applied,200,%22y%22,,1,,m2,
			29,34,,3,update,r,%22b%22,,applied,200,%22c%22,,1,,m3,`,
			[]string{`Record r had token "y" in between token "a" and token "b" and token "c", which follow each other.`}, 0},
		{"a content that is read before and after another one was", `
			24,25,,1,update,r,%22a%22,,applied,200,%22b%22,,1,,m1,
			23,30,,2,update,r,%22x%22,,applied,200,%22c%22,,1,,m2,
			30,34,,3,read,r,,,seen,200,%22c%22,,1,,m2,
			35,43,,3,read,r,,,seen,200,%22b%22,,1,,m1,`,
			[]string{`Record r had token "b" again after it had had token "c".`}, 0},
		{"a token that is updated from while another update is under way", `
			10,24,,1,update,r,%22b%22,,applied,204,,,1,,m1,
			20,24,,2,update,r,%22a%22,,applied,204,,,1,,m2,`, nil, 0},
		{"a refused update whose marker is there", `
			2,3,,1,read,r,,,seen,200,%22a%22,,1,,m0,
			10,14,,1,update,r,%22a%22,,conflict,412,,,1,,m1,
			20,21,,2,read,r,,,seen,200,%22b%22,,1,,m1,`,
			[]string{`An update of record r from token "a" was answered 412, and yet it was applied: a read shows its marker with token "b".`}, 0},
		{"an unanswered update without a marker may have made any token", `
			10,,,1,update,r,%22a%22,,no_answer,,,,1,,,
			20,21,,2,read,r,,,seen,200,%22b%22,,1,,,
			30,31,,2,update,r,%22b%22,,applied,200,%22c%22,,1,,,
			40,41,,3,read,r,,,seen,200,%22c%22,,1,,,`, nil, 5},
		{"tokens of another writer are apart", `
			20,21,,2,read,r,,,seen,200,%22x%22,,1,,,
			22,23,,2,update,r,%22x%22,,applied,200,%22y%22,,1,,,
			24,25,,2,read,r,,,seen,200,%22z%22,,1,,,`, nil, 0},
		{"a hash of the content comes back", `
			10,11,,1,update,r,%22a%22,,applied,200,%22b%22,,1,,,
			20,21,,1,update,r,%22b%22,,applied,200,%22a%22,,1,,,
			30,31,,1,update,r,%22a%22,,applied,200,%22b%22,,1,,,`, nil, 7},
	} {
		t.Run(c.name, func(t *testing.T) {
			ops := historytest.Parse(t, "0,1,,0,audit,r,,,seen,200,%22a%22,,,,,"+c.lines)
			report := History(ops, nil, Options{API: shop, Opaque: true, Excerpt: true})
			var got []string
			for _, f := range report.Anomalies {
				got = append(got, f.Sentence)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("anomalies (-want +got):\n%s", diff)
			}
			if aside := len(report.SetAside); aside > 0 != (c.aside > 0) {
				t.Errorf("set aside: %+v", report.SetAside)
			}
			for _, f := range report.Anomalies {
				if f.Record != "r" || len(f.Operations) == 0 || f.Operations[0].Record != "r" {
					t.Errorf("record %q, operations %+v", f.Record, f.Operations)
				}
			}
		})
	}
}
