package operator

import (
	"context"
	"errors"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/workload"
)

// single is an operator of an API that reads record by record, and what it recorded.
func single(t *testing.T, by *api.API, server *httptest.Server, records int, spec run.Spec) (*Operator, *crew) {
	t.Helper()
	c := &crew{}
	shop, err := client.New(client.Config{API: by, Target: server.URL, Tag: "load"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(shop.CloseIdle)
	var ids []string
	for n := range records {
		ids = append(ids, by.RecordID("load", n+1))
	}
	spec.Backoff = constant(0)
	o, err := New(Config{Shop: shop, Roster: NewRoster(ids), Number: 36, Word: "run", Spec: spec, Record: c.record})
	if err != nil {
		t.Fatal(err)
	}
	return o, c
}

// lineOf is what a test holds of a line.
type lineOf struct {
	Kind, Record, Expected, Target, Outcome, Token, State, Marker string
}

func (c *crew) shown() []lineOf {
	var all []lineOf
	for i := range c.lines {
		o := &c.lines[i]
		all = append(all, lineOf{o.Kind.String(), o.Record, o.SentToken(), o.Target, o.Outcome.String(), o.ShownToken(), o.State, o.Marker})
	}
	return all
}

// TestSingleTurn holds what is recorded of a turn that reads one record, with and
// without states, and where the answer to an update carries no token.
func TestSingleTurn(t *testing.T) {
	seed, first := tagOf(`{"note":"seed","state":"open"}`), tagOf(`{"note":"run-10-1"}`)
	const id = "occbench-load-1"
	for name, test := range map[string]struct {
		states bool
		silent bool
		want   []lineOf
	}{
		"without states": {false, false, []lineOf{
			{"read", id, "", "", "seen", seed, "", "seed"},
			{"update", id, seed, "", "applied", first, "", "run-10-1"},
			{"read", id, "", "", "seen", first, "", "run-10-1"},
			{"update", id, first, "", "applied", tagOf(`{"note":"run-10-2"}`), "", "run-10-2"},
		}},
		"with states": {true, false, []lineOf{
			{"read", id, "", "", "seen", seed, "open", "seed"},
			{"update", id, seed, "busy", "applied", tagOf(`{"note":"run-10-1","state":"busy"}`), "", "run-10-1"},
			{"read", id, "", "", "seen", tagOf(`{"note":"run-10-1","state":"busy"}`), "busy", "run-10-1"},
			{"update", id, tagOf(`{"note":"run-10-1","state":"busy"}`), "open", "applied", tagOf(`{"note":"run-10-2","state":"open"}`), "", "run-10-2"},
		}},
		"no token in the answer": {false, true, []lineOf{
			{"read", id, "", "", "seen", seed, "", "seed"},
			{"update", id, seed, "", "applied", "", "", "run-10-1"},
			{"read", id, "", "", "seen", first, "", "run-10-1"},
			{"update", id, first, "", "applied", "", "", "run-10-2"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newItems(1)
			s.silent = test.silent
			server := httptest.NewServer(s)
			defer server.Close()
			applied := "header:ETag"
			if test.silent {
				applied = "none"
			}
			o, c := single(t, itemsAPI(t, test.states, applied), server, 1, run.Spec{})
			for range 2 {
				if _, err := o.Turn(context.Background()); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(test.want, c.shown()); diff != "" {
				t.Errorf("recorded (-want +got):\n%s", diff)
			}
		})
	}
}

// TestSingleExhausts reads on where the walk ends, and says when it has ended
// everywhere.
func TestSingleExhausts(t *testing.T) {
	server := httptest.NewServer(newItems(3))
	defer server.Close()
	o, c := single(t, itemsAPI(t, true, "header:ETag"), server, 3, run.Spec{Walk: workload.Forward, Pick: mustPick(t, "first")})
	turns, err := 0, error(nil)
	for err == nil && turns < 100 {
		if _, err = o.Turn(context.Background()); err == nil {
			turns++
		}
	}
	if !errors.Is(err, ErrExhausted) || turns != 6 {
		t.Errorf("%d turns and %v, want 2 for each of 3 records and the end", turns, err)
	}
	for _, op := range c.lines {
		if op.Outcome != history.Seen && op.Outcome != history.Applied {
			t.Errorf("recorded %s", words(&op))
		}
	}
}

// TestSingleOwn holds that an operator stays on its own records.
func TestSingleOwn(t *testing.T) {
	server := httptest.NewServer(newItems(6))
	defer server.Close()
	o, c := single(t, itemsAPI(t, false, "header:ETag"), server, 6, run.Spec{Pick: mustPick(t, "own"), Operators: 3})
	for range 20 {
		if _, err := o.Turn(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string]bool{}
	for _, op := range c.lines {
		seen[op.Record] = true
	}
	if len(seen) != 2 {
		t.Errorf("an operator of 3 used %d of 6 records, want 2: %v", len(seen), seen)
	}
}

// TestSingleCrew lets operators contend for few records, between two audits, and
// holds that every lost attempt reads again and no token has two successors.
func TestSingleCrew(t *testing.T) {
	s := newItems(3)
	server := httptest.NewServer(s)
	defer server.Close()
	by := itemsAPI(t, false, "header:ETag")
	shop, err := client.New(client.Config{API: by, Target: server.URL, Tag: "load"})
	if err != nil {
		t.Fatal(err)
	}
	defer shop.CloseIdle()
	known := []string{"occbench-load-1", "occbench-load-2", "occbench-load-3", "occbench-load-4"}
	var c crew
	ids, err := Audit(context.Background(), shop, "load", known, c.record)
	if diff := cmp.Diff(known[:3], ids); err != nil || diff != "" {
		t.Fatalf("the first audit: %v (-want +got):\n%s", err, diff)
	}
	var all sync.WaitGroup
	for n := 1; n <= 8; n++ {
		o, err := New(Config{Shop: shop, Roster: NewRoster(ids), Number: int32(n), Word: "run", Record: c.record,
			Spec: run.Spec{RandSeed: 3, Backoff: constant(0), Think: workload.Fixed(1e6), DoubleUpdates: 0.1}})
		if err != nil {
			t.Fatal(err)
		}
		all.Go(func() {
			for range 25 {
				if _, err := o.Turn(context.Background()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if _, err := Audit(context.Background(), shop, "load", ids, c.record); err != nil {
		t.Fatal(err)
	}
	successor, markers, conflicts := map[string]bool{}, map[string]bool{}, 0
	for i := range c.lines {
		op := &c.lines[i]
		if op.Kind != history.Update {
			continue
		}
		if op.Marker == "" || len(op.Marker) > 24 || markers[op.Marker] {
			t.Errorf("the marker %q is not unique to an attempt", op.Marker)
		}
		markers[op.Marker] = true
		switch op.Outcome {
		case history.Applied:
			if key := op.Record + " " + op.SentToken(); successor[key] {
				t.Errorf("%s has two successors", key)
			} else {
				successor[key] = true
			}
		case history.Conflict:
			conflicts++
		default:
			t.Errorf("recorded %s", words(op))
		}
	}
	if conflicts == 0 || len(successor) < 100 {
		t.Errorf("%d conflicts and %d updates: too little to tell anything", conflicts, len(successor))
	}
}

// TestSingleRaces holds that a crew finds a server that compares and then writes:
// all members read one token, and several of them are told that they were first.
func TestSingleRaces(t *testing.T) {
	for name, test := range map[string]struct {
		gap time.Duration
		won func(int) bool
	}{
		"correct":                  {0, func(n int) bool { return n == 1 }},
		"compares and then writes": {50 * time.Millisecond, func(n int) bool { return n > 1 }},
	} {
		t.Run(name, func(t *testing.T) {
			s := newItems(2)
			s.gap = test.gap
			server := httptest.NewServer(s)
			defer server.Close()
			by := itemsAPI(t, false, "header:ETag")
			var shops []*client.Client
			for range 4 {
				shop, err := client.New(client.Config{API: by, Target: server.URL})
				if err != nil {
					t.Fatal(err)
				}
				defer shop.CloseIdle()
				shops = append(shops, shop)
			}
			var c crew
			racers, err := NewRaceCrew(Config{Roster: NewRoster([]string{"occbench-load-1", "occbench-load-2"}), Number: 101, Record: c.record}, shops)
			if err != nil {
				t.Fatal(err)
			}
			if sent, _ := racers.race(context.Background()); !sent {
				t.Fatal("no race was played")
			}
			won, reads := 0, map[string]bool{}
			for i := range c.lines {
				switch op := &c.lines[i]; {
				case op.Kind == history.Read:
					reads[op.ShownToken()] = true
				case op.Outcome == history.Applied:
					won++
				}
			}
			if !test.won(won) || len(reads) != 1 || s.reads != 4 {
				t.Errorf("%d of 4 won after %d reads that showed %d tokens", won, s.reads, len(reads))
			}
		})
	}
}

// TestSingleAuditFails holds that an audit which cannot read a record says so, as
// one line.
func TestSingleAuditFails(t *testing.T) {
	server := httptest.NewServer(newItems(1))
	shop, err := client.New(client.Config{API: itemsAPI(t, false, "header:ETag"), Target: server.URL, Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	server.Close()
	var c crew
	if _, err := Audit(context.Background(), shop, "load", []string{"occbench-load-1"}, c.record); err == nil {
		t.Error("the audit of a server that is gone succeeded")
	}
	if len(c.lines) != 1 || c.lines[0].Record != "" || c.lines[0].Outcome != history.NoAnswer {
		t.Errorf("recorded %+v", c.lines)
	}
	if _, err := Audit(context.Background(), shop, "load", nil, c.record); err == nil {
		t.Error("an audit of no records succeeded")
	}
}

// TestSingleRefusesRefresh holds that a held list needs a list.
func TestSingleRefusesRefresh(t *testing.T) {
	shop, err := client.New(client.Config{API: itemsAPI(t, false, "header:ETag"), Target: "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := New(Config{Shop: shop, Roster: NewRoster([]string{"1"}), Number: 1, Spec: run.Spec{Refresh: time.Second}}); err == nil {
		t.Error("a list is held where there is none")
	}
}
