package k6run

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/workload"
)

func TestResult(t *testing.T) {
	thrown := `say time="t" level=error msg="Error: boom\n\tat default (file:///x.js:3:9)\n" executor=constant-vus scenario=update` + "\n"
	iterations := func(n string) string {
		return `summary {"metrics":{"iterations":{"values":{"count":` + n + `}}},"recording":{"error":""}}` + "\n"
	}
	tests := []struct {
		name, script string
		exit         int
		state        State
		reason       string
		scriptErrors int
		dropped      int64
		planned      int64
		late         int64
	}{
		{name: "clean", script: "exit 0", state: Complete},
		{name: "thresholds are ours to judge", script: "exit 99", exit: 99, state: Complete},
		{name: "some iterations threw", script: thrown + iterations("9"), state: Complete, scriptErrors: 1},
		{
			name: "every iteration threw", script: thrown + thrown + iterations("2"), state: Failed, scriptErrors: 2,
			reason: "every iteration of the scenario threw: Error: boom at default (file:///x.js:3:9)",
		},
		{name: "signal", script: "exit 105", exit: 105, state: Interrupted, reason: "k6 was interrupted by a signal that did not come from here"},
		{name: "aborted by the scenario", script: "say level=error msg=enough\nexit 108", exit: 108, state: Interrupted, reason: "the scenario ended the run: enough"},
		{
			name: "disk full", exit: 108, state: Failed, reason: "the history is not whole: write /dev/full: no space left on device",
			script: `say level=error msg="the history is not whole: write /dev/full: no space left on device" occ_history=true` + "\nsay level=error msg=\"test aborted\"\nexit 108",
		},
		{
			name: "recording failed at the end", state: Failed, reason: "the history is not whole: 3 operations are missing",
			script: `summary {"recording":{"dropped":3,"error":"the history is not whole: 3 operations are missing"}}` + "\nexit 0", dropped: 3,
		},
		{
			name: "turns that never began", state: Complete, planned: 2400, late: 31,
			script: `summary {"recording":{"error":"","turns":{"planned":2400,"dropped":31}}}` + "\nexit 0",
		},
		{name: "the extension threw in setup", script: "say 'level=error msg=\"GoError: auditing the board: HTTP 302\\n\\tat github.com/x.(*instance).guard.func3 (native)\\n\"'\nexit 107", exit: 107, state: Failed,
			reason: "the scenario threw outside of its iterations: auditing the board: HTTP 302"},
		{name: "init exception", script: "say level=error msg=\"Error: no such module\"\nexit 107", exit: 107, state: Failed, reason: "the scenario threw outside of its iterations: Error: no such module"},
		{name: "options", script: "say level=error msg=bad\nexit 104", exit: 104, state: Failed, reason: "k6 did not accept the options: bad"},
		{name: "setup timeout", script: "say level=error msg=slow\nexit 100", exit: 100, state: Failed, reason: "k6 gave up on setup(): slow"},
		{name: "teardown timeout", script: "exit 101", exit: 101, state: Failed, reason: "k6 gave up on teardown(), there is no final audit: k6 did not say why"},
		{name: "panic", script: "exit 2", exit: 2, state: Failed, reason: "k6 crashed; its log has the trace"},
		{name: "marked as failed", script: "say level=error msg=no\nexit 110", exit: 110, state: Complete, reason: "the scenario marked the run as failed: no"},
		{name: "bad flag", script: "say level=error msg=\"unknown flag: --x\"\nexit 255", exit: 255, state: Failed, reason: "k6 did not accept its arguments: unknown flag: --x"},
		{name: "an unknown code", script: "exit 77", exit: 77, state: Failed, reason: "k6 ended with exit code 77: k6 did not say why"},
		{name: "killed", script: "kill", exit: -1, state: Failed, reason: "k6 was killed (signal: killed); unless a user did it, the system ran out of memory"},
		{name: "interrupted before it listens", script: "early", exit: -1, state: Interrupted, reason: "k6 was interrupted, before it listened to signals, by a signal that did not come from here"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := newOptions(t, test.script)
			got, err := Run(context.Background(), o)
			if err != nil {
				t.Fatal(err)
			}
			want := Result{Exit: test.exit, State: test.state, Reason: test.reason, ScriptErrors: test.scriptErrors, Dropped: test.dropped, PlannedTurns: test.planned, DroppedTurns: test.late}
			if got.CPU <= 0 {
				t.Errorf("k6 took %s of processor time", got.CPU)
			}
			got.Messages, got.Iterations, got.CPU, want.Thresholds = nil, 0, 0, test.exit == 99
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestCancelInterruptsInOrder(t *testing.T) {
	o := newOptions(t, "wait\nsay level=info msg=\"last words\"\nexit 105")
	ctx, cancel := context.WithCancel(context.Background())
	go whenLogged(o, "waiting", cancel)
	got, err := Run(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	if got.State != Interrupted || got.Reason != "k6 was interrupted by its caller: context canceled" {
		t.Errorf("result %+v", got)
	}
	if log := readFile(t, o, LogFile); !strings.Contains(log, "last words") {
		t.Errorf("k6 was not left to end by itself; its log:\n%s", log)
	}
}

func TestStuckK6IsStopped(t *testing.T) {
	tests := []struct {
		name   string
		cancel bool
		limit  time.Duration
		reason string
	}{
		{name: "deaf to an interrupt", cancel: true, limit: time.Hour, reason: "k6 was killed"},
		{name: "never ends", limit: 50 * time.Millisecond, reason: "k6 did not end in time"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := newOptions(t, "deaf")
			o.Limit, o.Grace = test.limit, 50*time.Millisecond
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			if test.cancel {
				go whenLogged(o, "waiting", cancel)
			}
			got, err := Run(ctx, o)
			if err != nil {
				t.Fatal(err)
			}
			if got.State != Failed || !strings.HasPrefix(got.Reason, test.reason) {
				t.Errorf("result %+v, want Failed with %q", got, test.reason)
			}
		})
	}
}

func TestEnvironmentAndArguments(t *testing.T) {
	for _, name := range []string{"K6_ITERATIONS", "OCC_THINK", "URL"} {
		t.Setenv(name, "inherited")
	}
	o := newOptions(t, "exit 0")
	zipf, err := workload.ParsePick("zipf:0.99")
	if err != nil {
		t.Fatal(err)
	}
	o.Spec = run.Spec{
		Target: "http://ada:s3cret@shop.example", Operators: 3, Duration: time.Minute, Pick: zipf,
		Rate: 0.5, RampTo: 1666.667, MaxOperators: 40, Refresh: 2 * time.Second, DoubleUpdates: 0.05,
	}
	o.Declared = true
	o.Traces = Traces{Base: time.Unix(1, 5)}
	o.Args = []string{"-o", "json=points.json", "K6_WEB_DASHBOARD=true", "--tag=a=b"}
	if _, err := Run(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	want := `args ["k6" "run" "--quiet" "--no-color" "--config" "DIR/.k6-options.json" "-o" "json=points.json" "--tag=a=b"]
env K6_AUTO_EXTENSION_RESOLUTION=false K6_NO_USAGE_REPORT=true K6_WEB_DASHBOARD=true OCC_BASE=1000000005 OCC_DECLARED=true OCC_DOUBLE_UPDATES=0.05 OCC_DURATION=1m OCC_GENERATORS=1 OCC_MAX_OPERATORS=40 OCC_OPERATORS=3 OCC_PICK=zipf:0.99 OCC_RACES=off OCC_RAMP_TO=1666.667/s OCC_RAND_SEED=0 OCC_RATE=0.5/s OCC_REFRESH=2s OCC_WALK=cycle OCC_WARMUP=0s URL=http://xxxxx@shop.example
`
	if diff := cmp.Diff(want, strings.ReplaceAll(readFile(t, o, LogFile), o.Dir, "DIR")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestLogHoldsNoPassword(t *testing.T) {
	o := newOptions(t, `say level=error msg="Get \"http://ada:p%40ss@shop.example/x\": refused (p@ss)"`+"\nexit 107")
	o.Spec.Target = "http://ada:p%40ss@shop.example"
	got, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{readFile(t, o, LogFile), got.Reason} {
		if strings.Contains(text, "p%40ss") || strings.Contains(text, "p@ss") || !strings.Contains(text, "refused") {
			t.Errorf("the password is in %q", text)
		}
	}
}

func TestUnstartable(t *testing.T) {
	o := newOptions(t, "exit 0")
	o.Program = filepath.Join(t.TempDir(), "absent")
	if _, err := Run(context.Background(), o); err == nil || !strings.HasPrefix(err.Error(), "starting k6 (") {
		t.Errorf("error %v", err)
	}
	o = newOptions(t, "exit 0")
	o.Dir = filepath.Join(o.Dir, "absent")
	if _, err := Run(context.Background(), o); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

func newOptions(t *testing.T, script string) Options {
	dir := t.TempDir()
	return Options{Dir: dir, Source: []byte(script), Traces: Traces{Summary: filepath.Join(dir, "summary.json")}}
}

func readFile(t *testing.T, o Options, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(o.Dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// whenLogged calls f as soon as the log holds a text.
func whenLogged(o Options, text string, f func()) {
	for {
		data, err := os.ReadFile(filepath.Join(o.Dir, LogFile))
		if err == nil && strings.Contains(string(data), text) {
			f()
			return
		}
		time.Sleep(time.Millisecond)
	}
}
