package doctor

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/awsapi"
	"github.com/occbench/occbench/internal/cloudwatch"
	"github.com/occbench/occbench/internal/k6run"
	"github.com/occbench/occbench/internal/settings"
	"github.com/occbench/occbench/internal/telemetry"
	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/cwlocal"
	"github.com/occbench/occbench/reference-server/refservertest"
)

const (
	secret = "wJalrXUtnFEMI/K7MDENG/CANARYKEY0"
	bearer = "eyJhbGciOi/CANARY-bearer"
)

// newHealthy returns options with which every check is ok; a test breaks one
// of them.
func newHealthy(t *testing.T) (Options, map[string]string) {
	t.Helper()
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": "", "AWS_PROFILE": "", "AWS_REGION": "", "AWS_DEFAULT_REGION": "",
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_CA_BUNDLE": "", "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
		"AWS_ENDPOINT_URL_STS": newSTS(t), "SHOP_TOKEN": bearer, "AWS_MAX_ATTEMPTS": "1",
	} {
		t.Setenv(name, value)
	}
	o := Options{
		Version: "1.2.3", Program: writeScript(t, `printf 'k6 v2.2.0 (go1.26)\nExtensions:\n  x v1, k6/x/occ [js]\n'`),
		Free: func(string) (uint64, error) { return 50 << 30, nil }, CPUs: func() int { return 4 },
		Browser: foundAt(writeScript(t, `echo "Chromium 150.0"`)),
	}
	return o, map[string]string{
		"URL": newShop(t, nil), "OCCBENCH_AUTH": "sigv4:region=eu-central-1", "AWS_REGION": "eu-central-1", "AWS_ENDPOINT_URL_CLOUDWATCH": newCloudWatch(t, "prod"),
		"OCCBENCH_OUT": filepath.Join(t.TempDir(), "new", "runs"), "OCCBENCH_TIMEOUT": "30s",
	}
}

func foundAt(path string) func() (string, error) { return func() (string, error) { return path, nil } }

// writeScript writes a program.
func writeScript(t *testing.T, body string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+body+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// newShop serves a correct shop, behind a handler when that is given.
func newShop(t *testing.T, around func(http.Handler) http.Handler) string {
	t.Helper()
	handler := refservertest.New(t, refserver.Options{Build: "1.4.0"}).Handler()
	if around != nil {
		handler = around(handler)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			t.Errorf("the doctor sends %s %s", r.Method, r.URL)
		}
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// newSTS answers GetCallerIdentity as AWS does.
func newSTS(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/load</Arn><UserId>U</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// newCloudWatch holds the metrics of one stage, and denies some operations.
func newCloudWatch(t *testing.T, stage string, deny ...string) string {
	t.Helper()
	server := httptest.NewServer(cwlocal.New(cwlocal.Options{Faults: cwlocal.Faults{Deny: deny}}))
	t.Cleanup(server.Close)
	client, err := cloudwatch.Connect(t.Context(), awsapi.Access{Endpoint: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	publish := cloudwatch.PutMetricData{Client: client, Source: telemetry.Source{Namespace: telemetry.Namespace, Stage: stage}}
	if err := publish.Publish(t.Context(), []cloudwatch.Second{{At: time.Now().Unix(), Attempts: 2, Conflicts: 1, Latencies: []cloudwatch.Bucket{{MS: 5, Count: 2}}}}); err != nil {
		t.Fatal(err)
	}
	return server.URL
}

// listenSilently accepts connections and never says a word.
func listenSilently(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return "http://" + l.Addr().String()
}

func readSettings(t *testing.T, env map[string]string) *settings.Settings {
	t.Helper()
	s, err := settings.NewLoader(time.Now, func(name string) (string, bool) { v, ok := env[name]; return v, ok }).Load()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func findLine(lines []Line, name string) Line {
	for _, l := range lines {
		if l.Check == name {
			return l
		}
	}
	return Line{}
}

func TestHealthy(t *testing.T) {
	o, env := newHealthy(t)
	o.Settings, o.Config = readSettings(t, env), "occbench.yaml"
	lines := Run(t.Context(), o)
	var text bytes.Buffer
	if err := WriteText(&text, lines); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"settings": "occbench.yaml is read; target from $URL", "target": "build 1.4.0, store sqlite", "auth": "sigv4:service=lambda,region=eu-central-1 with access key AKIAIOSFODNN7EXAMPLE",
		"clock": "within 2s", "credentials": "arn:aws:iam::123456789012:user/load", "region": "eu-central-1",
		"metrics": "MoveLatency {Environment=prod, Service=MoveAPI}", "permissions": "may be read", "disk": "50.0 GiB", "processors": "4", "chromium": "Chromium 150.0", "k6": "v2.2.0, extension k6/x/occ of occbench 1.2.3",
	}
	for name, words := range want {
		if l := findLine(lines, name); l.State != OK || !strings.Contains(l.Words, words) {
			t.Errorf("%s: %+v, want ok and %q", name, l, words)
		}
	}
	if len(lines) != len(want) || strings.Count(text.String(), "\n") != len(lines) || HasFailure(lines) {
		t.Errorf("%d checks in %d lines, want %d:\n%s", len(lines), strings.Count(text.String(), "\n"), len(want), &text)
	}
	if strings.Contains(text.String(), "CANARY") {
		t.Errorf("a secret is shown:\n%s", &text)
	}
}

// TestBroken breaks each thing in turn.
func TestBroken(t *testing.T) {
	deny := func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Error(w, `{"ok":false,"error":{"code":"`+r.Header.Get("Authorization")+`"}}`, 403)
		})
	}
	set := func(pairs ...string) func(*testing.T, *Options, map[string]string) {
		return func(_ *testing.T, _ *Options, env map[string]string) {
			for i := 0; i < len(pairs); i += 2 {
				env[pairs[i]] = pairs[i+1]
			}
		}
	}
	tests := []struct {
		name, check string
		breaking    func(*testing.T, *Options, map[string]string)
		state       State
		words, fix  string
	}{
		{"nobody listens", "target", set("URL", "http://127.0.0.1:1"), Fail, "connection refused", "check the target from $URL"},
		{"a login page", "target", func(t *testing.T, _ *Options, env map[string]string) {
			env["URL"] = newShop(t, func(http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>log in</html>") })
			})
		}, Fail, "web page", "check the target"},
		{"turned away", "target", func(t *testing.T, _ *Options, env map[string]string) {
			env["URL"], env["OCCBENCH_AUTH"] = newShop(t, deny), "bearer:env=SHOP_TOKEN"
		}, Fail, "HTTP 403 Bearer xxxx", "check the target"},
		{"a host that nobody allowed", "target", func(_ *testing.T, o *Options, _ map[string]string) {
			o.Allowed = func() error { return errors.New("shop.example is not this machine") }
		}, Warn, "a run would be refused", "--allow-host"},
		{"a target that says nothing", "target", func(t *testing.T, _ *Options, env map[string]string) {
			env["URL"], env["OCCBENCH_TIMEOUT"] = listenSilently(t), "600ms"
		}, Fail, "", ""},

		{"a token that is not set", "auth", set("OCCBENCH_AUTH", "bearer:env=NO_SUCH_TOKEN"), Fail, "NO_SUCH_TOKEN is not set", "docs/auth.md"},
		{"another region than the host's", "auth", set("URL", "https://a.lambda-url.eu-west-1.on.aws"), Fail, "in region eu-west-1", "--auth or --target"},
		{"a token over an open line", "auth", set("URL", "http://shop.invalid", "OCCBENCH_AUTH", "bearer:env=SHOP_TOKEN", "OCCBENCH_TIMEOUT", "2s"), Warn, "unencrypted", "https://"},

		{"no Date", "clock", func(t *testing.T, _ *Options, env map[string]string) {
			env["URL"] = newShop(t, func(h http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Header()["Date"] = nil; h.ServeHTTP(w, r) })
			})
		}, Warn, "does not say its time", "Date header"},
		{"a clock that is an hour ahead", "clock", func(_ *testing.T, o *Options, _ map[string]string) {
			o.Now = func() time.Time { return time.Now().Add(time.Hour) }
		}, Fail, "ahead of the target", "NTP"},
		{"a clock behind, nothing signed", "clock", func(_ *testing.T, o *Options, env map[string]string) {
			env["OCCBENCH_AUTH"] = "none"
			o.Now = func() time.Time { return time.Now().Add(-10 * time.Minute) }
		}, Warn, "behind the target", "NTP"},
		{"nobody to compare with", "clock", set("URL", "http://127.0.0.1:1"), Fail, "no answer", "the line target"},

		{"no credentials", "credentials", func(t *testing.T, _ *Options, _ map[string]string) { t.Setenv("AWS_ACCESS_KEY_ID", "") }, Fail, "no credentials were found", "aws sso login"},
		{"credentials that AWS refuses", "credentials", func(t *testing.T, _ *Options, _ map[string]string) {
			sts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(403)
				fmt.Fprint(w, `<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>The security token is invalid</Message></Error></ErrorResponse>`)
			}))
			t.Cleanup(sts.Close)
			t.Setenv("AWS_ENDPOINT_URL_STS", sts.URL)
		}, Fail, "InvalidClientTokenId", "check the profile"},
		{"AWS does not answer", "credentials", func(t *testing.T, _ *Options, env map[string]string) {
			t.Setenv("AWS_ENDPOINT_URL_STS", listenSilently(t))
			env["OCCBENCH_TIMEOUT"] = "600ms"
		}, Fail, "answer", ""}, // its own words, or those of the deadline when the machine is busy

		{"no region", "region", func(_ *testing.T, _ *Options, env map[string]string) {
			delete(env, "AWS_REGION")
			env["OCCBENCH_AUTH"] = "sigv4"
		}, Fail, "no region is known", "--aws-region"},
		{"two regions", "region", set("AWS_REGION", "us-east-1"), Warn, "the target is in eu-central-1, its metrics are looked for in us-east-1", "--aws-region"},

		{"another stage", "metrics", set("OCCBENCH_STAGE", "staging"), Fail, "published are the dimensions {Environment=prod, Service=MoveAPI}", "--stage"},
		{"another namespace", "metrics", set("OCCBENCH_NAMESPACE", "Nowhere"), Fail, "nothing is published there", "--namespace"},
		{"no CloudWatch", "metrics", set("AWS_ENDPOINT_URL_CLOUDWATCH", "http://127.0.0.1:1", "OCCBENCH_TIMEOUT", "600ms"), Fail, "", ""},

		{"alarms that may not be read", "permissions", func(t *testing.T, _ *Options, env map[string]string) {
			env["AWS_ENDPOINT_URL_CLOUDWATCH"] = newCloudWatch(t, "prod", "DescribeAlarmHistory")
		}, Fail, "DescribeAlarmHistory: AccessDenied", "allow cloudwatch:DescribeAlarmHistory"},
		{"metrics that may not be read", "permissions", func(t *testing.T, _ *Options, env map[string]string) {
			env["AWS_ENDPOINT_URL_CLOUDWATCH"] = newCloudWatch(t, "prod", "GetMetricData")
		}, Fail, "GetMetricData: AccessDenied", "allow cloudwatch:GetMetricData"},

		{"a file where runs go", "disk", func(t *testing.T, _ *Options, env map[string]string) { env["OCCBENCH_OUT"] = writeScript(t, "") }, Fail, "is not a folder", "--out"},
		{"a folder that cannot be written", "disk", set("OCCBENCH_OUT", "/proc/occbench"), Fail, "cannot be written", "--out"},
		{"a full disk", "disk", func(_ *testing.T, o *Options, _ map[string]string) {
			o.Free = func(string) (uint64, error) { return 30 << 20, nil }
		}, Fail, "only 30 MiB free", "make room"},
		{"a tight disk", "disk", func(_ *testing.T, o *Options, _ map[string]string) {
			o.Free = func(string) (uint64, error) { return 500 << 20, nil }
		}, Warn, "500 MiB", "make room"},

		{"one processor", "processors", func(_ *testing.T, o *Options, _ map[string]string) { o.CPUs = func() int { return 1 } }, Warn, "1 processor", "two processors"},

		{"no browser", "chromium", func(_ *testing.T, o *Options, _ map[string]string) {
			o.Browser = func() (string, error) { return "", k6run.ErrNoBrowser }
		}, Warn, "there is none", "apt-get install"},
		{"a browser that does not start", "chromium", func(t *testing.T, o *Options, _ map[string]string) {
			o.Browser = foundAt(writeScript(t, "echo no display >&2; exit 3"))
		}, Fail, "no display", "reinstall"},
		{"a browser that hangs", "chromium", func(t *testing.T, o *Options, env map[string]string) {
			o.Browser = foundAt(writeScript(t, "sleep 60"))
			env["OCCBENCH_TIMEOUT"] = "600ms"
		}, Fail, "answer", ""},

		{"a k6 without the extension", "k6", func(t *testing.T, o *Options, _ map[string]string) { o.Program = writeScript(t, "echo k6 v2.2.0") }, Fail, "no extension k6/x/occ", "make build"},
		{"no k6", "k6", func(_ *testing.T, o *Options, _ map[string]string) { o.Program = "/nonexistent/k6" }, Fail, "does not start", "make build"},
		{"a k6 that says nothing", "k6", func(t *testing.T, o *Options, _ map[string]string) { o.Program = writeScript(t, "") }, Fail, "says no version", "make build"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o, env := newHealthy(t)
			tt.breaking(t, &o, env)
			o.Settings = readSettings(t, env)
			lines := Run(t.Context(), o)
			l := findLine(lines, tt.check)
			if l.State != tt.state || !strings.Contains(l.Words, tt.words) || !strings.Contains(l.Fix, tt.fix) || l.Fix == "" {
				t.Errorf("%+v, want %s, %q and the fix %q", l, tt.state, tt.words, tt.fix)
			}
			elsewhere := tt.check == "auth" // its target is not there either
			if HasFailure(lines) != (tt.state == Fail || elsewhere) {
				t.Errorf("broken: %v in %+v", HasFailure(lines), lines)
			}
			if all := fmt.Sprint(lines); strings.Contains(all, "CANARY") {
				t.Errorf("a secret is shown: %s", all)
			}
		})
	}
}

// TestNothingConfigured holds that what is not configured is neither broken nor said to
// be ok, and that AWS is then not asked.
func TestNothingConfigured(t *testing.T) {
	o, _ := newHealthy(t)
	t.Setenv("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1")
	o.Settings = readSettings(t, map[string]string{"OCCBENCH_OUT": t.TempDir()})
	o.Settings.Target = "http://127.0.0.1:1"
	tried := []string{"settings", "disk", "processors", "chromium", "k6"}
	for _, l := range Run(t.Context(), o) {
		if want := map[bool]State{true: OK, false: Skip}[slices.Contains(tried, l.Check)]; l.State != want {
			t.Errorf("want %s: %+v", want, l)
		}
	}
}

// TestUnreadableSettings holds that the machine is looked at all the same.
func TestUnreadableSettings(t *testing.T) {
	o, _ := newHealthy(t)
	o.Problem = errors.New(`occbench.yaml:3: unknown key "operaters"`)
	lines := Run(t.Context(), o)
	if l := findLine(lines, "settings"); l.State != Fail || !strings.Contains(l.Words, "occbench.yaml:3") {
		t.Errorf("%+v", l)
	}
	if findLine(lines, "k6").State != OK || len(lines) != 4 {
		t.Errorf("%+v", lines)
	}
}

// TestJudgeClock holds that a slow answer is no wrong clock.
func TestJudgeClock(t *testing.T) {
	for _, tt := range []struct {
		name       string
		ahead, off time.Duration
		signed     bool
		want       State
	}{
		{"quick", 400 * time.Millisecond, 500 * time.Millisecond, true, OK},
		{"slow", -3 * time.Second, 3 * time.Second, false, OK},
		{"ahead", 4 * time.Second, time.Second, true, Warn},
		{"far ahead", 6 * time.Minute, time.Second, false, Warn},
		{"far ahead, signed", -6 * time.Minute, time.Second, true, Fail},
	} {
		if l := judgeClock(tt.ahead, tt.off, tt.signed); l.State != tt.want {
			t.Errorf("%s: %+v, want %s", tt.name, l, tt.want)
		}
	}
}

// TestNothingHangs lets a check ignore its context.
func TestNothingHangs(t *testing.T) {
	forever := make(chan struct{})
	defer close(forever)
	stuck := check{"stuck", func(context.Context) Line { <-forever; return Line{} }}
	if l := stuck.runWithin(t.Context(), 20*time.Millisecond); l.State != Fail || l.Check != "stuck" || !strings.Contains(l.Words, "no answer within 20ms") {
		t.Errorf("%+v", l)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if l := stuck.runWithin(ended, time.Hour); l.State != Fail || l.Words != "interrupted" {
		t.Errorf("%+v", l)
	}
}

func TestWriteTextIsClean(t *testing.T) {
	var b bytes.Buffer
	if err := WriteText(&b, []Line{{"target", Fail, "it says \x1b[2J\nok    all", "look"}}); err != nil {
		t.Fatal(err)
	}
	if b.String() != "fail  target       it says ?[2J ok    all; look\n" {
		t.Errorf("%q", b.String())
	}
}
