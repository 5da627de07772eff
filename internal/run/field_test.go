package run

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/workload"
)

// setFields returns a spec with some fields set, NAME=TEXT each.
func setFields(t *testing.T, s Spec, settings ...string) Spec {
	t.Helper()
	for _, setting := range settings {
		name, text, _ := strings.Cut(setting, "=")
		found := false
		for _, f := range Fields(time.Now) {
			if f.Name != name {
				continue
			}
			found = true
			if err := f.Set(&s, text); err != nil {
				t.Fatalf("%s: %v", setting, err)
			}
		}
		if !found {
			t.Fatalf("there is no field %s", name)
		}
	}
	return s
}

// newUnusual returns a spec in which every field differs from its default.
func newUnusual(t *testing.T) Spec {
	t.Helper()
	texts := map[string]string{
		"target": "https://shop.example.com", "api": "../../apis/appointments.yaml", "date": "2030-01-15", "tag": "other", "update-limit": "2MiB", "list-limit": "3KiB",
		"warmup": "auto", "think": "exp:20ms", "pause": "uniform:1s-2s", "pick": "zipf:0.9", "races": "2/sx8", "backoff": "equal",
		"rand-seed": "18446744073709551615", "board-url": "https://shop.example.com/b?a=1&b=2", "fault": "latency=20ms",
	}
	byKind := map[Kind]string{Integer: "7", Number: "0.1", Duration: "3s", Boolean: "true"}
	s := Default(time.Now)
	for _, f := range Settings(time.Now) {
		text := texts[f.Name]
		switch {
		case text != "":
		case f.Shape.Kind == Choice:
			text = f.Shape.Words[len(f.Shape.Words)-1]
		case byKind[f.Shape.Kind] != "":
			text = byKind[f.Shape.Kind]
		default:
			text = f.Example
		}
		if err := f.Set(&s, text); err != nil {
			t.Fatal(err)
		}
	}
	s.FirstDesk, s.FirstRacer = 1001, 101
	return s
}

var exactly = cmp.AllowUnexported(workload.Pick{}, workload.Backoff{})

// A field that has no row is as it is by default.
func TestUnusualChangesEveryField(t *testing.T) {
	s := reflect.ValueOf(newUnusual(t))
	for i := range s.NumField() {
		switch s.Type().Field(i).Name {
		case "Warmup", "APIHash", "APICopy": // of which auto makes 0; of which the file tells; of which the directory does
			continue
		}
		if s.Field(i).IsZero() {
			t.Errorf("%s has no row", s.Type().Field(i).Name)
		}
	}
}

// What is declared comes back from the manifest, from k6's environment, and from
// the command that repeats the run.
func TestSpecComesBack(t *testing.T) {
	for name, want := range map[string]Spec{"by default": Default(time.Now), "unusual": newUnusual(t)} {
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got Spec
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, exactly); diff != "" {
			t.Errorf("%s, from the manifest (-want +got)\n%s", name, diff)
		}

		env := map[string]string{}
		for _, entry := range want.K6Environ() {
			key, value, _ := strings.Cut(entry, "=")
			env[key] = value
		}
		got, err = FromK6(func(name string) (string, bool) { v, ok := env[name]; return v, ok }, time.Now, 1)
		if err != nil {
			t.Fatal(err)
		}
		// What k6 does not need it is not told.
		k6 := want
		k6.UntilDecided, k6.MaxDuration, k6.FailFast = got.UntilDecided, got.MaxDuration, got.FailFast
		k6.SharedRecords, k6.Scenario, k6.Store, k6.Fault = got.SharedRecords, got.Scenario, got.Store, got.Fault
		if k6.Target == "" {
			k6.Target = DefaultTarget
		}
		if k6.Operators == 0 {
			k6.Operators = got.Operators
		}
		if diff := cmp.Diff(k6, got, exactly); diff != "" {
			t.Errorf("%s, from k6's environment (-want +got)\n%s", name, diff)
		}

		var flags []string
		for _, f := range want.Flags() {
			if f.Text == "" {
				f.Text = "true"
			}
			flags = append(flags, f.Name+"="+f.Text)
		}
		again := setFields(t, Default(time.Now), flags...)
		// The day, the scenario and who is who follow from the others, and so does
		// where the bundled server stands.
		again.Date, again.Scenario, again.FirstDesk, again.FirstRacer, again.Target, again.Auth = want.Date, want.Scenario, want.FirstDesk, want.FirstRacer, want.Target, want.Auth
		if want.UntilDecided { // the longest time is that of the load
			again.Duration = want.Duration
		}
		if want.IsOpen() {
			again.Operators, again.Pause = want.Operators, want.Pause
		}
		if diff := cmp.Diff(want, again, exactly); diff != "" {
			t.Errorf("%s, from the command that repeats it (-want +got)\n%s", name, diff)
		}
	}
}

// Each way to name a field is its own.
func TestNamesAreUnique(t *testing.T) {
	seen := map[string]string{}
	for _, f := range Fields(time.Now) {
		for _, name := range []string{"flag " + f.Name, "$" + f.Variable(), "k6 " + f.K6Variable(), "option " + f.OptionName(), "manifest " + f.ManifestPath()} {
			if strings.HasSuffix(name, " ") {
				continue
			}
			if other := seen[name]; other != "" {
				t.Errorf("%s is a name of %s and of %s", name, other, f.Name)
			}
			seen[name] = f.Name
		}
	}
}

// A file never holds the password of a target.
func TestSpecWithCredentialsIsNotWritten(t *testing.T) {
	s := Spec{Target: "https://anna:secret@shop.example.com"}
	text, err := json.Marshal(s)
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("written as %s, %v", text, err)
	}
	if _, err := json.Marshal(s.WithoutCredentials()); err != nil {
		t.Error(err)
	}
}
