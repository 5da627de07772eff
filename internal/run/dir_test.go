package run

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// newRun creates an empty run directory.
func newRun(t *testing.T) Dir {
	t.Helper()
	d, err := Create(t.TempDir(), noon)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// write puts a text into a file of the run, by other means than the package's.
func write(t *testing.T, d Dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(d.File(name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestOpen(t *testing.T) {
	dir := newRun(t)
	if err := dir.WriteManifest(newExample(t)); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "latest")
	if err := os.Symlink(dir.Path(), link); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"plain": dir.Path(), "with a slash": dir.Path() + "/", "linked": link, "without a manifest": t.TempDir(),
	} {
		d, err := Open(path)
		if err != nil || d.Path() != filepath.Clean(path) {
			t.Errorf("%s: %q, %v; want %q", name, d.Path(), err, path)
		}
	}
}

func TestOpenHere(t *testing.T) {
	dir := newRun(t)
	t.Chdir(dir.Path())
	d, err := Open(".")
	if err != nil || d.Name() != dir.Name() || d.File(HistoryFile) != "raw/history.csv" {
		t.Errorf("the current directory is run %q with %q, %v; want %q", d.Name(), d.File(HistoryFile), err, dir.Name())
	}
}

// Runs of earlier versions have all files on top, and what is added goes there too.
func TestOpenWithoutRaw(t *testing.T) {
	parent := t.TempDir()
	path := filepath.Join(parent, "k6_move_20261123_120005")
	if err := os.Mkdir(path, 0o755); err != nil {
		t.Fatal(err)
	}
	former := Dir{path: path}
	if err := former.WriteManifest(newExample(t)); err != nil {
		t.Fatal(err)
	}
	opened, err := Open(path)
	listed, listing := ListDirs(parent)
	if err := errors.Join(err, listing); err != nil || len(listed) != 1 {
		t.Fatal(listed, err)
	}
	for _, d := range []Dir{opened, listed[0]} {
		if !d.Has(ManifestFile) || d.File(AnomaliesFile) != filepath.Join(path, AnomaliesFile) || d.Raw() != path {
			t.Errorf("%+v", d)
		}
	}
}

// A run has what people look for on top, and the rest in a folder.
func TestWithin(t *testing.T) {
	dir := newRun(t)
	for name, want := range map[string]string{
		HTMLFile: "report.html", VerdictFile: "verdict.json", ScriptFile: "reproduce.sh",
		ManifestFile: "raw/manifest.json", ScreensFolder + "/" + ScreenToast: "raw/screens/toast.png",
	} {
		if got := dir.RelativePath(name); got != want || dir.File(name) != filepath.Join(dir.Path(), filepath.FromSlash(want)) {
			t.Errorf("%s lies at %s, %s; want %s", name, got, dir.File(name), want)
		}
	}
	if _, err := Make(dir.Path()); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a directory that is there is made again: %v", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := newRun(t)
	write(t, dir, HistoryFile, "")
	newer, foreign, loop := newRun(t), newRun(t), filepath.Join(t.TempDir(), "loop")
	write(t, newer, ManifestFile, `{"format": 4, "state": {"of": "another kind"}}`)
	write(t, foreign, ManifestFile, "{\n  \"format\": 1,\n  \"state\": \"compl")
	if err := os.Symlink(loop, loop); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, path, want string }{
		{"nothing", dir.Path() + "x", "opening run " + dir.Path() + "x: file does not exist; a run directory is made by occbench run"},
		{"a file", dir.File(HistoryFile), "opening run " + dir.File(HistoryFile) + ": it is a file, want the directory of a run"},
		{"a loop of links", loop, "opening run " + loop + ": too many levels of symbolic links"},
		{"a newer format", newer.Path(), "reading " + newer.File(ManifestFile) + ": the file is of format 4, this occbench reads up to 3; use a newer occbench"},
		{"a cut-off manifest", foreign.Path(), "reading " + foreign.File(ManifestFile) + ":3:17: unexpected end of JSON input"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := Open(test.path); err == nil || err.Error() != test.want {
				t.Errorf("error %v\nwant  %s", err, test.want)
			}
		})
	}
	if _, err := Open(dir.Path() + "x"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v is not %v", err, fs.ErrNotExist)
	}
}

func TestMissing(t *testing.T) {
	dir := newRun(t)
	write(t, dir, HistoryFile, "")
	if err := os.Mkdir(dir.File(VerdictFile), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(dir.File(ProbeFile), dir.File(ProbeFile)); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name  string
		files []string
		want  string
	}{
		{"nothing asked", nil, ""},
		{"there", []string{HistoryFile}, ""},
		{"not there", []string{HistoryFile, ManifestFile}, "manifest.json is missing (occbench run writes it)"},
		{"made from others", []string{AnomaliesFile}, "anomalies.json is missing (occbench check " + dir.Path() + " writes it)"},
		{"unknown", []string{"notes"}, "notes is missing"},
		{"a directory", []string{VerdictFile}, "verdict.json is not a file"},
		{"out of reach", []string{ProbeFile}, "probe.json cannot be reached (too many levels of symbolic links)"},
		{
			"two", []string{SummaryFile, HistoryFile, SeedFile},
			"summary.json is missing (occbench run writes it); seed.json is missing (occbench seed writes it)",
		},
	} {
		if diff := cmp.Diff(test.want, dir.Missing(test.files...).String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
	if !dir.Has(HistoryFile) || dir.Has(ManifestFile) || dir.Has(VerdictFile) {
		t.Error("Has disagrees with Missing")
	}
}

func TestOpenFile(t *testing.T) {
	dir := newRun(t)
	write(t, dir, HistoryFile, "text")
	if err := os.Symlink(dir.File(HistoryFile), dir.File("linked.csv")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{HistoryFile, "linked.csv"} {
		file, err := dir.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	}
	_, err := dir.Open(AnomaliesFile)
	if want := "reading " + dir.File(AnomaliesFile) + ": no such file or directory"; err == nil || err.Error() != want || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want %s", err, want)
	}
	_, err = Dir{path: filepath.Dir(dir.Path())}.Open(dir.Name())
	if err == nil || !strings.HasSuffix(err.Error(), ": it is not a file") {
		t.Errorf("opening a directory: %v", err)
	}
}
