package cli

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/exit"
)

// inForceOf runs occbench config and returns its lines by key.
func inForceOf(t *testing.T, vars map[string]string, args ...string) map[string]inForce {
	t.Helper()
	got := invoke(t, vars, append([]string{"config", "--format", "json"}, args...)...)
	if got.code != exit.OK {
		t.Fatalf("%+v", got)
	}
	var doc struct{ Settings []inForce }
	if err := json.Unmarshal([]byte(got.stdout), &doc); err != nil {
		t.Fatal(err)
	}
	all := map[string]inForce{}
	for _, l := range doc.Settings {
		all[l.Key] = l
	}
	return all
}

func inFolderWith(t *testing.T, file string) {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.WriteFile("occbench.yaml", []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestConfigSaysWhereFrom(t *testing.T) {
	inFolderWith(t, "records: 99\nthink: 100ms\nconfidence: 0.99\ngates:\n  p95_ms: 250\n  recovery: off\ntolerate: [OCC-11]\n")
	got := inForceOf(t, map[string]string{"URL": "http://127.0.0.1:1", "OCCBENCH_THINK": "1s"}, "--operators", "40")
	want := []inForce{
		{Key: "operators", Value: "40", Kind: "flag", Where: "--operators"},
		{Key: "target", Value: "http://127.0.0.1:1", Kind: "environment", Where: "$URL"},
		{Key: "think", Value: "1s", Kind: "environment", Where: "$OCCBENCH_THINK"},
		{Key: "records", Value: "99", Kind: "file", Where: "occbench.yaml:1"},
		{Key: "duration", Value: "60s", Kind: "default"},
		{Key: "date", Value: "2026-04-01", Kind: "default"},
		{Key: "rand_seed", Kind: "default"},
		{Key: "max_operators", Value: "auto", Kind: "default", Note: "the closed model has operators"},
		{Key: "confidence", Value: "0.99", Kind: "file", Where: "occbench.yaml:3"},
		{Key: "gates.p95_ms", Value: "250", Kind: "file", Where: "occbench.yaml:5"},
		{Key: "gates.recovery", Value: "off", Kind: "file", Where: "occbench.yaml:6"},
		{Key: "gates.error_rate", Value: "0.01", Kind: "default"},
		{Key: "gates.anomalies", Value: "on", Kind: "default"},
		{Key: "tolerate", Value: "[OCC-11]", Kind: "file", Where: "occbench.yaml:7"},
	}
	for _, w := range want {
		if diff := cmp.Diff(w, got[w.Key]); diff != "" {
			t.Errorf("%s (-want +got)\n%s", w.Key, diff)
		}
	}
}

func TestConfigAsText(t *testing.T) {
	inFolderWith(t, "rate: 40/s\n")
	got := invoke(t, nil, "config")
	if got.code != exit.OK || got.stderr != "" {
		t.Fatalf("%+v", got)
	}
	for _, want := range []string{"rate 40/s occbench.yaml:1", "operators 20 default (no effect: the open model has none, see rate)", "ramp - default"} {
		if !strings.Contains(strings.Join(strings.Fields(got.stdout), " "), want) {
			t.Errorf("%q is not in\n%s", want, got.stdout)
		}
	}
}

// No notation of a password comes out again.
func TestConfigHidesPasswords(t *testing.T) {
	inFolderWith(t, "")
	for _, c := range []struct{ flag, value string }{
		{"--target", "http://me:hunter2@127.0.0.1:8080"},
		{"--database-url", "postgres://shop:hunter2@127.0.0.1/shop"},
		{"--database-url", "postgres://shop:hun@ter2/hunter2@127.0.0.1/shop"},
		{"--database-url", "postgres://127.0.0.1/shop?user=shop&password=hunter2&sslmode=disable"},
		{"--database-url", "host=127.0.0.1 user=shop password='a hunter2 b' dbname=shop"},
		{"--database-url", "host=127.0.0.1 Password = hunter2"},
	} {
		for _, format := range []string{"json", "text"} {
			got := invoke(t, nil, "config", "--format", format, c.flag, c.value)
			if got.code != exit.OK || strings.Contains(got.stdout+got.stderr, "hunter2") || !strings.Contains(got.stdout, "127.0.0.1") {
				t.Errorf("%s as %s: %+v", c.value, format, got)
			}
		}
	}
}

// What any command would refuse is refused here, with the place.
func TestConfigRefuses(t *testing.T) {
	for file, want := range map[string]string{
		"opertors: 3\n":             "occbench.yaml:1: unknown key",
		"gates:\n  p59_ms: 3\n":     "occbench.yaml:2: gate p59_ms: there is no such gate",
		"rate: 1/s\noperators: 3\n": "exclude each other",
	} {
		inFolderWith(t, file)
		got := invoke(t, nil, "config")
		if got.code != exit.BadUsage || !strings.Contains(got.stderr, want) || got.stdout != "" {
			t.Errorf("%q: %+v", file, got)
		}
	}
}

// The schema does not need settings that load.
func TestConfigSchema(t *testing.T) {
	inFolderWith(t, "opertors: 3\n")
	got := invoke(t, nil, "config", "--schema")
	var doc map[string]any
	if err := json.Unmarshal([]byte(got.stdout), &doc); err != nil || got.code != exit.OK || doc["additionalProperties"] != false {
		t.Errorf("exit %d, %v", got.code, err)
	}
}
