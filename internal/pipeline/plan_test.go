package pipeline

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"github.com/occbench/occbench/internal/evidence"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/plan"
	"github.com/occbench/occbench/internal/settings"
	"github.com/occbench/occbench/internal/workload"
	"github.com/occbench/occbench/reports/text"
)

func loadFlags(t *testing.T, env map[string]string, args ...string) *settings.Settings {
	t.Helper()
	l := settings.NewLoader(time.Now, func(name string) (string, bool) { v, ok := env[name]; return v, ok })
	fs := pflag.NewFlagSet("test", pflag.ContinueOnError)
	l.Bind(fs, "target", "tag", "timeout", "operators", "rate", "ramp", "max-operators", "duration", "warmup", "records", "pick", "walk", "think", "pause",
		"refresh", "double-updates", "races", "attempts", "budget", "backoff", "rand-seed", "shared-records", "until-decided", "max-duration", "fail-fast")
	if err := fs.Parse(args); err != nil {
		t.Fatal(err)
	}
	s, err := l.Load()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// What the command line asks for is warned of; what was not asked for is refused.
func TestForesee(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates plans")
	}
	runbook := strings.Fields("--operators 20 --think 0 --pause 500ms --records 8 --pick first --walk forward")
	slow := latencies{read: workload.Fixed(3 * time.Second), update: workload.Fixed(3 * time.Second)}
	cases := []struct {
		name    string
		args    []string
		env     map[string]string
		latency latencies
		force   bool
		refused string // part of the refusal; empty: it goes on
		warned  string // part of what is said
	}{
		{name: "the default run", warned: "every gate can be decided"},
		{name: "an open run", args: strings.Fields("--rate 40/s"), warned: "every gate can be decided"},
		{name: "contention that was asked for", args: strings.Fields("--records 8 --pick first --duration 20s"), warned: "! conflict_rate is unreachable"},
		{name: "a run that was asked to be short", args: strings.Fields("--duration 2s --operators 1"), warned: "! error_rate is undecidable"},
		{name: "zipf that was asked for", args: strings.Fields("--rate 40/s --pick zipf:0.99 --records 200"), warned: "! conflict_rate is unreachable"},
		{name: "contention of the environment", env: map[string]string{"OCCBENCH_RECORDS": "8", "OCCBENCH_PICK": "first"}, refused: "conflict_rate is unreachable"},
		{name: "a slow target", latency: slow, refused: "error_rate is undecidable"},
		{name: "a slow target and a short run", latency: slow, args: strings.Fields("--duration 10s"), warned: "! error_rate is undecidable"},
		{name: "a setting that has nothing to do with it", env: map[string]string{"OCCBENCH_RECORDS": "8", "OCCBENCH_PICK": "first"}, args: strings.Fields("--attempts 2"), refused: "conflict_rate is unreachable"},
		{name: "records that run out", args: runbook, refused: "the appointments run out after"},
		{name: "records that run out, forced", args: runbook, force: true, warned: "! the appointments run out after"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var talk strings.Builder
			p := &Pipeline{Settings: loadFlags(t, c.env, c.args...), Talk: &talk, Now: time.Now, Force: c.force}
			_, err := p.planRun(gate.Default(), c.latency)
			switch {
			case c.refused == "" && err != nil:
				t.Fatalf("refused: %v", err)
			case c.refused != "" && (err == nil || !strings.Contains(err.Error(), c.refused) || !strings.Contains(err.Error(), "--force")):
				t.Fatalf("refusal = %v, want %q and --force", err, c.refused)
			}
			if !strings.Contains(talk.String(), c.warned) {
				t.Errorf("%q is not in\n%s", c.warned, &talk)
			}
		})
	}
}

// What docs/plan.md says that the plan of the runbook's profile says, it says.
func TestThePlanOfTheManual(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates a plan")
	}
	page, err := os.ReadFile("../../docs/plan.md")
	if err != nil {
		t.Fatal(err)
	}
	_, block, _ := strings.Cut(string(page), "    $ occbench plan ")
	flags, block, _ := strings.Cut(block, "\n")
	shown, _, ok := strings.Cut(block, "\n      …\n")
	if !ok {
		t.Fatal("the page shows no plan")
	}
	p := &Pipeline{Settings: loadFlags(t, nil, strings.Fields(flags)...), Now: time.Now}
	plan, err := p.Plan(t.Context(), gate.Default(), PlanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var written strings.Builder
	if err := text.Plain.Plan(&written, plan); err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	for line := range strings.SplitSeq(shown, "\n") {
		want.WriteString(strings.TrimPrefix(line, "    ") + "\n")
	}
	if !strings.HasPrefix(written.String(), want.String()) {
		t.Errorf("docs/plan.md shows\n%s\nthe plan is\n%s", &want, &written)
	}
}

// A gate that is switched off is nothing to plan for.
func TestLimits(t *testing.T) {
	policy := gate.Default()
	for _, name := range []string{gate.ConflictRate, gate.ErrorRate, gate.P95, gate.Recovery} {
		if err := policy.SwitchOff(name); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(plan.Limits{Confidence: 0.95}, evidence.ContentionLimits(policy)); diff != "" {
		t.Errorf("limits (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(plan.Limits{Conflict: 0.1, Error: 0.01, P95: true, Recovery: true, Confidence: 0.95}, evidence.ContentionLimits(gate.Default())); diff != "" {
		t.Errorf("limits of the default policy (-want +got)\n%s", diff)
	}
}
