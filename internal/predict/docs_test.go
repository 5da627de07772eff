package predict

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/goldentest"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/workload"
)

const manual = "../../docs/contention.md"

// Every table of the manual stands between <!-- table NAME --> and
// <!-- end -->, and is what this code writes.
func TestTablesOfTheManual(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates each row")
	}
	for name, write := range map[string]func(*testing.T) string{
		"formula":  formulaTable,
		"records":  recordsTable,
		"profiles": profilesTable,
		"rhythm":   rhythmTable,
		"backoff":  backoffTable,
	} {
		goldentest.ComparePart(t, manual, "<!-- table "+name+" -->\n", "<!-- end -->", write(t))
	}
}

func row(cells ...string) string { return "| " + strings.Join(cells, " | ") + " |\n" }

func header(cells ...string) string {
	return row(cells...) + "|" + strings.Repeat("---|", len(cells)) + "\n"
}

func pct(rate float64) string { return fmt.Sprintf("%.1f %%", 100*rate) }

func formulaTable(*testing.T) string {
	s := header("a·W", "constant", "uniform 0 … 2W", "exponential", "lognormal, p95 = 3.6 × median")
	for _, x := range []float64{0.05, 1.0 / 9, 0.25, 0.5, 1, 2, 5} {
		cells := []string{fmt.Sprintf("%.3g", x)}
		for _, d := range []workload.Delay{workload.Fixed(1e9), workload.Uniform{From: 0, To: 2e9}, workload.Exponential(1e9), workload.Lognormal{Median: 250e6, P95: 900e6}} {
			cells = append(cells, pct(computeConflictRate(x/MeanSeconds(d), newWindow(part{d, 1}))))
		}
		s += row(cells...)
	}
	return s
}

func recordsTable(t *testing.T) string {
	s := header("updates per second", "window", "records for < 10 %", "`--records auto`", "with 8 records")
	for _, c := range []struct {
		rate   float64
		window time.Duration
	}{{5, 350 * ms}, {16.5, 350 * ms}, {40, 350 * ms}, {40, 50 * ms}, {200, 50 * ms}} {
		p := Parameters{Spec: run.Spec{Rate: c.rate, Think: workload.Fixed(c.window), Duration: time.Minute, Records: 8}, Arrivals: Poisson}
		eight := mustForecast(t, p).Conflict
		auto, err := ChooseRecords(p)
		if err != nil {
			t.Fatal(err)
		}
		s += row(fmt.Sprint(c.rate), c.window.String(), fmt.Sprint(int(math.Ceil(9*c.rate*c.window.Seconds()-1e-9))), fmt.Sprint(auto), pct(eight))
	}
	return s
}

func mustForecast(t *testing.T, p Parameters) *Forecast {
	t.Helper()
	f, err := computeForecast(p)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func profilesTable(t *testing.T) string {
	s := header("profile", "predicted", "by", "simulated", "plain aW/(1+aW)")
	for _, c := range profiles {
		p := c.parameters(t)
		got, err := Expect(p)
		if err != nil {
			t.Fatal(err)
		}
		var seen Observed
		for seed := range uint64(30) {
			seen.add(mustSimulate(t, p, 2000+seed))
		}
		by := "formula"
		if got.Simulated {
			by = "simulation"
		}
		s += row(c.name, pct(got.Conflict), by, pct(seen.ConflictRate()), pct(plain(p, got)))
	}
	return s
}

// plain is what the textbook formula makes of the mean window.
func plain(p Parameters, got *Forecast) (rate float64) {
	if p.Pick.IsOwn() {
		return 0
	}
	for _, share := range p.Pick.Shares(p.Records) {
		aw := got.AttemptRate * share * got.Window
		rate += share * aw / (1 + aw)
	}
	return rate
}

func rhythmTable(t *testing.T) string {
	s := header("operators", "think, pause", "predicted", "mean of 200 runs", "9 of 10 runs between")
	for _, c := range []struct {
		operators    int
		think, pause workload.Delay
	}{
		{2, workload.Fixed(250e6), workload.Fixed(500e6)},
		{5, workload.Fixed(250e6), workload.Fixed(500e6)},
		{20, workload.Fixed(250e6), workload.Fixed(500e6)},
		{5, workload.Exponential(250e6), workload.Exponential(500e6)},
		{20, workload.Exponential(250e6), workload.Exponential(500e6)},
	} {
		p := Parameters{Spec: run.Spec{Operators: c.operators, Records: c.operators, Think: c.think, Pause: c.pause, Duration: 5 * time.Minute}}
		var rates []float64
		for seed := range uint64(200) {
			rates = append(rates, mustSimulate(t, p, seed).ConflictRate())
		}
		slices.Sort(rates)
		s += row(fmt.Sprint(c.operators), fmt.Sprintf("%v, %v", c.think, c.pause), pct(mustForecast(t, p).Conflict),
			pct(total(rates)/200), pct(rates[10])+" and "+pct(rates[189]))
	}
	return s
}

func backoffTable(t *testing.T) string {
	s := header("policy", "20 clients: calls", "ms", "100 clients: calls", "ms")
	for _, kind := range workload.BackoffKinds() {
		cells := []string{kind}
		for _, clients := range []int{20, 100} {
			c := SimulateBackoff(mustBackoff(t, kind, 5*ms, 2000*ms), BackoffStudy{Clients: clients, Seed: 1})
			cells = append(cells, fmt.Sprintf("%.0f", c.Calls), fmt.Sprint(c.Time.Milliseconds()))
		}
		s += row(cells...)
	}
	return s
}
