package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/awsapi"
	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/cloudwatch"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/need"
	"github.com/occbench/occbench/internal/telemetry"
	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/cwlocal"
	"github.com/occbench/occbench/reference-server/refservertest"
	"github.com/occbench/occbench/seed"
)

// stockCLI is Debian's; others on PATH may be of any origin.
const stockCLI = "/usr/bin/aws"

// watched is a local CloudWatch, and a move API that publishes there. Its clock
// is the real one, and can be put forward: an alarm is evaluated by the minute.
type watched struct {
	t       *testing.T
	url     string
	ahead   atomic.Int64 // ns
	client  *cloudwatch.Client
	emitter *cloudwatch.Emitter
	shop    *client.Client
}

const stage = "test"

func newWatched(t *testing.T) *watched {
	t.Helper()
	w := &watched{t: t}
	listening := httptest.NewServer(cwlocal.New(cwlocal.Options{Now: w.now}))
	t.Cleanup(listening.Close)
	w.url = listening.URL
	var err error
	if w.client, err = cloudwatch.Connect(t.Context(), awsapi.Access{Endpoint: w.url}); err != nil {
		t.Fatal(err)
	}
	source := telemetry.Source{Namespace: telemetry.Namespace, Stage: stage}
	w.emitter = cloudwatch.NewEmitter(cloudwatch.EmitOptions{Publish: cloudwatch.PutMetricData{Client: w.client, Source: source}, Interval: time.Hour})
	w.serve()
	return w
}

func (w *watched) now() time.Time { return time.Now().Add(time.Duration(w.ahead.Load())) }

// serve starts a move API whose attempts the emitter observes.
func (w *watched) serve() {
	server := refservertest.New(w.t, refserver.Options{Observe: func(a refserver.Attempt) { w.emitter.Observe(a.At, a.Latency, a.IsConflict()) }})
	listening := httptest.NewServer(server.Handler())
	w.t.Cleanup(listening.Close)
	date := time.Now().UTC().AddDate(0, 0, 1).Format(time.DateOnly)
	target := client.Config{API: apitest.Appointments(w.t), Target: listening.URL, Date: date}
	if _, err := seed.SeedOverHTTP(w.t.Context(), target, seed.Options{Date: date, Tag: "load", Records: 1, Now: time.Now}); err != nil {
		w.t.Fatal(err)
	}
	shop, err := client.New(target)
	if err != nil {
		w.t.Fatal(err)
	}
	w.shop = shop
}

// fight lets operators that all pick the first record move it: of every two
// attempts, one is stale. Everything they did is published.
func (w *watched) fight(rounds int) {
	w.t.Helper()
	var board client.List
	if a := w.shop.List(w.t.Context(), &board); !a.OK() {
		w.t.Fatal(a.Failure())
	}
	record := board.Records[0]
	to, back := "in_progress", "scheduled"
	for range rounds {
		moved := w.shop.Update(w.t.Context(), &client.Attempt{ID: record.ID, To: to, Token: record.Token})
		lost := w.shop.Update(w.t.Context(), &client.Attempt{ID: record.ID, To: to, Token: record.Token})
		if moved.Outcome != history.Applied || lost.Outcome != history.Conflict {
			w.t.Fatalf("%v, %v", moved.Failure(), lost.Failure())
		}
		record.Token, to, back = moved.Token, back, to
	}
	if err := w.emitter.Flush(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// alarms calls `occbench alarms …` and wants an exit code.
func (w *watched) alarms(code int, args ...string) string {
	w.t.Helper()
	var out, talk bytes.Buffer
	got := Main(w.t.Context(), append(append([]string{"alarms"}, args...), "--aws-endpoint", w.url, "--stage", stage), command.Env{
		Stdout: &out, Stderr: &talk, Now: time.Now, Version: "test", Getenv: func(string) (string, bool) { return "", false },
	})
	if got != code {
		w.t.Fatalf("alarms %v: exit code %d, want %d\n%s%s", args, got, code, &out, &talk)
	}
	return out.String()
}

// states are those of the alarms, after a minute in which they were evaluated.
func (w *watched) states() map[string]string {
	w.t.Helper()
	w.ahead.Add(int64(time.Minute))
	rules, err := w.client.ListRules(w.t.Context(), telemetry.Namespace)
	if err != nil {
		w.t.Fatal(err)
	}
	states := map[string]string{}
	for _, r := range rules {
		states[r.Name] = r.State
	}
	return states
}

// stock calls the stock AWS CLI, or a shell in which aws is that.
func (w *watched) stock(name string, args ...string) string {
	w.t.Helper()
	bin := w.t.TempDir()
	if err := os.Symlink(stockCLI, filepath.Join(bin, "aws")); err != nil {
		w.t.Fatal(err)
	}
	cmd := exec.CommandContext(w.t.Context(), name, args...)
	cmd.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local", "AWS_DEFAULT_REGION=us-east-1", "AWS_PAGER=")
	out, err := cmd.CombinedOutput()
	if err != nil {
		w.t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// hasStockCLI reports whether the stock AWS CLI can be called; OCCBENCH_REQUIRE
// says that it must be there.
func (w *watched) hasStockCLI() bool {
	w.t.Helper()
	if testing.Short() {
		return false
	}
	_, err := os.Stat(stockCLI)
	if err != nil && need.IsRequired("awscli") {
		w.t.Fatal(err)
	}
	return err == nil
}

// asItStands is the runbook's alarm: it names no dimensions.
func (w *watched) asItStands() {
	w.t.Helper()
	if w.hasStockCLI() {
		w.stock(stockCLI, "cloudwatch", "put-metric-alarm", "--endpoint-url", w.url, "--alarm-name", telemetry.HighConflictRate, "--namespace", telemetry.Namespace,
			"--metric-name", telemetry.Conflicts, "--statistic", "Sum", "--period", "300", "--evaluation-periods", "1", "--threshold", "30", "--comparison-operator", "GreaterThanThreshold")
		return
	}
	w.t.Log("without the stock AWS CLI (apt-get install awscli) the SDK stands in for it")
	rule := telemetry.DeclaredRules(telemetry.Source{Namespace: telemetry.Namespace})[0]
	rule.Lines[0].Metric.Dimensions = nil
	if err := w.client.Apply(w.t.Context(), []telemetry.Rule{rule}, nil, nil); err != nil {
		w.t.Fatal(err)
	}
}

// TestRunbookAlarm plays the story of the alarm that could never fire, and of
// the one that is applied.
func TestRunbookAlarm(t *testing.T) {
	w := newWatched(t)
	w.asItStands()
	w.fight(200)
	lint := w.alarms(exit.Fail, "lint")
	for _, want := range []string{"never  " + telemetry.HighConflictRate, "it can never fire", "OCCConflicts {}", "{Environment=test, Service=MoveAPI}"} {
		if !strings.Contains(lint, want) {
			t.Errorf("lint does not say %q:\n%s", want, lint)
		}
	}
	if state := w.states()[telemetry.HighConflictRate]; state != telemetry.StateInsufficient {
		t.Errorf("200 conflicts later the runbook's alarm is %s", state)
	}
	if w.hasStockCLI() {
		got := w.stock(stockCLI, "cloudwatch", "describe-alarms", "--endpoint-url", w.url, "--query", "MetricAlarms[].StateValue", "--output", "text")
		if got != telemetry.StateInsufficient {
			t.Errorf("the stock CLI sees %s", got)
		}
	}
	diff := w.alarms(exit.Fail, "diff")
	for _, want := range []string{telemetry.HighConflictRate + ": metrics", telemetry.HighConflictRatio + ": alarm", telemetry.HighLatency + ": alarm"} {
		if !strings.Contains(diff, want) {
			t.Errorf("diff does not say %q:\n%s", want, diff)
		}
	}
	w.alarms(exit.OK, "apply")
	if out := w.alarms(exit.OK, "diff"); !strings.Contains(out, "as declared") {
		t.Errorf("diff after apply: %s", out)
	}
	w.fight(200)
	want := map[string]string{telemetry.HighConflictRate: telemetry.StateAlarm, telemetry.HighConflictRatio: telemetry.StateAlarm, telemetry.HighLatency: telemetry.StateOK}
	states := w.states()
	for name, state := range want {
		if states[name] != state {
			t.Errorf("%s is %s after 200 conflicts in 400 attempts, want %s", name, states[name], state)
		}
	}
	w.alarms(exit.OK, "lint")
}

// TestApply holds that whom an alarm calls is kept, that applying twice changes
// nothing, and that a foreign alarm is left alone.
func TestApply(t *testing.T) {
	const first, second = "arn:aws:sns:us-east-1:000000000000:first", "arn:aws:sns:us-east-1:000000000000:second"
	w := newWatched(t)
	if out := w.alarms(exit.OK, "apply", "--action", first); strings.Count(out, "created") != 3 {
		t.Errorf("first apply:\n%s", out)
	}
	if out := w.alarms(exit.OK, "apply"); strings.Count(out, "unchanged") != 3 {
		t.Errorf("second apply:\n%s", out)
	}
	if out := w.alarms(exit.OK, "apply", "--action", second); strings.Count(out, "changed  ") != 3 {
		t.Errorf("apply with another action:\n%s", out)
	}
	rules, err := w.client.ListRules(t.Context(), telemetry.Namespace)
	if err != nil || len(rules) != 3 {
		t.Fatalf("%d alarms, %v", len(rules), err)
	}
	for _, r := range rules {
		if strings.Join(r.Actions, " ") != first+" "+second {
			t.Errorf("%s calls %v", r.Name, r.Actions)
		}
	}
}

// TestDryRun holds that a dry run changes nothing and that what it prints does
// the same as apply, by the stock CLI.
func TestDryRun(t *testing.T) {
	w := newWatched(t)
	script := w.alarms(exit.OK, "apply", "--dry-run", "--action", "arn:aws:sns:us-east-1:000000000000:on-call")
	if strings.Count(script, "aws cloudwatch put-metric-alarm") != 3 {
		t.Errorf("the dry run prints\n%s", script)
	}
	w.alarms(exit.Fail, "diff")
	if !w.hasStockCLI() {
		t.Skip("the stock AWS CLI is not installed: apt-get install awscli")
	}
	w.stock("sh", "-ec", script)
	w.alarms(exit.OK, "diff")
	if again := w.alarms(exit.OK, "apply", "--dry-run"); strings.Contains(again, "put-metric-alarm") || strings.Count(again, "is as declared") != 3 {
		t.Errorf("a second dry run prints\n%s", again)
	}
}

func TestAlarmsJSON(t *testing.T) {
	w := newWatched(t)
	var dry struct {
		DryRun bool      `json:"dry_run"`
		Alarms []applied `json:"alarms"`
	}
	decode(t, w.alarms(exit.OK, "apply", "--dry-run", "--format", "json"), &dry)
	if !dry.DryRun || len(dry.Alarms) != 3 || dry.Alarms[0].Result != "create" || dry.Alarms[0].Command == "" {
		t.Errorf("dry run: %+v", dry)
	}
	var diff struct{ Differences []telemetry.Difference }
	decode(t, w.alarms(exit.Fail, "diff", "--format", "json"), &diff)
	if len(diff.Differences) != 3 || diff.Differences[0].Existing != "does not exist" {
		t.Errorf("diff: %+v", diff)
	}
	var lint struct{ Alarms []linted }
	w.asItStands()
	decode(t, w.alarms(exit.Fail, "lint", "--format", "json"), &lint)
	if len(lint.Alarms) != 1 || !lint.Alarms[0].Never || len(lint.Alarms[0].Remarks) == 0 {
		t.Errorf("lint: %+v", lint)
	}
}

func decode(t *testing.T, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%v:\n%s", err, text)
	}
}

// TestLintAgainstARate holds the absolute threshold against a load: more than 30
// conflicts in 5 minutes are 1 % of 10 attempts a second, where the gate allows 10 %.
func TestLintAgainstARate(t *testing.T) {
	w := newWatched(t)
	w.fight(1)
	w.alarms(exit.OK, "apply", "--action", "arn:aws:sns:us-east-1:000000000000:on-call")
	if out := w.alarms(exit.OK, "lint", "--attempts-per-s", "10"); !strings.Contains(out, "1 % of them: it fires far below") || !strings.Contains(out, "ok     "+telemetry.HighConflictRatio) {
		t.Errorf("lint at 10 attempts a second:\n%s", out)
	}
	if out := w.alarms(exit.OK, "lint", filepath.Join("..", "..", "load_test_results", "sample-pass")); !strings.Contains(out, "attempts/s") {
		t.Errorf("lint with a run:\n%s", out)
	}
}

func TestAlarmsBadInput(t *testing.T) {
	tests := []struct {
		name string
		args []string
		code int
		want string
	}{
		{"no alarm at all", []string{"lint"}, exit.Fail, "no alarm watches"},
		{"an action that is none", []string{"apply", "--action", "on-call"}, exit.BadUsage, "is not an ARN"},
		{"a rate of nothing", []string{"lint", "--attempts-per-s", "0"}, exit.BadUsage, "not a rate"},
		{"a rate beside a run", []string{"lint", "--attempts-per-s", "5", "x"}, exit.BadUsage, "exclude each other"},
		{"a run that is not there", []string{"lint", "nothing-here"}, exit.Broken, "nothing-here"},
		{"a dry run where there is none", []string{"diff", "--dry-run"}, exit.BadUsage, "dry-run"},
		{"no subcommand of it", []string{"drop"}, exit.BadUsage, "drop"},
		{"a bad endpoint", []string{"diff", "--aws-endpoint", "ftp://x"}, exit.BadUsage, "not a base URL"},
		{"access denied", []string{"apply"}, exit.Broken, "allow cloudwatch:PutMetricAlarm"},
	}
	denying := httptest.NewServer(cwlocal.New(cwlocal.Options{Faults: cwlocal.Faults{Deny: []string{"PutMetricAlarm"}}}))
	defer denying.Close()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			args := append([]string{"alarms", tt.args[0], "--aws-endpoint", denying.URL}, tt.args[1:]...)
			if tt.name == "no subcommand of it" {
				args = append([]string{"alarms"}, tt.args...)
			}
			env := command.Env{Stdout: &out, Stderr: &out, Now: time.Now, Version: "test", Getenv: func(string) (string, bool) { return "", false }}
			if code := Main(context.Background(), args, env); code != tt.code || !strings.Contains(out.String(), tt.want) {
				t.Errorf("exit code %d, want %d and %q:\n%s", code, tt.code, tt.want, &out)
			}
		})
	}
}

// TestDocumentedAlarms holds the page to what is declared.
func TestDocumentedAlarms(t *testing.T) {
	page, err := os.ReadFile("../../docs/alarms.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range telemetry.DeclaredRules(telemetry.Source{Namespace: telemetry.Namespace, Stage: "prod"}) {
		_, row, _ := strings.Cut(string(page), "| `"+r.Name+"` |")
		row, _, _ = strings.Cut(row, "\n")
		if !strings.Contains(row, "| "+strconv.FormatFloat(r.Threshold, 'f', -1, 64)) || r.Period != 5*time.Minute || r.Periods != 1 {
			t.Errorf("%s: %s, but the page says %q", r.Name, r.Condition(), row)
		}
	}
	if !strings.Contains(string(page), "0 below "+strconv.Itoa(telemetry.Enough)+" attempts") {
		t.Errorf("the page does not say that %d attempts are enough", telemetry.Enough)
	}
}

// TestDryRunUnread holds that a dry run still prints its lines where the existing
// alarms may not be read, and says what they leave out.
func TestDryRunUnread(t *testing.T) {
	denying := httptest.NewServer(cwlocal.New(cwlocal.Options{Faults: cwlocal.Faults{Deny: []string{"DescribeAlarms"}}}))
	defer denying.Close()
	code, printed := callDoctor(nil, "alarms", "apply", "--dry-run", "--aws-endpoint", denying.URL)
	if code != exit.OK || strings.Count(printed, "aws cloudwatch put-metric-alarm --region us-east-1") != 3 || !strings.Contains(printed, "leave out the actions that they have") {
		t.Errorf("exit code %d:\n%s", code, printed)
	}
	if code, printed = callDoctor(nil, "alarms", "apply", "--aws-endpoint", denying.URL); code != exit.Broken || !strings.Contains(printed, "allow cloudwatch:DescribeAlarms") {
		t.Errorf("not a dry run: exit code %d:\n%s", code, printed)
	}
}

func TestAlarmsWithoutCredentials(t *testing.T) {
	for name, value := range map[string]string{"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_PROFILE": "", "AWS_REGION": "", "AWS_DEFAULT_REGION": "",
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent"} {
		t.Setenv(name, value)
	}
	if code, printed := callDoctor(nil, "alarms", "diff", "--aws-region", "eu-central-1"); code != exit.Broken || !strings.Contains(printed, "no credentials were found") {
		t.Errorf("exit code %d:\n%s", code, printed)
	}
	if code, printed := callDoctor(nil, "alarms", "lint"); code != exit.BadUsage || !strings.Contains(printed, "--aws-region") {
		t.Errorf("exit code %d:\n%s", code, printed)
	}
}
