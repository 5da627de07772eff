package check

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/goldentest"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/history/historytest"
)

const (
	invariantsPage = "../../docs/invariants.md"
	lostBegin      = "<!-- lost: written by go test ./internal/check -run TestLost -update -->\n"
	lostEnd        = "<!-- end of lost -->\n"
)

// lostRows are histories that no correct server gives where tokens count, and that are not
// found to be wrong where they do not. Versions are the letters of the same place. Either a
// correct server can give the history then, or the row says what the checker does not use,
// and leave takes just that from the oracle, which then explains the history.
var lostRows = []struct {
	what, because string
	id            ID
	shared        bool // it is lost there only
	lines         string
	leave         func(*opaqueOracle)
}{
	{"what only another writer explains, as a content that no attempt wrote (OCC-08), on records of the run's own",
		"only what holds whatever others did is decided: the server may change tokens by itself", OCC08, false, `
		0,1,,0,audit,r,,,seen,200,1,,,,m0,
		10,14,,1,update,r,1,,applied,200,2,,1,,m1,
		20,21,,2,read,r,,,seen,200,3,,1,,mx,`,
		func(o *opaqueOracle) { o.others = true }},
	{"a refused attempt that was applied (OCC-04), where no read shows its marker", "its version may be another writer's", OCC04, false, `
		0,1,,0,audit,r,,,seen,200,1,,,,,
		10,14,,1,update,r,1,,conflict,409,,,1,,m1,
		20,21,,2,read,r,,,seen,200,2,,1,,,`, nil},
	{"a 5xx that was applied (OCC-11), where no read shows its marker", "its version may be another writer's", OCC11, false, `
		0,1,,0,audit,r,,,seen,200,1,,,,,
		10,14,,1,update,r,1,,server_error,500,,,1,,m1,
		20,21,,2,read,r,,,seen,200,2,,1,,,`, nil},
	{"a conflict though no attempt replaced the token (OCC-05), unless the token is read again afterwards, or is updated from afterwards",
		"the server may have changed the token by itself", OCC05, false, `
		0,1,,0,audit,r,,,seen,200,1,,,,m0,
		10,14,,1,update,r,1,,conflict,409,,,1,,m1,`, nil},
	{"a read that is older than a version whose parent is not known (OCC-07, OCC-08)", "of two tokens only that they differ is known", OCC08, false, `
		0,1,,0,audit,r,,,seen,200,1,,,,m0,
		10,11,,1,read,r,,,seen,200,3,,1,,mx,
		20,21,,1,read,r,,,seen,200,2,,1,,my,`, nil},
	{"a body of a conflict that tells a version which was not there (OCC-12), where the parent of that one is not known",
		"of two tokens only that they differ is known", OCC12, false, `
		0,1,,0,audit,r,,,seen,200,2,,,,m0,
		10,14,,1,update,r,1,,conflict,409,0,,1,,m1,`, nil},
	{"a token that only the body of a conflict tells (OCC-12), unless another one was read before and after the call",
		"such a body is one witness, and what was read and confirmed is decided without it", OCC12, false, `
		0,1,,1,update,r,1,,applied,200,2,,1,,m1,
		10,14,,1,update,r,3,,conflict,409,1,,1,,m2,`,
		func(o *opaqueOracle) { o.ops = withoutBodies(o.ops) }},
	{"a token that comes back (OCC-08), where not two reads show it and its content may have stayed",
		"a server may accept, and answer, any of the tokens of one content", OCC08, false, `
		0,1,,1,update,r,1,,applied,200,2,,1,,m1,
		10,11,,2,read,r,,,seen,200,3,,1,,m1,
		20,21,,2,read,r,,,seen,200,2,,1,,m1,`,
		func(o *opaqueOracle) { o.alternates = true }},
	{"what follows from the time, or from the parent, of a content that was shown with two tokens (OCC-08)",
		"which of the two came first is not known", OCC08, false, `
		0,1,,1,read,r,,,seen,200,1,,1,,m1,
		10,14,,2,update,r,2,,applied,200,3,,1,,m1,`,
		func(o *opaqueOracle) { o.ops = withoutOrder(o.ops) }},
	{"a content that was there before and after one of another family (OCC-08), where a read shows no marker, unless an update made the other one meanwhile",
		"for which content the token of that read stands is not known", OCC08, false, `
		0,1,,1,read,r,,,seen,200,1,,1,,,
		10,14,,2,update,r,2,,applied,204,,,1,,m1,
		20,21,,3,read,r,,,seen,200,5,,1,,mx,
		30,31,,4,read,r,,,seen,200,3,,1,,m1,`,
		func(o *opaqueOracle) { o.ops = withoutMarkers(o.ops) }},
	{"a token that comes back (OCC-08) on a record that only others update",
		"it may be a hash of a content that another writer put back", OCC08, true, `
		0,1,,1,read,r,,,seen,200,1,,1,,m0,
		10,11,,1,read,r,,,seen,200,2,,1,,mx,
		20,21,,1,read,r,,,seen,200,1,,1,,m0,`,
		func(o *opaqueOracle) { o.ops = withoutForeignMarkers(o.ops) }},
}

// withoutForeignMarkers returns the operations without markers where no update wrote any.
func withoutForeignMarkers(ops []history.Op) []history.Op {
	if slices.ContainsFunc(ops, func(o history.Op) bool { return o.Kind == history.Update && o.Marker != "" }) {
		return ops
	}
	ops = slices.Clone(ops)
	for i := range ops {
		ops[i].Marker = ""
	}
	return ops
}

// withoutMarkers returns the operations without reads that show no marker, and, where there
// are such, without the markers of the others.
func withoutMarkers(ops []history.Op) []history.Op {
	blank := func(o history.Op) bool { return o.Kind == history.Read && o.TokenText != "" && o.Marker == "" }
	if !slices.ContainsFunc(ops, blank) {
		return ops
	}
	ops = slices.DeleteFunc(slices.Clone(ops), blank)
	for i := range ops {
		if o := &ops[i]; o.Kind == history.Read {
			o.Marker = ""
		}
	}
	return ops
}

// withoutBodies returns the operations without what bodies of conflicts tell.
func withoutBodies(ops []history.Op) []history.Op {
	ops = slices.Clone(ops)
	for i := range ops {
		if o := &ops[i]; o.Outcome == history.Conflict {
			o.TokenText = ""
		}
	}
	return ops
}

// withoutOrder returns the operations without what orders those of contents that were shown
// with several tokens: their markers in reads, the tokens in the answers of the attempts that
// made them, and when these began.
func withoutOrder(ops []history.Op) []history.Op {
	first, several := map[string]string{}, map[string]bool{}
	for i := range ops {
		if o := &ops[i]; o.Marker != "" && o.TokenText != "" && o.Outcome != history.Conflict {
			if first[o.Marker] == "" {
				first[o.Marker] = o.TokenText
			}
			several[o.Marker] = several[o.Marker] || first[o.Marker] != o.TokenText
		}
	}
	ops = slices.Clone(ops)
	for i := range ops {
		switch o := &ops[i]; {
		case !several[o.Marker]:
		case o.Kind == history.Update:
			o.TokenText, o.Start = "", 0
		default:
			o.Marker = ""
		}
	}
	return ops
}

// rowsOf names the row, or the two, that say why a wrong history is not found; "" where none do.
func rowsOf(ops []history.Op, shared bool) string {
	for i := range lostRows {
		if explainedBy(ops, shared, i) {
			return lostRows[i].what
		}
	}
	for i := range lostRows {
		for j := range i {
			if explainedBy(ops, shared, j, i) {
				return lostRows[j].what + " and " + lostRows[i].what
			}
		}
	}
	return ""
}

// explainedBy reports whether a history can have come about when what some rows name is left out.
func explainedBy(ops []history.Op, shared bool, rows ...int) bool {
	o := &opaqueOracle{ops: ops, others: shared}
	for _, i := range rows {
		if lostRows[i].leave == nil {
			return false
		}
		lostRows[i].leave(o)
	}
	return o.explainsAny()
}

// missed reports whether no correct server gives a history, and the checker finds nothing.
func missed(ops []history.Op, shared bool) bool {
	return !explainable(ops, shared) && !accused(ops, shared)
}

func accused(ops []history.Op, shared bool) bool {
	report := History(ops, nil, Options{API: shop, Opaque: true, Shared: shared, Excerpt: true})
	return len(report.Anomalies) > 0
}

// shortestMiss leaves out operations of a miss as long as it is one.
func shortestMiss(ops []history.Op, shared bool) []history.Op {
	for i := 0; i < len(ops); i++ {
		if less := slices.Delete(slices.Clone(ops), i, i+1); missed(less, shared) {
			ops, i = less, -1
		}
	}
	return ops
}

// example tells a history in a line, with letters for versions.
func example(ops []history.Op) string {
	letter := func(version int64) string {
		if version == history.None {
			return ""
		}
		return string(rune('a' + version))
	}
	var told []string
	for i := range ops {
		o := &ops[i]
		text := fmt.Sprintf("%s %s", o.Kind, letter(o.Token))
		if o.Kind == history.Update {
			text = fmt.Sprintf("update %s: %d %s", letter(o.Expected), o.HTTP, letter(o.Token))
		}
		told = append(told, strings.Join(strings.Fields(text+" "+o.Marker), " "))
	}
	return strings.Join(told, "; ")
}

// lostOps returns a history with counting tokens, or with letters in their place.
func lostOps(t *testing.T, lines string, opaque bool) []history.Op {
	ops := historytest.Parse(t, lines)
	for i := range ops {
		if o := &ops[i]; opaque {
			o.TokenText, o.Token = nameVersion(o.Token), history.None
			o.ExpectedText, o.Expected = nameVersion(o.Expected), history.None
		}
	}
	return ops
}

// TestLost holds the table of docs/invariants.md to what is lost.
func TestLost(t *testing.T) {
	var b strings.Builder
	b.WriteString("| lost | because | the smallest history |\n|---|---|---|\n")
	for _, row := range lostRows {
		t.Run(row.what, func(t *testing.T) {
			counting := History(lostOps(t, row.lines, false), nil, Options{API: shop, Shared: row.shared, Excerpt: true})
			if counting.Count(row.id) == 0 {
				t.Errorf("counting tokens prove %v, want %s", spell(counting.Anomalies), row.id)
			}
			ops := lostOps(t, row.lines, true)
			if opaque := History(ops, nil, Options{API: shop, Shared: row.shared, Excerpt: true, Opaque: true}); len(opaque.Anomalies) > 0 {
				t.Errorf("it is not lost: %v", spell(opaque.Anomalies))
			}
			oracle := &opaqueOracle{ops: ops, others: true}
			if row.leave != nil {
				if explainable(ops, row.shared) {
					t.Error("a correct server gives it")
				}
				row.leave(oracle)
			}
			if !oracle.explainsAny() {
				t.Error("no correct server gives it, so it must be found")
			}
		})
		fmt.Fprintf(&b, "| %s | %s | `%s` |\n", row.what, row.because, example(lostOps(t, row.lines, false)))
	}
	goldentest.ComparePart(t, invariantsPage, lostBegin, lostEnd, b.String())
}
