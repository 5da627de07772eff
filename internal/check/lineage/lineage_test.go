package lineage

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/history"
)

// op returns an operation of record r from its words: "read b m1", "update a>b m1",
// "update a>? m1" without an answer, "conflict a m1".
func op(words string) history.Op {
	o := history.New()
	w := strings.Fields(words + " - -")
	o.Record, o.Operator, o.End = "r", 1, 1
	if w[2] != "-" {
		o.Marker = w[2]
	}
	switch w[0] {
	case "read":
		o.Kind, o.Outcome = history.Read, history.Seen
		o.SetToken(w[1])
		return o
	case "conflict":
		o.Outcome = history.Conflict
		o.SetExpected(w[1])
	default:
		sent, answer, _ := strings.Cut(w[1], ">")
		o.Outcome = history.Applied
		o.SetExpected(sent)
		if answer == "?" {
			o.Outcome, o.End = history.NoAnswer, history.None
		} else {
			o.SetToken(answer)
		}
	}
	o.Kind = history.Update
	return o
}

// TestNumbers takes operations as they come: the numbers of a family rise by one from a
// token to the one that came from it, whenever that is learned.
func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		name, ops string
		want      []string // by line, in the order in which they are judged: family, sent, shown
		doubt     bool
	}{
		{"in order", "read a, update a>b, read b", []string{"1 A 0", "2 A 0>1", "3 A 1"}, false},
		{"a read before its update is answered waits", "read a, read b, read c, update b>c, update a>b",
			[]string{"1 A 0", "2 A 1", "3 A 2", "4 A 1>2", "5 A 0>1"}, false},
		{"a token that nothing is known of is apart", "read a, read x, read a", []string{"1 A 0", "3 A 0", "2 B 0"}, false},
		{"what came before the first token is below it", "read b, update a>b, read a", []string{"1 A 0", "2 A -1>0", "3 A -1"}, false},
		{"a marker names the author", "read a m0, update a> m1, read b m1", []string{"1 A 0", "2 A 0>1", "3 A 1"}, false},
		{"a lost answer is decided", "read a m0, update a>? m1, read b m1", []string{"1 A 0", "2 A 0>", "2 A 0>1", "3 A 1"}, false},
		{"a second successor begins a family", "read a, update a>b, update a>c, read c", []string{"1 A 0", "2 A 0>1", "3 A 0>1", "4 B 0"}, false},
		{"two parents", "read a, update a>b, update c>b", nil, true},
		{"a token comes back", "update a>b, update b>a", nil, true},
		{"two markers for a token", "read a m0, read a m1", nil, true},
		{"a refused attempt whose marker is read", "read a m0, conflict a m1, read b m1", nil, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := New(false)
			families := map[int32]string{}
			var got []string
			n.Judge = func(_ *Record, root int32, o *history.Op, line int) {
				if families[root] == "" {
					families[root] = string(rune('A' + len(families)))
				}
				text := fmt.Sprintf("%d %s ", line, families[root])
				if o.Kind == history.Update {
					text += fmt.Sprint(o.Expected-firstNumber) + ">"
				}
				if o.Token != history.None {
					text += fmt.Sprint(o.Token - firstNumber)
				}
				got = append(got, text)
			}
			for i, words := range strings.Split(c.ops, ",") {
				o := op(words)
				n.Take(&o, i+1)
			}
			n.End()
			if n.Doubt != c.doubt {
				t.Fatalf("in doubt: %v", n.Doubt)
			}
			if diff := cmp.Diff(c.want, got); !c.doubt && diff != "" {
				t.Errorf("numbers (-want +got):\n%s", diff)
			}
		})
	}
}

// TestContradictions learns all first, and names what contradicts itself.
func TestContradictions(t *testing.T) {
	for _, c := range []struct {
		name, ops string
		want      []Kind
		reused    bool
	}{
		{"nothing", "read a m0, update a>b m1, read b m1", nil, false},
		{"two reads of a token with two markers", "read a m0, read a m1", []Kind{Reused}, true},
		{"two updates are answered the same token", "update a>b m1, update b>b m2", []Kind{Reused}, true},
		{"a read shows the token that the update named", "read a m0, update a> m1, read a m1", []Kind{Reused}, true},
		{"the content has a token of its own", "read a m0, read b m1, read b m0", []Kind{Torn}, false},
		{"the answer shows another content's token", "read a m0, update a>c m1, read c m2", []Kind{Skewed}, false},
		{"the content was answered a token of its own", "update a>c m1, update a>d m2, read c m2", []Kind{Torn}, false},
		{"a refused attempt whose marker is read", "read a m0, conflict a m1, read b m1", []Kind{Refused}, false},
		{"several tokens of a content", "read a m0, read b m0, read c m0", nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := NewLearned(false)
			var got []Kind
			n.Judge = func(*Record, int32, *history.Op, int) {}
			n.SetAside = func(*Record, bool) {}
			n.Report = func(c Contradiction) { got = append(got, c.Kind) }
			var ops []history.Op
			for _, words := range strings.Split(c.ops, ",") {
				ops = append(ops, op(words))
			}
			for i := range ops {
				n.Learn(&ops[i], i+1)
			}
			n.Finish()
			for i := range ops {
				n.Take(&ops[i], i+1)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("contradictions (-want +got):\n%s", diff)
			}
			if reused := n.Find("r").Reused; reused != c.reused {
				t.Errorf("reused: %v", reused)
			}
		})
	}
}
