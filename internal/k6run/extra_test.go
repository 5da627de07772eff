package k6run

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseExtra(t *testing.T) {
	tests := []struct {
		words   string
		args    string
		env     string
		refused string // part of the message
	}{
		{words: ""},
		{words: "--out json=x.json -o csv", args: "--out json=x.json -o csv"},
		{words: "-ojson=x.json --no-thresholds -v", args: "-ojson=x.json --no-thresholds -v"},
		{words: "--tag team=red --insecure-skip-tls-verify", args: "--tag team=red --insecure-skip-tls-verify"},
		{words: "K6_WEB_DASHBOARD=true K6_OTEL_METRIC_PREFIX=a -v", args: "-v", env: "K6_WEB_DASHBOARD=true K6_OTEL_METRIC_PREFIX=a"},
		{words: "-e COLOR=red", args: "-e COLOR=red"},
		{words: "--out -u", args: "--out -u"}, // the value of --out, however odd
		{words: "-u 5", refused: "use --operators"},
		{words: "-u5", refused: "use --operators"},
		{words: "--vus=5", refused: "use --operators"},
		{words: "-d 5s", refused: "use --duration before the --"},
		{words: "--duration 5s", refused: "use --duration before the --"},
		{words: "-i 5", refused: "a run is measured by time"},
		{words: "--iterations=5", refused: "a run is measured by time"},
		{words: "-s 5s:10", refused: "use --operators and --duration"},
		{words: "--stage=5s:10", refused: "use --operators and --duration"},
		{words: "--out csv --no-teardown", refused: "final audit"},
		{words: "--config k6.json", refused: "voids the declared load"},
		{words: "--config=k6.json", refused: "voids the declared load"},
		{words: "-c k6.json", refused: "voids the declared load"},
		{words: "-ck6.json", refused: "voids the declared load"},
		{words: "K6_CONFIG=k6.json", refused: "only those of its outputs"},
		{words: "--linger", refused: "nothing would end k6"},
		{words: "K6_ITERATIONS=1", refused: "only those of its outputs"},
		{words: "-e OCC_THINK=1s", refused: "it is a parameter of the run"},
		{words: "--env=URL=http://x", refused: "it is a parameter of the run"},
		{words: "other.js", refused: "the scenario is chosen by occbench"},
		{words: "-", refused: "the scenario is chosen by occbench"},
		{words: "--out", refused: "it needs a value"},
	}
	for _, test := range tests {
		t.Run(test.words, func(t *testing.T) {
			got, err := parseExtra(strings.Fields(test.words))
			if test.refused != "" {
				var usage *UsageError
				if !errors.As(err, &usage) || !strings.Contains(err.Error(), test.refused) {
					t.Fatalf("error %v, want a usage error with %q", err, test.refused)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			want := extra{args: strings.Fields(test.args), env: strings.Fields(test.env)}
			if diff := cmp.Diff(want.args, append([]string{}, got.args...)); diff != "" {
				t.Errorf("arguments (-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(want.env, append([]string{}, got.env...)); diff != "" {
				t.Errorf("environment (-want +got)\n%s", diff)
			}
		})
	}
}

func TestDispatch(t *testing.T) {
	tests := []struct {
		args string
		want string // k6's command line; empty: it is not k6
	}{
		{args: "k6 run x.js", want: "k6 run x.js"},
		{args: "/opt/bin/k6 run x.js", want: "/opt/bin/k6 run x.js"},
		{args: "k6.exe version", want: "k6.exe version"},
		{args: "build/occbench k6 run -v x.js", want: "k6 run -v x.js"},
		{args: "occbench k6", want: "k6"},
		{args: "occbench run k6"},
		{args: "occbench"},
		{args: ""},
	}
	for _, test := range tests {
		t.Run(test.args, func(t *testing.T) {
			args := strings.Fields(test.args)
			if got := IsK6(args); got != (test.want != "") {
				t.Fatalf("IsK6 is %v", got)
			}
			if test.want == "" {
				return
			}
			if diff := cmp.Diff(strings.Fields(test.want), K6Args(args)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
