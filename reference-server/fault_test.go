package refserver_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/fault"
)

// answered is what a test looks at in a move's answer; version 0 is none.
type answered struct {
	HTTP    int
	Status  appointment.Status
	Version int64
}

func summarise(r reply) answered {
	a := answered{HTTP: r.status}
	half, status, version := r.data(), "status", "version"
	if r.status >= 400 {
		half, status, version = r.refusal(), "current_status", "current_version"
	}
	if s, ok := half[status].(string); ok {
		a.Status = appointment.Status(s)
	}
	if v, ok := half[version].(float64); ok {
		a.Version = int64(v)
	}
	return a
}

// wish is a move that is asked for.
type wish struct {
	to       appointment.Status
	expected int64
}

const (
	scheduled  = appointment.Scheduled
	inProgress = appointment.InProgress
	ready      = appointment.Ready
	completed  = appointment.Completed
)

// scripted faults show without a race: moves of one card after each other, what
// they are answered, and what the card is then.
var scriptedFaults = []struct {
	fault   string
	moves   []wish
	answers []answered
	status  appointment.Status
	version int64
}{
	{"", []wish{{inProgress, 1}, {inProgress, 1}}, []answered{{200, inProgress, 2}, {409, inProgress, 2}}, inProgress, 2},
	{"lost-update:1", []wish{{inProgress, 1}, {inProgress, 1}}, []answered{{200, inProgress, 2}, {200, inProgress, 3}}, inProgress, 3},
	{"lost-update:1", []wish{{completed, 1}}, []answered{{422, "", 0}}, scheduled, 1},
	{"retry-on-conflict:1", []wish{{inProgress, 1}, {appointment.NoShow, 1}}, []answered{{200, inProgress, 2}, {200, appointment.NoShow, 3}}, appointment.NoShow, 3},
	{"retry-on-conflict:1", []wish{{completed, 1}}, []answered{{422, "", 0}}, scheduled, 1},
	{"check-then-act:1", []wish{{inProgress, 1}, {inProgress, 1}}, []answered{{200, inProgress, 2}, {409, inProgress, 2}}, inProgress, 2},
	{"no-increment:1", []wish{{inProgress, 1}, {ready, 2}}, []answered{{200, inProgress, 1}, {409, inProgress, 1}}, inProgress, 1},
	{"version-skew:1", []wish{{inProgress, 1}, {inProgress, 1}}, []answered{{200, inProgress, 2}, {409, inProgress, 2}}, inProgress, 2},
	{"phantom-success:1", []wish{{inProgress, 1}, {inProgress, 2}, {completed, 1}}, []answered{{200, inProgress, 2}, {409, scheduled, 1}, {422, "", 0}}, scheduled, 1},
	{"ack-then-rollback:1", []wish{{inProgress, 1}, {inProgress, 2}, {completed, 1}}, []answered{{200, inProgress, 2}, {409, scheduled, 1}, {422, "", 0}}, scheduled, 1},
	{"dirty-refusal:1", []wish{{inProgress, 1}}, []answered{{409, inProgress, 2}}, inProgress, 2},
	{"spurious-conflict:1", []wish{{inProgress, 1}, {completed, 1}}, []answered{{409, scheduled, 1}, {422, "", 0}}, scheduled, 1},
	{"masked-conflict:1", []wish{{inProgress, 1}, {inProgress, 1}}, []answered{{200, inProgress, 2}, {422, "", 0}}, inProgress, 2},
	{"double-increment:1", []wish{{inProgress, 1}, {ready, 2}}, []answered{{200, inProgress, 2}, {409, inProgress, 3}}, inProgress, 3},
	{"version-reset:1", []wish{{inProgress, 1}, {scheduled, 2}}, []answered{{200, inProgress, 2}, {200, scheduled, 3}}, scheduled, 1},
	{"version-reset:1", []wish{{inProgress, 1}, {completed, 2}}, []answered{{200, inProgress, 2}, {200, completed, 3}}, completed, 1},
	{"double-apply:1", []wish{{inProgress, 1}}, []answered{{200, inProgress, 2}}, inProgress, 3},
	{"torn-status:1", []wish{{inProgress, 1}}, []answered{{200, inProgress, 2}}, scheduled, 2},
	{"illegal-transition:1", []wish{{inProgress, 1}, {inProgress, 2}}, []answered{{200, ready, 2}, {200, scheduled, 3}}, scheduled, 3},
	{"illegal-transition:1", []wish{{completed, 1}, {scheduled, 1}}, []answered{{200, completed, 2}, {409, completed, 2}}, completed, 2},
	{"phantom-failure:1", []wish{{inProgress, 1}, {inProgress, 1}}, []answered{{500, "", 0}, {409, inProgress, 2}}, inProgress, 2},
	{"malformed-answer:1", []wish{{inProgress, 1}, {inProgress, 1}}, []answered{{200, inProgress, 0}, {409, inProgress, 2}}, inProgress, 2},
	{"future-version:1", []wish{{inProgress, 1_000_001}, {ready, 1}}, []answered{{200, inProgress, 2}, {409, inProgress, 2}}, inProgress, 2},
	{"error-500:1", []wish{{inProgress, 1}}, []answered{{500, "", 0}}, scheduled, 1},
	{"throttle-429:1", []wish{{inProgress, 1}}, []answered{{429, "", 0}}, scheduled, 1},
	{"latency=1ms", []wish{{inProgress, 1}, {inProgress, 1}}, []answered{{200, inProgress, 2}, {409, inProgress, 2}}, inProgress, 2},
	// Status 0 is a connection that was closed without an answer.
	{"drop-reply:1", []wish{{inProgress, 1}}, []answered{{0, "", 0}}, inProgress, 2},
	{"hang=1ms:1", []wish{{inProgress, 1}}, []answered{{0, "", 0}}, scheduled, 1},
	{"lost-update:1,drop-reply:1", []wish{{inProgress, 1}, {inProgress, 1}}, []answered{{0, "", 0}, {0, "", 0}}, inProgress, 3},
}

// serveBroken starts a server with faults on a store with one card.
func serveBroken(t *testing.T, kind, url, spec string, now func() time.Time) (*refserver.Server, *fault.Set, string) {
	t.Helper()
	faults, err := fault.Parse(spec, fault.Options{Seed: 1, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	s := openStore(t, kind, another(t, kind, url))
	addCards(t, s, 1)
	server, base := serve(t, refserver.Options{Store: s, Faults: faults})
	return server, faults, base
}

func TestFaults(t *testing.T) {
	onEachStore(t, func(t *testing.T, kind, url string) {
		for _, c := range scriptedFaults {
			t.Run(c.fault, func(t *testing.T) {
				server, faults, base := serveBroken(t, kind, url, c.fault, nil)
				counts := refserver.Attempts{}
				for i, w := range c.moves {
					r, err := try(http.MethodPost, moveURL(base, 1), moveBody(w.to, w.expected))
					if err == nil && c.answers[i].HTTP == 0 {
						t.Errorf("move %d is answered", i)
					}
					if diff := cmp.Diff(c.answers[i], summarise(r)); diff != "" {
						t.Errorf("move %d to %s from %d (-want +got, %v):\n%s", i, w.to, w.expected, err, diff)
					}
					counts[c.answers[i].HTTP]++
				}
				if status, version := cardNow(t, base, 1); status != c.status || version != c.version {
					t.Errorf("the card is %s in version %d, want %s in %d", status, version, c.status, c.version)
				}
				if diff := cmp.Diff(counts, server.Attempts()); diff != "" {
					t.Errorf("attempts counted (-want +got):\n%s", diff)
				}
				for name, n := range faults.CountStrikes() {
					if n != int64(len(c.moves)) {
						t.Errorf("%s struck %d of %d moves", name, n, len(c.moves))
					}
				}
			})
		}
	})
}

// Unknown cards stay unknown, whatever is broken in the store.
func TestFaultsKeepTheRestOfTheContract(t *testing.T) {
	onEachStore(t, func(t *testing.T, kind, url string) {
		for _, f := range fault.List(appointment.Name) {
			if f.Invariant == "" || f.Name == "malformed-answer" {
				continue
			}
			_, _, base := serveBroken(t, kind, url, f.Name+":1", nil)
			if r := move(t, base, 99, inProgress, 1); r.status != http.StatusNotFound {
				t.Errorf("%s: moving an unknown card is answered with %d %v", f.Name, r.status, r.body)
			}
			if r := call(t, http.MethodPost, moveURL(base, 1), `{"new_status":"ready"}`); r.status != http.StatusBadRequest {
				t.Errorf("%s: a move without version is answered with %d", f.Name, r.status)
			}
		}
	})
}

func TestStaleBoard(t *testing.T) {
	onEachStore(t, func(t *testing.T, kind, url string) {
		var clock atomic.Int64
		_, _, base := serveBroken(t, kind, url, "stale-board", func() time.Time { return time.Unix(0, clock.Load()) })
		version := func() any { return boardCards(t, base)["1"]["version"] }
		if got := version(); got != 1.0 {
			t.Fatalf("the first board shows version %v", got)
		}
		if r := move(t, base, 1, inProgress, 1); r.status != http.StatusOK {
			t.Fatalf("moving is answered with %d", r.status)
		}
		if got := version(); got != 1.0 {
			t.Errorf("after the move the board shows version %v, want the cached 1", got)
		}
		if _, got := cardNow(t, base, 1); got != 2 {
			t.Errorf("the card itself is in version %d, want 2", got)
		}
		clock.Store(int64(time.Second))
		if got := version(); got != 2.0 {
			t.Errorf("a second later the board shows version %v, want 2", got)
		}
	})
}

// TestBrokenLists reads a board with one card, which was moved to in_progress.
func TestBrokenLists(t *testing.T) {
	onEachStore(t, func(t *testing.T, kind, url string) {
		for name, want := range map[string][]string{
			"misplaced-card": {"in_progress: ready"},
			"card-twice":     {"in_progress: in_progress", "in_progress: in_progress"},
			"hidden-card":    nil,
		} {
			_, _, base := serveBroken(t, kind, url, name+":1", nil)
			if r := move(t, base, 1, inProgress, 1); r.status != http.StatusOK {
				t.Fatalf("%s: moving is answered with %d", name, r.status)
			}
			r := call(t, http.MethodGet, base+"/api/admin/appointments/board?date="+tomorrow.Format("2006-01-02"), "")
			var got []string
			for column, held := range r.data()["columns"].(map[string]any) {
				for _, item := range held.(map[string]any)["items"].([]any) {
					got = append(got, fmt.Sprintf("%s: %v", column, item.(map[string]any)["status"]))
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: columns and statuses (-want +got):\n%s", name, diff)
			}
		}
	})
}

func TestUnversionedWriter(t *testing.T) {
	onEachStore(t, func(t *testing.T, kind, url string) {
		_, _, base := serveBroken(t, kind, url, "unversioned-writer:1", nil)
		if got := boardCards(t, base)["1"]; got["status"] != "scheduled" || got["version"] != 1.0 {
			t.Errorf("the board shows %v", got)
		}
		if status, version := cardNow(t, base, 1); status != inProgress || version != 1 {
			t.Errorf("then the card is %s in version %d, want in_progress in the same version", status, version)
		}
	})
}

// The faults that only the probe finds.
func TestFaultsOfTheProbe(t *testing.T) {
	onEachStore(t, func(t *testing.T, kind, url string) {
		_, _, base := serveBroken(t, kind, url, "id-alias,frozen-updated-at,unversioned-edit", nil)
		before := boardCards(t, base)["1"]["updated_at"]
		for i, id := range []string{"01", "%201", "4294967297"} {
			to := []appointment.Status{inProgress, ready, inProgress}[i]
			if r := call(t, http.MethodPost, strings.Replace(moveURL(base, 1), "/1/", "/"+id+"/", 1), moveBody(to, int64(i+1))); r.status != http.StatusOK {
				t.Errorf("a move of card %s is answered with %d %v", id, r.status, r.body)
			}
		}
		if after := boardCards(t, base)["1"]["updated_at"]; after != before {
			t.Errorf("after three moves updated_at is %v, want %v still", after, before)
		}
		edit := func(body string) int {
			return call(t, http.MethodPatch, strings.TrimSuffix(moveURL(base, 1), "/move"), body).status
		}
		if got := edit(`{"status":"scheduled"}`); got != http.StatusOK {
			t.Errorf("the edit is answered with %d", got)
		}
		if status, version := cardNow(t, base, 1); status != scheduled || version != 4 {
			t.Errorf("then the card is %s in version %d, want scheduled in version 4 as before", status, version)
		}
		if got, want := edit(`{"notes":"x"}`), http.StatusBadRequest; got != want {
			t.Errorf("an edit without a status is answered with %d", got)
		}
	})
}

// A server that counts on from a base is correct.
func TestVersionBase(t *testing.T) {
	onEachStore(t, func(t *testing.T, kind, url string) {
		_, _, base := serveBroken(t, kind, url, "version-base=100", nil)
		for i, want := range []answered{{200, inProgress, 102}, {409, inProgress, 102}} {
			if diff := cmp.Diff(want, summarise(move(t, base, 1, inProgress, 101))); diff != "" {
				t.Errorf("move %d (-want +got):\n%s", i, diff)
			}
		}
	})
}

// raceUntil plays movers that carry what they saw last, together and in
// rounds, until an answer shows what is looked for.
func raceUntil(t *testing.T, base string, what string, shows func(expected int64, replies []reply) bool) {
	t.Helper()
	for range 200 {
		status, version := cardNow(t, base, 1)
		to := inProgress
		if status == to {
			to = scheduled
		}
		replies := together(t, 8, func() (reply, error) {
			r, err := try(http.MethodPost, moveURL(base, 1), moveBody(to, version))
			if err != nil || r.status != http.StatusConflict {
				return r, err
			}
			// The loser goes on from what it was told, in the winner's gap.
			back := map[appointment.Status]appointment.Status{inProgress: scheduled, scheduled: inProgress}
			told := summarise(r)
			_, err = try(http.MethodPost, moveURL(base, 1), moveBody(back[told.Status], told.Version))
			return r, err
		})
		if shows(version, replies) {
			return
		}
	}
	t.Errorf("200 rounds of 8 movers show no %s", what)
}

func TestCheckThenActLosesUpdates(t *testing.T) {
	onEachStore(t, func(t *testing.T, kind, url string) {
		_, _, base := serveBroken(t, kind, url, "check-then-act", nil)
		raceUntil(t, base, "two winners of one version", func(_ int64, replies []reply) bool {
			return statuses(replies)[http.StatusOK] > 1
		})
	})
}

func TestVersionSkewAnswersAnothersVersion(t *testing.T) {
	onEachStore(t, func(t *testing.T, kind, url string) {
		_, _, base := serveBroken(t, kind, url, "version-skew", nil)
		raceUntil(t, base, "answer with another's version", func(expected int64, replies []reply) bool {
			for _, r := range replies {
				if r.status == http.StatusOK && summarise(r).Version > expected+1 {
					return true
				}
			}
			return false
		})
	})
}

// Every fault must be seen to break something above.
func TestEveryFaultIsShown(t *testing.T) {
	shown := map[string]bool{"stale-board": true, "unversioned-writer": true, "id-alias": true, "frozen-updated-at": true, "unversioned-edit": true, "version-base": true, "misplaced-card": true, "card-twice": true, "hidden-card": true}
	for _, c := range scriptedFaults {
		set, err := fault.Parse(c.fault, fault.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for name := range set.CountStrikes() {
			shown[name] = true
		}
	}
	for _, f := range fault.List(appointment.Name) {
		if !shown[f.Name] {
			t.Errorf("no test shows %s", f.Name)
		}
	}
}
