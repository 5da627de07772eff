package compare

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/run"
)

// makeRuns makes runs whose names end in their seconds.
func makeRuns(t *testing.T, runs map[int]string) string {
	t.Helper()
	parent := t.TempDir()
	for second, manifest := range runs {
		dir := filepath.Join(parent, fmt.Sprintf("k6_move_20300101_0000%02d", second))
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		text := fmt.Sprintf(`{"format":1,"state":"complete","start":"2030-01-01T00:00:%02dZ","contention":{"operators":20,"duration":"1m","warmup":"2s","budget":"2s","timeout":"10s"}}`, second)
		if manifest != "" {
			text = strings.Replace(text, `"state":"complete"`, manifest, 1)
		}
		for name, content := range map[string]string{"manifest.json": text, "history.csv": header} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	return parent
}

// The newest older run under the same load is found past those that do not fit,
// whatever is wrong with them, and never a later one.
func TestEarlier(t *testing.T) {
	const good, local = `"state":"complete"`, `"state":"complete","target":"http://127.0.0.1:1"`
	for _, tt := range []struct {
		name string
		runs map[int]string
		want string // the second of the run, or the reason
	}{
		{"alone", map[int]string{30: ""}, "there is no older run in the folder"},
		{"only a later one", map[int]string{30: "", 40: ""}, "there is no older run in the folder"},
		{"the newest", map[int]string{30: "", 10: "", 20: ""}, "20"},
		{"past one that failed", map[int]string{30: "", 10: "", 20: `"state":"failed"`}, "10"},
		{"past one that was broken on purpose", map[int]string{30: "", 10: "", 20: good + `,"fault":"lost-update"`}, "10"},
		{"past an unreadable one", map[int]string{30: "", 10: "", 20: `"format":`}, "10"},
		{"past one of a newer format", map[int]string{30: "", 10: "", 20: `"state":"complete","format":99`}, "10"},
		{"another scenario", map[int]string{30: "", 20: good + `,"scenario":"browser"`}, "the last run before it, k6_move_20300101_000020, was made under another load: scenario browser against none"},
		{"interrupted", map[int]string{30: "", 20: `"state":"interrupted"`}, "the last run before it, k6_move_20300101_000020, did not go through"},
		{"another port of this machine", map[int]string{30: local, 20: strings.ReplaceAll(local, ":1\"", ":2\"")}, "20"},
		{"another host", map[int]string{30: good + `,"target":"http://a.example"`, 20: good + `,"target":"http://b.example"`},
			"the last run before it, k6_move_20300101_000020, had another target, http://b.example"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir, err := run.Open(filepath.Join(makeRuns(t, tt.runs), "k6_move_20300101_000030"))
			if err != nil {
				t.Fatal(err)
			}
			m, err := dir.ReadManifest()
			if err != nil {
				t.Fatal(err)
			}
			base, why, err := FindEarlier(dir, &m)
			if err != nil {
				t.Fatal(err)
			}
			if got := why + strings.TrimPrefix(base.Name(), "k6_move_20300101_0000"); why != "" && why != tt.want || why == "" && got != tt.want {
				t.Errorf("%q, base %s; want %q", why, base.Path(), tt.want)
			}
		})
	}
}

// The runs before one are those that it can be compared with, the latest first.
func TestBefore(t *testing.T) {
	parent := makeRuns(t, map[int]string{1: "", 2: `"state":"interrupted"`, 3: "", 4: `"state":"complete","fault":"lost-update"`, 5: "", 6: "", 7: ""})
	dir, err := run.Open(filepath.Join(parent, "k6_move_20300101_000006"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := dir.ReadManifest()
	if err != nil {
		t.Fatal(err)
	}
	for most, want := range map[int]string{9: "05 03 01", 2: "05 03", 0: ""} {
		var got []string
		for _, d := range ListEarlier(dir, &m, most) {
			got = append(got, d.Name()[len(d.Name())-2:])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("at most %d: %q, want %q", most, got, want)
		}
	}
}
