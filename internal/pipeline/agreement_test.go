package pipeline

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/operator"
	"github.com/occbench/occbench/internal/predict"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/settings"
	"github.com/occbench/occbench/internal/validity"
	"github.com/occbench/occbench/internal/workload"
	"github.com/occbench/occbench/seed"
)

// crew plays a short run against a reference server, without k6.
type crew struct {
	client    *client.Client
	roster    *operator.Roster
	pick      workload.Pick
	think     workload.Delay
	pause     workload.Delay
	refresh   time.Duration
	doubles   float64
	operators int
	rate      float64 // 0: closed

	mu  sync.Mutex
	ops []history.Op
}

func (c *crew) record(o *history.Op) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ops = append(c.ops, *o)
}

func (c *crew) operator(number int) (*operator.Operator, error) {
	return operator.New(operator.Config{
		Shop: c.client, Roster: c.roster, Picker: c.pick.NewPicker(c.roster.Len(), number, c.operators), Stride: c.pick.Stride(c.operators),
		Number: int32(number), Record: c.record,
		Spec: run.Spec{RandSeed: 7, Think: c.think, Pause: c.pause, Refresh: c.refresh, DoubleUpdates: c.doubles},
	})
}

// play lets all operators work until the context ends.
func (c *crew) play(ctx context.Context) error {
	turns := c.arrivals(ctx)
	errs := make([]error, c.operators)
	var wg sync.WaitGroup
	for i := range errs {
		o, err := c.operator(i + 1)
		if err != nil {
			return err
		}
		wg.Go(func() { errs[i] = c.work(ctx, o, turns) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

func (c *crew) work(ctx context.Context, o *operator.Operator, turns <-chan operator.Arrival) error {
	for {
		var err error
		if c.rate == 0 {
			_, err = o.Turn(ctx)
		} else {
			a, open := <-turns
			if !open {
				return nil
			}
			_, err = o.TurnAt(ctx, a)
		}
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// arrivals begins the turns of an open model, evenly.
func (c *crew) arrivals(ctx context.Context) <-chan operator.Arrival {
	if c.rate == 0 {
		return nil
	}
	turns := make(chan operator.Arrival, 1000)
	ticker := time.NewTicker(time.Duration(float64(time.Second) / c.rate))
	go func() {
		defer close(turns)
		defer ticker.Stop()
		for i := uint64(0); ; i++ {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				turns <- operator.Arrival{Turn: i, At: c.client.Clock()}
			}
		}
	}()
	return turns
}

// openBoard starts a reference server with so many records.
func openBoard(t *testing.T, records int) (client.Config, *client.Client, *operator.Roster) {
	t.Helper()
	p := &Pipeline{Settings: &settings.Settings{Spec: run.Spec{Store: "sqlite", RandSeed: 1}}, Version: "test", Now: time.Now}
	server, err := p.Serve(t.Context(), "127.0.0.1:0", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	target := client.Config{API: apitest.Appointments(t), Target: server.URL, Date: time.Now().UTC().AddDate(0, 0, 1).Format(time.DateOnly), Timeout: 5 * time.Second}
	if _, err := seed.SeedOverHTTP(t.Context(), target, seed.Options{Date: target.Date, Tag: "load", Records: records, Now: time.Now}); err != nil {
		t.Fatal(err)
	}
	client, err := client.New(target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdle)
	ids, err := operator.Audit(t.Context(), client, "load", nil, func(*history.Op) {})
	if err != nil {
		t.Fatal(err)
	}
	return target, client, operator.NewRoster(ids)
}

func pick(t *testing.T, text string) workload.Pick {
	t.Helper()
	p, err := workload.ParsePick(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// What the model makes of a run's own timing is what a correct server shows, in
// the closed model and in the open one: within 3 points or twice the interval.
func TestPredictedAgreesWithObserved(t *testing.T) {
	if testing.Short() {
		t.Skip("plays twelve loads in real time")
	}
	ms := time.Millisecond
	profiles := []struct {
		name    string
		records int
		pick    string
		think   workload.Delay
		refresh time.Duration
		doubles float64
	}{
		{name: "uniform, fixed", records: 20, pick: "uniform", think: workload.Fixed(60 * ms)},
		{name: "uniform, exponential", records: 10, pick: "uniform", think: workload.Exponential(60 * ms)},
		{name: "zipf, fixed", records: 50, pick: "zipf:0.99", think: workload.Fixed(60 * ms)},
		{name: "hotspot, lognormal", records: 30, pick: "hotspot:20/80", think: workload.Lognormal{Median: 50 * ms, P95: 120 * ms}},
		{name: "first, exponential", records: 4, pick: "first", think: workload.Exponential(60 * ms)},
		{name: "uniform, held boards and double clicks", records: 20, pick: "uniform", think: workload.Exponential(40 * ms), refresh: 200 * ms, doubles: 0.1},
	}
	for _, p := range profiles {
		for _, model := range []struct {
			name string
			rate float64
		}{{"closed", 0}, {"open", 80}} {
			t.Run(p.name+", "+model.name, func(t *testing.T) {
				t.Parallel()
				_, client, roster := openBoard(t, p.records)
				c := &crew{client: client, roster: roster, pick: pick(t, p.pick), think: p.think, pause: workload.Exponential(60 * ms),
					refresh: p.refresh, doubles: p.doubles, operators: 12, rate: model.rate}
				if model.rate > 0 {
					c.operators = 40
				}
				span, cancel := context.WithTimeout(t.Context(), 3*time.Second)
				defer cancel()
				if err := c.play(span); err != nil {
					t.Fatal(err)
				}
				checkAgreement(t, c)
			})
		}
	}
}

func checkAgreement(t *testing.T, c *crew) {
	t.Helper()
	m := validity.New(validity.Run{Spec: run.Spec{Operators: c.operators, Rate: c.rate, Think: c.think, Refresh: c.refresh, Duration: 3 * time.Second}})
	moves := 0
	for i := range c.ops {
		m.Add(&c.ops[i])
		if c.ops[i].Kind == history.Update && c.ops[i].Flags&history.Double == 0 {
			moves++
		}
	}
	r, err := m.Report()
	if err != nil {
		t.Fatal(err)
	}
	got := r.Contention
	if got == nil || got.Attempts != moves {
		t.Fatalf("compared %+v, want %d attempts", got, moves)
	}
	t.Logf("%d attempts: predicted %.3f (%.3f–%.3f), observed %.3f", got.Attempts, got.Predicted, got.Lower, got.Upper, got.Observed)
	if got.Agreement != predict.Agrees.String() {
		t.Errorf("%s: predicted %.3f (%.3f–%.3f), observed %.3f", got.Agreement, got.Predicted, got.Lower, got.Upper, got.Observed)
	}
	if got.Observed == 0 {
		t.Error("there was no conflict to compare")
	}
}

// A server that lets stale moves through shows too few conflicts, one that
// refuses fresh ones too many.
func TestDisagreementIsSeen(t *testing.T) {
	_, client, roster := openBoard(t, 6)
	c := &crew{client: client, roster: roster, think: workload.Exponential(40 * time.Millisecond), operators: 12}
	span, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	if err := c.play(span); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for _, f := range []struct {
		name     string
		from, to history.Outcome
		want     string
	}{
		{"lost updates", history.Conflict, history.Applied, predict.TooFew.String()},
		{"spurious conflicts", history.Applied, history.Conflict, predict.TooMany.String()},
	} {
		t.Run(f.name, func(t *testing.T) {
			m := validity.New(validity.Run{Spec: run.Spec{Operators: 12, Duration: 2 * time.Second}})
			for _, op := range c.ops {
				if op.Outcome == f.from && r.IntN(2) == 0 {
					op.Outcome = f.to
				}
				m.Add(&op)
			}
			report, err := m.Report()
			if err != nil {
				t.Fatal(err)
			}
			if got := report.Contention; got.Agreement != f.want || len(got.Causes) == 0 || len(report.Warnings()) == 0 {
				t.Errorf("contention %+v with warnings %q, want %s", got, report.Warnings(), f.want)
			}
		})
	}
}
