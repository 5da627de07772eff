package release

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/exit"
)

var noon = time.Date(2030, 1, 14, 12, 0, 5, 0, time.UTC)

func example() Record {
	return Record{
		Format: Format, Platform: "lambda", Begun: noon, Tag: "1.5.0", Function: "arn:aws:lambda:eu-central-1:123456789012:function:shop", Alias: "live",
		Captured: Captured{Version: Version{ID: "7", Image: "registry.example.org/shop@sha256:01", SHA256: "01"}, Named: "registry.example.org/shop:1.4.0", Next: "01", Build: "1.4.0"},
		Wanted:   Target{Image: "registry.example.org/shop:1.5.0", SHA256: "02", ExpectBuild: "1.5.0"},
		State:    StateCaptured, Steps: []Step{{noon, "captured version 7"}},
	}
}

func TestRecordRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.json")
	want := example()
	if err := want.write(path); err != nil {
		t.Fatal(err)
	}
	got, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("record (-written +read):\n%s", diff)
	}
}

func TestReadRefuses(t *testing.T) {
	for _, test := range []struct {
		name  string
		spoil func(text string) string
		want  string
	}{
		{"nothing", func(string) string { return "" }, "unexpected end of JSON input"},
		{"cut off", func(s string) string { return s[:len(s)/2] }, "unexpected end of JSON input"},
		{"another file", func(string) string { return `{"format": 1, "state": "complete"}` }, `its state "complete" is none`},
		{"newer", func(s string) string { return strings.Replace(s, `"format": 1`, `"format": 9`, 1) }, "use a newer occbench"},
		{"without a version", func(s string) string { return strings.Replace(s, `"version": "7"`, `"version": ""`, 1) }, "there is nothing to go back to"},
		{"another image", func(s string) string { return strings.Replace(s, "shop@sha256:01", "shop@sha256:02", 1) }, "the checksum differs"},
		{"one digit", func(s string) string { return strings.Replace(s, `"sha256": "01"`, `"sha256": "02"`, 1) }, "the checksum differs"},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "r.json")
			r := example()
			if err := r.write(path); err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(test.spoil(string(text))), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err = Read(path)
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "nothing was changed; give the file of another release, `occbench rollback") {
				t.Errorf("error %v; want %q, the file and the next command", err, test.want)
			}
			if exit.CodeOf(err) != exit.BadUsage {
				t.Errorf("error %v is not one of usage", err)
			}
		})
	}
}

// FuzzRead reads files of any content: what is taken names a way back.
func FuzzRead(f *testing.F) {
	r := example()
	r.Checksum = r.checksum()
	text, err := json.Marshal(r)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"format": 1, "steps": null}`))
	path := filepath.Join(f.TempDir(), "r.json")
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if r, err := Read(path); err == nil && (r.Captured.ID == "" || r.Captured.SHA256 == "" || r.Function == "" || !r.State.isValid()) {
			t.Errorf("%q is taken, and is no way back", text)
		}
	})
}

func TestNewest(t *testing.T) {
	dir := t.TempDir()
	if _, err := FindNewest(filepath.Join(dir, "none")); !errors.Is(err, ErrNone) {
		t.Errorf("of a folder that is not there: %v, want ErrNone", err)
	}
	for _, name := range []string{"README.md", ".20300114_120005-1.5.0.json.1.0.tmp", "later.json"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := FindNewest(dir); !errors.Is(err, ErrNone) {
		t.Errorf("of a folder of other files: %v, want ErrNone", err)
	}
	for _, step := range []struct {
		at        time.Time
		tag, want string
	}{
		{noon, "1.5.0", "20300114_120005-1.5.0.json"},
		{noon, "1.5.0", "20300114_120005-2-1.5.0.json"},
		{noon.Add(time.Second), "a/../b: c", "20300114_120006-a_.._b_c.json"},
		{noon.Add(time.Hour), "é", "20300114_130005-release.json"},
	} {
		path, err := createFile(dir, step.at, step.tag)
		if err != nil {
			t.Fatal(err)
		}
		if got := filepath.Base(path); got != step.want {
			t.Errorf("%q is written to %s, want %s", step.tag, got, step.want)
		}
		r := example()
		if err := r.write(path); err != nil {
			t.Fatal(err)
		}
		if newest, err := FindNewest(dir); err != nil || newest != path {
			t.Errorf("the newest is %s (%v), want %s", newest, err, path)
		}
	}
}
