package pipeline

import (
	"context"
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/evidence"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/operator"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/settings"
	"github.com/occbench/occbench/internal/telemetry"
	"github.com/occbench/occbench/internal/workload"
	"github.com/occbench/occbench/seed"
)

// loadSettings returns settings as the loader makes them without any source but these.
func loadSettings(t *testing.T, env map[string]string) *settings.Settings {
	t.Helper()
	s, err := settings.NewLoader(time.Now, func(name string) (string, bool) { v, ok := env[name]; return v, ok }).Load()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// How many operations a run has here at least, however slow the machine is. With
// many there are as many moves among them as the alarm on the share wants to see.
const few, many = 150, 3 * telemetry.Enough

// observedRun plays on the bundled server of a validation, writes the run
// directory and pulls it.
func observedRun(t *testing.T, p *Pipeline, from string, operators, operations int) (run.Dir, run.Manifest, *observed) {
	t.Helper()
	ctx := t.Context()
	p = p.withCloudWatch()
	server, err := p.Serve(ctx, "127.0.0.1:0", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	p = p.withBundledTarget(server)
	o, err := p.openCloudWatch(ctx, server)
	if err != nil {
		t.Fatal(err)
	}
	target := client.Config{API: apitest.Appointments(t), Target: server.URL, Date: time.Now().UTC().AddDate(0, 0, 1).Format(time.DateOnly), Timeout: 5 * time.Second}
	if _, err := seed.SeedOverHTTP(ctx, target, seed.Options{Date: target.Date, Tag: "load", Records: 8, Now: time.Now}); err != nil {
		t.Fatal(err)
	}
	client, err := client.New(target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdle)
	c := &crew{client: client, think: workload.Fixed(10 * time.Millisecond), pause: workload.Fixed(10 * time.Millisecond), operators: operators, pick: pick(t, from)}
	ids, err := operator.Audit(ctx, client, "load", nil, c.record)
	if err != nil {
		t.Fatal(err)
	}
	c.roster = operator.NewRoster(ids)
	played := func(length time.Duration) {
		span, cancel := context.WithTimeout(ctx, length)
		defer cancel()
		if err := c.play(span); err != nil {
			t.Fatal(err)
		}
	}
	if o != nil {
		played(200 * time.Millisecond) // as a probe does, before the run
		c.ops = nil
	}
	o.beginRun()
	if err := awaitOwnSecond(ctx, o.findPlace(), time.Now()); err != nil {
		t.Fatal(err)
	}
	m := run.Manifest{Start: time.Now(), State: run.Complete, CloudWatch: o.findPlace()}
	for len(c.ops) < operations {
		played(300 * time.Millisecond)
	}
	m.End, m.Base = time.Now(), m.Start
	dir, err := run.Create(t.TempDir(), m.Start)
	if err == nil {
		err = dir.WriteManifest(m)
	}
	if err != nil {
		t.Fatal(err)
	}
	text := []byte(history.Header + "\n")
	for i := range c.ops {
		text = history.AppendOp(text, &c.ops[i])
	}
	if err := os.WriteFile(dir.File(run.HistoryFile), text, 0o644); err != nil {
		t.Fatal(err)
	}
	rec, err := evidence.LoadRecording(dir, evidence.Options{Policy: gate.Default()})
	if err == nil {
		err = o.pullRun(ctx, p, dir, m, rec)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir, m, o
}

// readPulled returns what CloudWatch and the clients say of a run.
func readPulled(t *testing.T, dir run.Dir) (*telemetry.Report, telemetry.Counts) {
	t.Helper()
	e, err := evidence.Open(dir, evidence.Options{Policy: gate.Default()})
	if err != nil {
		t.Fatal(err)
	}
	return e.CloudWatch, e.Recording.Counts
}

func judgeTelemetry(t *testing.T, dir run.Dir, policy gate.Policy) map[string]gate.Gate {
	t.Helper()
	v, err := Gate(dir, policy)
	if err != nil {
		t.Fatal(err)
	}
	gates := map[string]gate.Gate{}
	for _, g := range v.Gates {
		gates[g.Name] = g
	}
	return gates
}

// The bundled server's metrics are pulled from the local CloudWatch and are
// equal to the recording, to the attempt; what happened before the run is not in
// them.
func TestBundledServerIsObserved(t *testing.T) {
	p := &Pipeline{Settings: loadSettings(t, map[string]string{"AWS_REGION": "eu-central-1", "AWS_ENDPOINT_URL_CLOUDWATCH": "http://192.0.2.1"}), Now: time.Now, Talk: io.Discard}
	dir, m, _ := observedRun(t, p, "uniform", 6, few)
	report, counts := readPulled(t, dir)
	want := telemetry.Server{Attempts: counts.Attempts, Conflicts: counts.Conflicts, ConflictSamples: counts.Attempts}
	if diff := cmp.Diff(want, report.Server); diff != "" || counts.Attempts < 50 || report.Settled != telemetry.Equal {
		t.Errorf("settled %s; (-clients +CloudWatch)\n%s", report.Settled, diff)
	}
	if report.Source.Stage != "local" || len(report.Alarms) != 3 || report.Percentiles == nil || report.Percentiles.Samples != counts.Attempts {
		t.Errorf("report %+v", report)
	}
	if g := judgeTelemetry(t, dir, gate.Default()); g[gate.Telemetry].Verdict != gate.Pass || g[gate.Alarms].Verdict == gate.Inconclusive {
		t.Errorf("telemetry %+v\nalarms %+v", g[gate.Telemetry], g[gate.Alarms])
	}
	// The endpoint is gone with the validation; asking it again says so.
	again := &Pipeline{Settings: loadSettings(t, nil), Now: func() time.Time { return time.Now().Add(time.Hour) }, Talk: io.Discard}
	if _, _, err := again.Pull(t.Context(), dir); err == nil || !strings.Contains(err.Error(), "ended with it") {
		t.Errorf("pulling again says %v", err)
	}
	// One that is still there is found by the manifest alone.
	m.CloudWatch.Passing = false
	if err := dir.WriteManifest(m); err != nil {
		t.Fatal(err)
	}
	later, _, err := again.Pull(t.Context(), dir)
	if diff := cmp.Diff(want, later.Server); diff != "" || err != nil || len(later.Alarms) != 3 || later.AlarmsError != "" {
		t.Errorf("pulled an hour later: error %v, alarms %v %s (-want +got)\n%s", err, later.Alarms, later.AlarmsError, diff)
	}
	// One that is not leaves what was pulled before.
	again.Settings = loadSettings(t, nil)
	m.CloudWatch.Endpoint = "http://127.0.0.1:1"
	if err := dir.WriteManifest(m); err != nil {
		t.Fatal(err)
	}
	if _, _, err := again.Pull(t.Context(), dir); err == nil || !strings.Contains(err.Error(), "nothing listens there") || !strings.Contains(err.Error(), "is kept") {
		t.Errorf("pulling from nobody says %v", err)
	}
	if kept, _ := readPulled(t, dir); kept.Server != want {
		t.Errorf("kept %+v", kept)
	}
}

// An emitter that loses every tenth metric is found out, with both counts.
func TestMetricLoss(t *testing.T) {
	p := &Pipeline{Settings: loadSettings(t, map[string]string{"OCCBENCH_FAULT": "metric-loss:0.1"}), Now: time.Now, Talk: io.Discard}
	dir, _, _ := observedRun(t, p, "uniform", 6, few)
	report, counts := readPulled(t, dir)
	if got, want := report.Server.Attempts, counts.Attempts-counts.Attempts/10; got != want {
		t.Errorf("CloudWatch counts %d of %d attempts, want %d", got, counts.Attempts, want)
	}
	g := judgeTelemetry(t, dir, gate.Default())[gate.Telemetry]
	if g.Verdict != gate.Inconclusive || !strings.Contains(g.Reason.String(), "telemetry loses data: CloudWatch counts "+amount.Count(report.Server.Attempts)) || !strings.Contains(g.Reason.String(), "the clients made "+amount.Count(counts.Attempts)) {
		t.Errorf("gate %+v", g)
	}
	left := gate.Default()
	left.LeaveOutCloudWatch()
	if g := judgeTelemetry(t, dir, left); g[gate.Telemetry].Name != "" {
		t.Errorf("left out, and judged: %+v", g)
	}
}

// With everybody on the first record, the alarms fire, the one on the share too.
func TestAlarmsFire(t *testing.T) {
	p := &Pipeline{Settings: loadSettings(t, nil), Now: time.Now, Talk: io.Discard}
	dir, _, _ := observedRun(t, p, "first", 20, many)
	g := judgeTelemetry(t, dir, gate.Default())[gate.Alarms]
	if g.Verdict != gate.Fail || !strings.Contains(g.Reason.String(), telemetry.HighConflictRatio+" fired") {
		t.Errorf("gate %+v", g)
	}
}

// Where it is not said that there is a CloudWatch, none is looked at, and the gates
// do not exist.
func TestNotObserved(t *testing.T) {
	for name, env := range map[string]map[string]string{"switched off": {"OCCBENCH_METRICS": "none"}, "off, with a region": {"OCCBENCH_METRICS": "none", "AWS_REGION": "x"}} {
		t.Run(name, func(t *testing.T) {
			p := &Pipeline{Settings: loadSettings(t, env), Now: time.Now, Talk: io.Discard}
			dir, m, o := observedRun(t, p, "uniform", 2, 10)
			if g := judgeTelemetry(t, dir, gate.Default()); o != nil || m.CloudWatch != nil || g[gate.Telemetry].Name != "" || g[gate.Alarms].Name != "" {
				t.Errorf("observed %+v, gates %v", o, g)
			}
		})
	}
}

// A run whose CloudWatch was named and not asked is not a run without one.
func TestNotPulledYet(t *testing.T) {
	dir, err := run.Create(t.TempDir(), time.Now())
	if err == nil {
		err = dir.WriteManifest(run.Manifest{Start: time.Now(), State: run.Complete, CloudWatch: &run.Metrics{CloudWatch: run.CloudWatch{Region: "eu-central-1", Namespace: telemetry.Namespace, Stage: "prod"}}})
	}
	if err == nil {
		err = os.WriteFile(dir.File(run.HistoryFile), []byte(history.Header+"\n"), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	if report, _ := readPulled(t, dir); report == nil || !strings.Contains(report.Error, "occbench pull "+dir.Path()) {
		t.Errorf("report %+v", report)
	}
}

// Flag and environment go before the manifest, the manifest before the defaults.
func TestAskWhere(t *testing.T) {
	there := run.Metrics{CloudWatch: run.CloudWatch{Region: "eu-west-1", Namespace: "N", Stage: "demo", Function: "move"}}
	p := &Pipeline{Settings: loadSettings(t, map[string]string{"AWS_REGION": "us-west-2"})}
	asked, err := p.withPlaceOf(&there)
	if err != nil {
		t.Fatal(err)
	}
	want := settings.CloudWatch{CloudWatch: run.CloudWatch{Region: "us-west-2", Namespace: "N", Stage: "demo", Function: "move"}}
	if diff := cmp.Diff(want, asked.Settings.CloudWatch); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	there.Passing = true
	if _, err := p.withPlaceOf(&there); err == nil || !strings.Contains(err.Error(), "--aws-endpoint") {
		t.Errorf("error %v", err)
	}
}
