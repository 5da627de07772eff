package run

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// readContent returns what is in a directory, by name.
func readContent(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, entry := range entries {
		if entry.IsDir() {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[entry.Name()] = string(text)
	}
	return files
}

func TestWriteReplaces(t *testing.T) {
	dir := newRun(t)
	for _, text := range []string{"first, and longer", "second"} {
		if err := dir.WriteFile(TextFile, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string]string{TextFile: text}, readContent(t, dir.Path())); diff != "" {
			t.Errorf("files (-want +got):\n%s", diff)
		}
	}
}

func TestWriteJSON(t *testing.T) {
	dir := newRun(t)
	want := map[string]string{"record": "<b>&é"}
	if err := dir.WriteJSON(VerdictFile, want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("{\n  \"record\": \"<b>&é\"\n}\n", readContent(t, dir.Path())[VerdictFile]); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	var got map[string]string
	if err := dir.ReadJSON(VerdictFile, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("value (-want +got):\n%s", diff)
	}
	err := dir.WriteJSON(VerdictFile, math.NaN())
	if err == nil || !strings.HasPrefix(err.Error(), "writing "+dir.File(VerdictFile)+": ") {
		t.Errorf("writing what JSON has no word for: %v", err)
	}
	if err := dir.ReadJSON(VerdictFile, &got); err != nil {
		t.Errorf("the file has changed: %v", err)
	}
}

// TestWriteAtOnce lets many write one file: in the end it is one of theirs.
func TestWriteAtOnce(t *testing.T) {
	dir := newRun(t)
	var writing sync.WaitGroup
	for i := range 20 {
		writing.Go(func() {
			if err := dir.WriteFile(TextFile, []byte(strings.Repeat(string(rune('a'+i)), 10_000))); err != nil {
				t.Error(err)
			}
		})
	}
	writing.Wait()
	files := readContent(t, dir.Path())
	text := files[TextFile]
	if len(files) != 1 || len(text) != 10_000 || strings.Trim(text, text[:1]) != "" {
		t.Errorf("%d files, of which one has %d bytes; want one file of one writer", len(files), len(text))
	}
}

func TestWriteReplacesALink(t *testing.T) {
	dir, precious := newRun(t), filepath.Join(t.TempDir(), "precious")
	if err := os.WriteFile(precious, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(precious, dir.File(TextFile)); err != nil {
		t.Fatal(err)
	}
	if err := dir.WriteFile(TextFile, []byte("report")); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(precious); err != nil || string(got) != "mine" {
		t.Errorf("the file that was linked to is now %q, %v", got, err)
	}
	if diff := cmp.Diff(map[string]string{TextFile: "report"}, readContent(t, dir.Path())); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestWriteTellsWhy(t *testing.T) {
	dir := newRun(t)
	if err := os.Mkdir(dir.File(TextFile), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, path, want string }{
		{"a directory of this name", dir.File(TextFile), "something that is not a file has this name"},
		{"a device", os.DevNull, "something that is not a file has this name"},
		{"no directory", filepath.Join(dir.Path(), "none", "x"), "no such file or directory"},
	} {
		err := WriteFile(test.path, []byte("text"))
		if want := "writing " + test.path + ": " + test.want; err == nil || err.Error() != want {
			t.Errorf("%s: error %v, want %s", test.name, err, want)
		}
	}
}

func TestReadRefusesWhatIsTooLarge(t *testing.T) {
	dir := newRun(t)
	file, err := os.Create(dir.File(AnomaliesFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(file.Truncate(MaxJSON+1), file.Close()); err != nil {
		t.Fatal(err)
	}
	var v any
	err = dir.ReadJSON(AnomaliesFile, &v)
	if want := "reading " + dir.File(AnomaliesFile) + ": the file is larger than 64 MiB"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}
