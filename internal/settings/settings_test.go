package settings

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
)

var testNow = func() time.Time { return time.Date(2026, 3, 31, 23, 30, 0, 0, time.UTC) }

// load runs one invocation with a file, an environment and arguments.
func load(t *testing.T, file string, env map[string]string, args ...string) (*Settings, error) {
	t.Helper()
	l := NewLoader(testNow, func(k string) (string, bool) { v, ok := env[k]; return v, ok })
	fs := pflag.NewFlagSet("test", pflag.ContinueOnError)
	l.Bind(fs, Flags()...)
	path := filepath.Join(t.TempDir(), "occbench.yaml")
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := fs.Parse(append([]string{"--config", path}, args...)); err != nil {
		return nil, err
	}
	return l.Load()
}

func TestPrecedence(t *testing.T) {
	env := map[string]string{"OCCBENCH_OPERATORS": "30", "URL": "http://127.0.0.1:1"}
	file := "operators: 40\nrecords: 99\ntarget: http://127.0.0.1:2\n"
	s, err := load(t, file, env, "--operators", "50")
	if err != nil {
		t.Fatal(err)
	}
	if s.Operators != 50 || s.Source("operators").Where != "--operators" {
		t.Errorf("the flag does not win: %d from %v", s.Operators, s.Source("operators"))
	}
	if s.Target != "http://127.0.0.1:1" || s.Source("target").Where != "$URL" {
		t.Errorf("the environment does not beat the file: %s from %v", s.Target, s.Source("target"))
	}
	if s.Records != 99 || !strings.HasSuffix(s.Source("records").Where, "occbench.yaml:2") {
		t.Errorf("the file does not beat the default: %d from %v", s.Records, s.Source("records"))
	}
	if s.Duration != time.Minute || s.Source("duration").Kind != "default" {
		t.Errorf("default duration is %s from %v", s.Duration, s.Source("duration"))
	}
}

func TestDefaultDateIsTomorrowUTC(t *testing.T) {
	s, err := load(t, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.Date != "2026-04-01" {
		t.Errorf("date is %s", s.Date)
	}
}

func TestListsAndGates(t *testing.T) {
	s, err := load(t, "allow_hosts: [a.example, b.example]\nconfidence: 0.99\ntolerate: [OCC-11]\ngates:\n  p95_ms: 250\n  recovery: off\n", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(s.AllowHosts, " "); got != "a.example b.example" {
		t.Errorf("allow_hosts = %q", got)
	}
	if len(s.Gates.Tolerate) != 1 || s.Gates.Tolerate[0] != "OCC-11" {
		t.Errorf("tolerate = %q", s.Gates.Tolerate)
	}
	if s.Gates.Confidence != 0.99 || *s.Gates.Gate["p95_ms"].Limit != 250 || !s.Gates.Gate["recovery"].Off {
		t.Errorf("gates = %+v", s.Gates)
	}
}

func TestRepeatedHostFlagsAddUp(t *testing.T) {
	s, err := load(t, "allow_hosts: [file.example]\n", nil, "--allow-host", "a.example", "--allow-host", "b.example")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(s.AllowHosts, " "); got != "a.example b.example" {
		t.Errorf("hosts = %q", got)
	}
}

// Every refusal names the place and what would be right.
func TestRefusals(t *testing.T) {
	cases := []struct {
		name, file string
		env        map[string]string
		args       []string
		want       []string
	}{
		{"unknown key", "\nopertors: 3\n", nil, nil, []string{"occbench.yaml:2", `unknown key "opertors"`, "did you mean operators?"}},
		{"key twice", "records: 9\nrecords: 8\n", nil, nil, []string{"occbench.yaml:2", "records is set twice"}},
		{"key twice in two spellings", "rand_seed: 1\nrand-seed: 2\n", nil, nil, []string{"occbench.yaml:2", "rand-seed is set twice"}},
		{"singular and plural", "allow_hosts: [a.example]\nallow_host: b.example\n", nil, nil, []string{"occbench.yaml:2", "allow-host is set twice"}},
		{"gate twice", "gates:\n  p95_ms: 3\n  p95_ms: 400\n", nil, nil, []string{"occbench.yaml:3", "gate p95_ms is set twice"}},
		{"second document", "operators: 3\n---\nnonsense: 5\n", nil, nil, []string{"occbench.yaml:", "second document", "no effect"}},
		{"confidence NaN", "confidence: nan\n", nil, nil, []string{"occbench.yaml:1", "0.95"}},
		{"key of a bad value", "records: 9\noperators: many\n", nil, nil, []string{`occbench.yaml:2: operators: "many" is not a whole number`}},
		{"less than k6 runs", "", nil, []string{"--duration", "900ms"}, []string{"--duration", "too short; at least 1s"}},
		{"port of a target", "", nil, []string{"--target", "http://127.0.0.1:99999"}, []string{"--target", "no port from 1 to 65535"}},
		{"address without port", "", nil, []string{"--addr", "localhost"}, []string{"--addr", "not an address such as 127.0.0.1:8080"}},
		{"no folder", "", nil, []string{"--out", ""}, []string{"--out", "it is empty"}},
		{"endpoint", "", nil, []string{"--aws-endpoint", "foo"}, []string{"--aws-endpoint", "not a base URL such as"}},
		{"zero operators", "", nil, []string{"--operators", "0"}, []string{"--operators", `"0" is not a whole number from 1`}},
		{"negative duration", "", nil, []string{"--duration=-5s"}, []string{"--duration", "too short"}},
		{"no unit", "", nil, []string{"--duration", "60"}, []string{"--duration", "not a duration such as 60s"}},
		{"zero records", "records: 0\n", nil, nil, []string{"occbench.yaml:1", "neither auto nor a whole number"}},
		{"bad date", "", map[string]string{"DATE": "31.12.2026"}, nil, []string{"$DATE", "YYYY-MM-DD"}},
		{"impossible date", "", nil, []string{"--date", "2026-02-30"}, []string{"--date", "YYYY-MM-DD"}},
		{"target without scheme", "", nil, []string{"--target", "127.0.0.1:8080"}, []string{"--target", "URL such as"}},
		{"bad pick", "", nil, []string{"--pick", "random"}, []string{"--pick", "random", "uniform"}},
		{"bad gate", "gates:\n  p95_ms: soon\n", nil, nil, []string{"occbench.yaml:2", "p95_ms", "limit above 0"}},
		{"tolerate", "tolerate: OCC-11\n", nil, nil, []string{"occbench.yaml:1", "list of invariants"}},
		{"confidence", "confidence: 95\n", nil, nil, []string{"occbench.yaml:1", "0.95"}},
		{"not a mapping", "- a\n", nil, nil, []string{"mapping of settings"}},
		{"broken yaml", "a: [1\n", nil, nil, []string{"occbench.yaml", "line"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := load(t, c.file, c.env, c.args...)
			if err == nil {
				t.Fatal("accepted")
			}
			for _, w := range c.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("%q is not in the message: %v", w, err)
				}
			}
		})
	}
}

func TestRefusedTargetHidesItsPassword(t *testing.T) {
	for _, target := range []string{"ftp://me:secret@host/", "http://me:secret@ho st/", "http://me:secret@h/?q=1", "http://secret@h/?q=1", "http://me:secret@h:99999"} {
		_, err := load(t, "", nil, "--target", target)
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", target, err)
		}
	}
}

func TestMissingNamedFile(t *testing.T) {
	l := NewLoader(testNow, func(string) (string, bool) { return "", false })
	fs := pflag.NewFlagSet("test", pflag.ContinueOnError)
	l.Bind(fs, "operators")
	if err := fs.Parse([]string{"--config", "/nowhere/x.yaml"}); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Load(); err == nil || !strings.Contains(err.Error(), "/nowhere/x.yaml") {
		t.Errorf("a named file that is missing: %v", err)
	}
}

func FuzzFile(f *testing.F) {
	f.Add("operators: 20\ngates: {p95_ms: 400}\n")
	f.Add("allow_hosts: [a]\n---\nx: y\n")
	f.Fuzz(func(t *testing.T, file string) {
		nodes, err := parseTopLevel("occbench.yaml", []byte(file))
		if err != nil {
			return
		}
		s := &Settings{sources: map[string]Source{}, texts: map[string]string{}}
		if err := (&fileReader{path: "occbench.yaml", into: s, now: testNow}).readKeys(nodes); err == nil && len(nodes) > 1 && len(s.sources) == 0 && s.Gates.Gate == nil && s.Gates.Confidence == 0 {
			t.Errorf("keys were accepted and nothing was set: %q", file)
		}
	})
}
