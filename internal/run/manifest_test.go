package run

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/workload"
)

// newExample returns a manifest with every field set.
func newExample(t *testing.T) Manifest {
	exit := 99
	return Manifest{
		ToolVersion: "1.2.0", K6Version: "v2.2.0", ExtensionVersion: "1.2.0",
		TargetBuild: "b7f0c1", Dialect: "move",
		Spec: Spec{
			Target: "https://shop.example.com/api", Store: "sqlite", Fault: "latency", Date: "2026-11-24", Tag: "load", Auth: "bearer:env=TOKEN",
			SharedRecords: true, Scenario: "browser", Browser: 2, FirstDesk: 1001, BoardURL: "https://shop.example.com/board",
			Operators: 20, Rate: 40.5, RampTo: 80, MaxOperators: 35, Refresh: 2 * time.Second, DoubleUpdates: 0.05, Duration: time.Minute,
			Warmup: 2 * time.Second, WarmupAuto: true, Records: 52, Think: workload.Fixed(250e6), Pause: workload.Exponential(250e6),
			Races: workload.Races{Rate: 0.8, Auto: true, Crew: 2}, FirstRacer: 101,
			Attempts: 3, Budget: 2 * time.Second, Backoff: Default(time.Now).Backoff, Timeout: 10 * time.Second, RandSeed: 1<<64 - 1,
		},
		Start: noon, End: noon.Add(time.Minute), Base: noon.Add(-time.Nanosecond),
		State: Interrupted, Reason: "interrupted by the user", K6Exit: &exit, HistoryDropped: 7,
		PlannedIterations: 2400, DroppedIterations: 3,
	}
}

func TestManifestRoundTrip(t *testing.T) {
	dir := newRun(t)
	want := newExample(t)
	if err := dir.WriteManifest(want); err != nil {
		t.Fatal(err)
	}
	got, err := dir.ReadManifest()
	if err != nil {
		t.Fatal(err)
	}
	want.Format = Format
	want.Start, want.End, want.Base = want.Start.UTC(), want.End.UTC(), want.Base.UTC()
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(workload.Pick{}, workload.Backoff{})); diff != "" {
		t.Errorf("manifest (-want +got):\n%s", diff)
	}
}

func TestManifestText(t *testing.T) {
	dir := newRun(t)
	m := newExample(t)
	m.End, m.K6Exit, m.Reason = time.Time{}, nil, ""
	m.PlannedIterations, m.DroppedIterations = 0, 0
	c := &m.Spec
	c.Target, c.Store, c.Fault, c.Auth, c.Scenario, c.Browser, c.FirstDesk, c.BoardURL = "", "", "", "", "update", 0, 0, ""
	c.Rate, c.RampTo, c.MaxOperators, c.Refresh, c.DoubleUpdates, c.WarmupAuto = 0, 0, 0, 0, 0, false
	c.Races, c.FirstRacer = workload.Races{}, 0
	if err := dir.WriteManifest(m); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(dir.File(ManifestFile))
	if err != nil {
		t.Fatal(err)
	}
	want := `{
  "format": 3,
  "tool_version": "1.2.0",
  "k6_version": "v2.2.0",
  "extension_version": "1.2.0",
  "target_build": "b7f0c1",
  "dialect": "move",
  "start": "2026-11-23T12:00:05Z",
  "base": "2026-11-23T12:00:04.999999999Z",
  "state": "interrupted",
  "history_dropped": 7,
  "target": "",
  "date": "2026-11-24",
  "tag": "load",
  "contention": {
    "timeout": "10s",
    "operators": 20,
    "duration": "1m0s",
    "warmup": "2s",
    "records": 52,
    "think": "250ms",
    "pause": "exp:250ms",
    "pick": "uniform",
    "walk": "cycle",
    "backoff": "full",
    "attempts": 3,
    "budget": "2s"
  },
  "rand_seed": "18446744073709551615",
  "shared_records": true,
  "scenario": "update"
}
`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("manifest.json (-want +got):\n%s", diff)
	}
	if _, err := dir.ReadManifest(); err != nil {
		t.Error(err)
	}
}

func TestReadManifestRefuses(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"empty", "", ":1:1: unexpected end of JSON input"},
		{"not JSON", "start,end\n", ":1:1: invalid character 's' looking for beginning of value"},
		{"two values", "{}\n{}", ":2:1: invalid character '{' after top-level value"},
		{"an array", "[1]", ":1:1: the file holds array, want an object"},
		{"another program's", `{"version": 3}`, `:1:1: it has no "format" of 1 or more, so it is not the manifest of a run`},
		{"format below 1", `{"format": -1}`, `:1:1: it has no "format" of 1 or more, so it is not the manifest of a run`},
		{"format as text", `{"format": "one"}`, `:1:16: format is string, want an integer that fits into int`},
		{"no state", `{"format": 1}`, `:1:1: state "" is none of running, complete, interrupted, failed`},
		{"unknown state", "{\"format\": 1,\n \"state\": \"done\"}", `:2:11: state "done" is none of running, complete, interrupted, failed`},
		{
			"wrong kind inside", "{\"format\": 1,\n \"contention\": {\n  \"operators\": \"20\"}}",
			":3:16: contention.operators is string, want an integer that fits into int",
		},
		{"fraction", "{\"format\": 1,\n \"contention\": {\"records\": 2.5}}", ":2:28: contention.records is number 2.5, want an integer that fits into int"},
		{
			"no duration", "{\"format\": 1,\n \"contention\": {\"budget\": \"2 seconds\"}}",
			`:2:27: "2 seconds" is not a duration like 250ms or 1m0s`,
		},
		{
			"credentials", "{\"format\": 1,\n \"target\": \"http://anna:secret@shop\"}",
			":2:12: reading the target's URL: it holds credentials, which must not be written to a file",
		},
		{"newer", `{"format": 7, "state": 1}`, ": the file is of format 7, this occbench reads up to 3; use a newer occbench"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := newRun(t)
			write(t, dir, ManifestFile, test.text)
			_, err := dir.ReadManifest()
			if want := "reading " + dir.File(ManifestFile) + test.want; err == nil || err.Error() != want {
				t.Errorf("error %v\nwant  %s", err, want)
			}
		})
	}
}

func TestManifestToleratesUnknownFields(t *testing.T) {
	dir := newRun(t)
	write(t, dir, ManifestFile, `{"format": 1, "state": "complete", "weather": {"rain": true}}`)
	if m, err := dir.ReadManifest(); err != nil || m.State != Complete {
		t.Errorf("state %q, %v; want complete", m.State, err)
	}
}

func TestWriteManifestRefusesWhatCannotBeRead(t *testing.T) {
	dir := newRun(t)
	err := dir.WriteManifest(Manifest{State: "done"})
	if want := "writing " + dir.File(ManifestFile) + `: state "done" is none of running, complete, interrupted, failed`; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	if dir.Has(ManifestFile) {
		t.Error("it was written all the same")
	}
}

// TestDocumentedFields looks for every field of the manifest in the page that
// documents it.
func TestDocumentedFields(t *testing.T) {
	const page = "../../docs/history-format.md"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(text), "## The manifest")
	if !found {
		t.Fatalf("%s has no section about the manifest", page)
	}
	var members []string
	kind := reflect.TypeFor[Manifest]()
	for i := range kind.NumField() {
		name, _, _ := strings.Cut(kind.Field(i).Tag.Get("json"), ",")
		members = append(members, name)
	}
	for _, f := range Fields(time.Now) {
		if path := f.ManifestPath(); path != "" {
			members = append(members, path[strings.LastIndex(path, ".")+1:])
		}
	}
	for _, name := range members {
		if name != "-" && !strings.Contains(section, "`"+name+"`") {
			t.Errorf("%s does not document %s", page, name)
		}
	}
}
