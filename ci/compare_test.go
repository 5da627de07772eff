package ci

import (
	"archive/zip"
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// program is an occbench that leaves a run and ends as it is told.
const program = `#!/bin/sh
case $1 in
validate) mkdir -p "$3/k6_move_20300101_000000/raw"; exit "$VALIDATED" ;;
compare) echo "compared $6 with $7, at most $5 worse"; exit "$COMPARED" ;;
esac
`

// The exit code is the worse of the verdict and the comparison, and what cannot be
// compared is no failure.
func TestGateCompares(t *testing.T) {
	bin, base := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "occbench"), []byte(program), 0o700); err != nil {
		t.Fatal(err)
	}
	older := filepath.Join(base, "load_test_results", "7", "k6_move_20291231_235959")
	for _, dir := range []string{older, filepath.Join(base, "a", "k6_move_20290101_000000"), filepath.Join(base, "downloaded", "raw")} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name, validated, compared, base string
		code                            int
		want                            string
	}{
		{"as good", "0", "0", base, 0, "compared " + older + " with out/k6_move_20300101_000000, at most 25% worse"},
		{"a run that was downloaded by itself", "0", "0", filepath.Join(base, "downloaded"), 0, "compared " + filepath.Join(base, "downloaded")},
		{"worse", "0", "1", base, 1, "::error title=occbench::worse than the main branch by more than 25%"},
		{"nothing to see", "0", "3", base, 3, "::warning title=occbench::too few updates"},
		{"unlike", "0", "2", base, 0, "::warning title=occbench::this run cannot be compared"},
		{"failed and worse", "1", "3", base, 1, "compared "},
		{"inconclusive and worse", "3", "1", base, 3, "worse than the main branch"},
		{"no baseline yet", "0", "1", t.TempDir(), 0, "::notice title=occbench::there is no run of the main branch"},
		{"no folder", "0", "1", filepath.Join(base, "none"), 0, "::notice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			summary := filepath.Join(t.TempDir(), "summary.md")
			code, text := gate(t, []string{
				"PATH=" + bin + ":/usr/bin:/bin", "URL=http://127.0.0.1:1", "OCCBENCH_OUT=out", "OCCBENCH_BASELINE=" + c.base,
				"VALIDATED=" + c.validated, "COMPARED=" + c.compared, "GITHUB_ACTIONS=true", "GITHUB_STEP_SUMMARY=" + summary,
			})
			if code != c.code || !strings.Contains(text, c.want) {
				t.Errorf("exit %d, want %d and %q\n%s", code, c.code, c.want, text)
			}
			told, _ := os.ReadFile(summary) // none where nothing was compared
			if strings.Contains(text, "compared ") != strings.Contains(string(told), "compared ") {
				t.Errorf("the summary is %q", told)
			}
		})
	}
}

// GitLab serves the artifacts of the main branch as a zip file, to the job's token.
func TestGateFetchesABaseline(t *testing.T) {
	if _, err := exec.LookPath("unzip"); err != nil {
		t.Skip("unzip is not installed")
	}
	var packed bytes.Buffer
	archive := zip.NewWriter(&packed)
	if _, err := archive.Create("load_test_results/k6_move_20291231_235959/verdict.json"); err != nil {
		t.Fatal(err)
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Job-Token") != "t" {
			http.Error(w, "no", http.StatusNotFound)
			return
		}
		_, _ = w.Write(packed.Bytes())
	}))
	defer server.Close()
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "occbench"), []byte(program), 0o700); err != nil {
		t.Fatal(err)
	}
	for header, want := range map[string]string{"JOB-TOKEN: t": "/k6_move_20291231_235959 with ", "JOB-TOKEN: u": "no run of the main branch"} {
		code, text := gate(t, []string{
			"PATH=" + bin + ":/usr/bin:/bin", "URL=http://127.0.0.1:1", "OCCBENCH_OUT=out", "VALIDATED=0", "COMPARED=0",
			"OCCBENCH_BASELINE=" + server.URL + "/download?job=occbench", "OCCBENCH_BASELINE_HEADER=" + header,
		})
		if code != 0 || !strings.Contains(text, want) {
			t.Errorf("%s: exit %d\n%s", header, code, text)
		}
	}
}
