package plan

import (
	"slices"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/predict"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/workload"
)

func TestCooler(t *testing.T) {
	hot := Load{predict.Parameters{Spec: run.Spec{Operators: 20, Duration: time.Minute, Records: 30, Think: workload.Fixed(250 * time.Millisecond), Pause: workload.Fixed(250 * time.Millisecond), Attempts: 3, Warmup: 2 * time.Second}, Read: workload.Fixed(5 * time.Millisecond), Update: workload.Fixed(5 * time.Millisecond)}, Limits{Conflict: 0.1}}
	settings := func(p Load) (names []string) {
		changes, err := ReduceConflicts(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range changes {
			names = append(names, c.Setting)
		}
		return names
	}
	if got := settings(hot); !slices.Equal(got, []string{"records", "operators"}) {
		t.Errorf("a hot uniform load is cooled by %v", got)
	}
	cool := hot
	cool.Records = 1000
	if got := settings(cool); got != nil {
		t.Errorf("a cool load is cooled by %v", got)
	}
	skewed := cool
	skewed.Pick, _ = workload.ParsePick("hotspot:1/99")
	if got := settings(skewed); !slices.Contains(got, "pick") {
		t.Errorf("a skewed load is cooled by %v", got)
	}
	for _, c := range []struct {
		change Change
		want   string
	}{
		{Change{"records", "≥", "152"}, "--records 152 or more"},
		{Change{"walk", "=", "cycle"}, "--walk cycle"},
		{Change{"operators", "≤", "3"}, "--operators 3 or less"},
		{Change{"pick", "=", "uniform"}, "--pick uniform"},
		{Change{"pick uniform with records", "≥", "89"}, "--pick uniform --records 89 or more"},
		{Change{"rate", "≤", "5/s"}, "--rate 5/s or less"},
	} {
		if got := c.change.String(); got != c.want {
			t.Errorf("%v is written %q, want %q", c.change, got, c.want)
		}
	}
}
