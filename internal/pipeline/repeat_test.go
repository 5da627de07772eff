package pipeline

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/workload"
	"github.com/occbench/occbench/reports/view"
)

// The command that a report names makes the same load again, whatever the load
// was: of what it says nothing is refused, and nothing is missing.
func TestTheLoadIsRepeated(t *testing.T) {
	for _, flags := range []string{
		"",
		"--operators 3 --think exp:20ms --pause uniform:1s-2s --pick own --records 9 --walk forward --backoff none",
		"--rate 40/s --pick zipf:0.99 --records 200",
		"--rate 0.5/s --think lognormal:250ms,900ms --max-operators 7",
		"--ramp 10/s..80/s --refresh 2s --double-updates 0.1 --pick hotspot:20/80",
		"--attempts 1 --warmup auto --duration 90s",
		"--races 0.5/sx8", "--races off", "--until-decided", "--until-decided --max-duration 90s --fail-fast",
		"--budget 1500ms --attempts 5 --timeout 3s --rand-seed 18446744073709551615 --shared-records",
	} {
		first := declaredBy(t, strings.Fields(flags))
		command := view.BuildRepeatCommand(&first)
		words, ok := strings.CutPrefix(command, "occbench validate ")
		if !ok {
			t.Fatalf("%q is repeated by %s", flags, command)
		}
		again := declaredBy(t, strings.Fields(words))
		if diff := cmp.Diff(first.Spec, again.Spec, cmp.AllowUnexported(workload.Pick{}, workload.Backoff{})); diff != "" {
			t.Errorf("%q is repeated by %s (-first +again)\n%s", flags, command, diff)
		}
	}
}

// declaredBy is the manifest of a run with these flags.
func declaredBy(t *testing.T, flags []string) run.Manifest {
	t.Helper()
	p := &Pipeline{Settings: loadFlags(t, nil, flags...), Now: time.Now}
	s, err := p.resolveSpec(latencies{})
	if err != nil {
		t.Fatalf("%s: %v", flags, err)
	}
	return p.newManifest(p.completeSpec(s, Subject{}), Subject{})
}
