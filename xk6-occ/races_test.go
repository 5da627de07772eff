package occ_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/history/historytest"
	"github.com/occbench/occbench/internal/k6run"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/workload"
	"github.com/occbench/occbench/scenarios"
)

func isRace(op history.Op) bool { return op.Flags&history.Race != 0 }

// A crew of its own plays races beside the load, in both models, on records that the
// load leaves alone, and is done before the last audit.
func TestRacesBesideTheLoad(t *testing.T) {
	for _, tt := range []struct {
		name, races string
		rate        float64
		of, least   int
	}{
		{"closed", "20/sx3", 0, 3, 5},
		{"open", "20/s", 40, 2, 5},
		{"automatic", "auto", 0, 2, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, 20)
			o := options(t, s.URL, scenarios.Update)
			p := &o.Spec
			p.Races, p.FirstRacer, p.Records, p.Duration = parseRaces(t, tt.races), 101, 16, 2*time.Second
			if tt.rate > 0 {
				p.Operators, p.Pause, p.Rate, p.MaxOperators = 0, nil, tt.rate, 12
			}
			result := runK6(t, context.Background(), o)
			if result.State != k6run.Complete || result.ScriptErrors != 0 || len(result.Messages) != 0 {
				t.Fatalf("result %+v", result)
			}
			ops := historytest.Load(t, o.Traces.History)
			checkOrder(t, ops)
			checkSound(t, ops)
			if moves := count(ops, isMove); int64(moves) != s.attempts.Load() {
				t.Errorf("the history has %d attempts, the server %d", moves, s.attempts.Load())
			}
			m, raced, loaded := measure.New(measure.Options{}), map[string]bool{}, map[string]bool{}
			for i := range ops {
				op := &ops[i]
				m.Add(op)
				switch {
				case op.Kind == history.Audit:
				case !isRace(*op):
					loaded[op.Record] = true
				default:
					raced[op.Record] = true
					if op.Operator < 101 || op.Operator > 100+int32(tt.of) || op.Scheduled != history.None {
						t.Errorf("an operation of a race: %+v", op)
					}
				}
			}
			for record := range raced {
				if loaded[record] {
					t.Errorf("record %s is raced for and loaded", record)
				}
			}
			races := m.Numbers().Races
			if races == nil || len(races.Each) != 1 || races.Each[0].Of != tt.of || races.Each[0].Played < tt.least || races.Each[0].Lost > 0 {
				t.Errorf("races %+v, want at least %d of %d, and none lost", races, tt.least, tt.of)
			}
			if tt.races == "auto" {
				provoked := races.Outcomes[history.Conflict]
				if load := count(ops, isMove) - count(ops, func(op history.Op) bool { return isMove(op) && isRace(op) }); float64(provoked) > 0.02*float64(load) {
					t.Errorf("%d conflicts are provoked beside %d attempts", provoked, load)
				}
			}
		})
	}
}

// Races that are asked for and cannot be played are an error, automatic ones are
// left out.
func TestRacesWithoutRecords(t *testing.T) {
	s := newServer(t, 12)
	o := options(t, s.URL, scenarios.Update)
	o.Spec.Races, o.Spec.Records = parseRaces(t, "auto"), 12
	runK6(t, context.Background(), o)
	if races := count(historytest.Load(t, o.Traces.History), isRace); races > 0 {
		t.Errorf("%d operations of races on the load's own records", races)
	}
	o = options(t, s.URL, scenarios.Update)
	o.Spec.Races = parseRaces(t, "2/s")
	result := runK6(t, context.Background(), o)
	if result.State != k6run.Failed || !strings.Contains(result.Reason+strings.Join(result.Messages, ""), "races 2/s cannot be played: there are 12 appointments of 2030-01-15") {
		t.Errorf("result %+v", result)
	}
}

func parseRaces(t *testing.T, text string) workload.Races {
	t.Helper()
	races, err := workload.ParseRaces(text)
	if err != nil {
		t.Fatal(err)
	}
	return races
}
