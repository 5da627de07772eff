package cli

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/exit"
)

// parse runs a constructor's command on a line and returns the options that it would have run with.
func parse[O any](t *testing.T, construct func(command.Env, func(context.Context, *O) error) *cobra.Command, line string) (*O, error) {
	t.Helper()
	t.Chdir(t.TempDir())
	env := command.Env{Stdout: io.Discard, Stderr: io.Discard, Now: time.Now, Getenv: func(string) (string, bool) { return "", false }}
	var got *O
	cmd := construct(env, func(_ context.Context, o *O) error { got = o; return nil })
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	cmd.SetArgs(strings.Fields(line))
	return got, cmd.ExecuteContext(t.Context())
}

// TestOptions reads command lines into options and runs none of them.
func TestOptions(t *testing.T) {
	validate, err := parse(t, newValidateCmd, "--until-decided --max-duration 90s --fail-fast --without-cloudwatch --force --quiet -- --out dashboard")
	if err != nil || !validate.Settings.UntilDecided || !validate.Settings.FailFast || !validate.Force || !validate.Quiet || !validate.WithoutCloudWatch ||
		validate.Settings.Duration != 90*time.Second || len(validate.k6Args) != 2 {
		t.Errorf("validate: %+v, %v", validate, err)
	}
	release, err := parse(t, newReleaseCmd, "1.5.0 --dry-run --canary 10% --function shop")
	if err != nil || !release.dry || release.image != "1.5.0" || release.Settings.Release.Canary != 0.1 || release.Settings.CloudWatch.Function != "shop" {
		t.Errorf("release: %+v, %v", release, err)
	}
	compare, err := parse(t, newCompareCmd, "a b --fail-if-worse 10% --format md")
	if err != nil || compare.Limit == nil || *compare.Limit != 0.1 || compare.format.Name != "md" || compare.base != "a" || compare.dir != "b" {
		t.Errorf("compare: %+v, %v", compare, err)
	}
	study, err := parse(t, newStudyCmd, "backoff --clients 3,7 --base 1ms")
	if err != nil || len(study.backoff.Clients) != 2 || study.backoff.Clients[1] != 7 || study.backoff.Base != time.Millisecond {
		t.Errorf("study: %+v, %v", study, err)
	}
	lint, err := parse(t, newAlarmsLintCmd, "--attempts-per-s 2.5 --stage prod")
	if err != nil || lint.rate != 2.5 || lint.dir != "" || lint.Settings.CloudWatch.Stage != "prod" {
		t.Errorf("alarms lint: %+v, %v", lint, err)
	}
}

// TestRefusedOptions holds that what cannot take effect is a usage error before anything runs.
func TestRefusedOptions(t *testing.T) {
	for _, tt := range []struct{ name, line, want string }{
		{"gate", "", "wants one run directory"},
		{"gate", "a --format yaml", "--format"},
		{"run", "--quiet --progress plain", "--quiet and --progress exclude each other"},
		{"validate", "--max-duration 1m", "without --until-decided"},
		{"validate", "--target http://127.0.0.1:1 --fault lost-update", "cannot take effect beside the target"},
		{"release", "", "wants one tag or image"},
		{"release", "1.5.0 --until-decided --duration 1m", "exclude each other"},
		{"rollback", "a b", "wants one release file at most"},
		{"report", "a --format yaml", "is not one of text"},
		{"report", "a --output=", "--output wants a file"},
		{"seed", "--clean", "they cannot be removed over HTTP"},
		{"plan", "--update-latency soon", "--update-latency"},
		{"config", "--schema --operators 3", "--schema is about every setting"},
		{"compare", "a b --noise 5", "is not a percentage"},
		{"study backoff", "--patience 1s", "without a target"},
		{"alarms apply", "--action on-call", "is not an ARN"},
		{"alarms lint", "a --attempts-per-s 1", "exclude each other"},
		{"init", "--ci none", "is not one of"},
	} {
		t.Run(tt.name+" "+tt.line, func(t *testing.T) {
			t.Chdir(t.TempDir())
			got := invoke(t, nil, append(strings.Fields(tt.name), strings.Fields(tt.line)...)...)
			if got.code != exit.BadUsage || !strings.Contains(got.stderr, tt.want) || got.stdout != "" {
				t.Errorf("%+v, want %q", got, tt.want)
			}
		})
	}
}

// TestCommandsAreGrouped holds that the help lists every command once, under a title, in the order of the job.
func TestCommandsAreGrouped(t *testing.T) {
	text := invoke(t, nil, "--help").stdout
	at := 0
	for _, want := range []string{"Start here:", "  validate ", "  serve ", "  doctor ", "  init ", "Stages of validate", "  run ", "  check ", "  gate ", "  report ",
		"Compare runs:", "  trend ", "AWS:", "  rollback ", "More:", "  config ", "  help ", "Flags:"} {
		i := strings.Index(text[at:], "\n"+want)
		if i < 0 {
			t.Fatalf("%q is not there, or too early:\n%s", want, text)
		}
		at += i
	}
	if strings.Contains(text, "\nCommands:") {
		t.Errorf("a command is in no group:\n%s", text)
	}
}
