package ci

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// archive is a release that holds a program which says its name.
func archive(t *testing.T) []byte {
	t.Helper()
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	tape := tar.NewWriter(zip)
	program := []byte("#!/bin/sh\necho \"occbench $*\"\n")
	if err := tape.WriteHeader(&tar.Header{Name: "occbench", Mode: 0o755, Size: int64(len(program))}); err != nil {
		t.Fatal(err)
	}
	if _, err := tape.Write(program); err != nil {
		t.Fatal(err)
	}
	if err := tape.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

// releases serves version 1.2.3 with a list of checksums.
func releases(t *testing.T, checksums string, packed []byte) string {
	t.Helper()
	name := fmt.Sprintf("occbench_1.2.3_%s_%s.tar.gz", runtime.GOOS, runtime.GOARCH)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1.2.3/checksums.txt", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "%s\n", strings.ReplaceAll(checksums, "NAME", name))
	})
	mux.HandleFunc("GET /v1.2.3/"+name, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(packed) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// gate runs the script with nothing but a plain PATH and some variables.
func gate(t *testing.T, vars []string, args ...string) (code int, text string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the script is bash")
	}
	path, err := filepath.Abs("gate.sh")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("bash", append([]string{path}, args...)...)
	cmd.Dir = t.TempDir()
	cmd.Env = append([]string{"PATH=/usr/bin:/bin:/usr/sbin:/sbin", "TMPDIR=" + t.TempDir()}, vars...)
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

func TestInstall(t *testing.T) {
	packed := archive(t)
	sum := fmt.Sprintf("%x", sha256.Sum256(packed))
	other := strings.Repeat("0", 64)
	cases := []struct {
		name, version, checksums string
		code                     int
		want                     string
	}{
		{"a release", "v1.2.3", sum + "  NAME", 0, ""},
		{"without the v", "1.2.3", other + "  occbench_1.2.3_plan9_mips.tar.gz\n" + sum + "  NAME", 0, ""},
		{"another checksum", "v1.2.3", other + "  NAME", 4, "it is not installed"},
		{"no checksum", "v1.2.3", sum + "  NAME.sbom.json", 4, "not one in checksums.txt"},
		{"no such release", "v9.9.9", sum + "  NAME", 4, "downloading"},
		{"no version", "", sum + "  NAME", 2, "OCCBENCH_VERSION=v1.2.3"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "bin")
			code, text := gate(t, []string{"OCCBENCH_MIRROR=" + releases(t, c.checksums, packed), "OCCBENCH_VERSION=" + c.version}, "--install", dir)
			if code != c.code || !strings.Contains(text, c.want) {
				t.Errorf("exit %d\n%s", code, text)
			}
			if _, err := os.Stat(filepath.Join(dir, "occbench")); (err == nil) != (c.code == 0) {
				t.Errorf("installed: %v", err)
			}
		})
	}
}

// Without occbench on the PATH the script installs one and calls it, with its
// own arguments.
func TestGateInstallsWhatIsMissing(t *testing.T) {
	packed := archive(t)
	sum := fmt.Sprintf("%x", sha256.Sum256(packed))
	vars := []string{"OCCBENCH_MIRROR=" + releases(t, sum+"  NAME", packed), "OCCBENCH_VERSION=v1.2.3", "OCCBENCH_OUT=runs", "URL=http://127.0.0.1:8080"}
	code, text := gate(t, vars, "--duration", "30s")
	if want := "occbench version\noccbench validate --out runs --duration 30s\n"; code != 0 || text != want {
		t.Errorf("exit %d\n%s", code, text)
	}
}

// An unset variable must not turn the gate into a test of occbench's own server.
func TestGateWantsATarget(t *testing.T) {
	program := t.TempDir()
	if err := os.WriteFile(filepath.Join(program, "occbench"), []byte("#!/bin/sh\necho \"occbench $*\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	path := "PATH=" + program + ":/usr/bin:/bin"
	for name, c := range map[string]struct {
		vars, args []string
		code       int
	}{
		"nothing":             {code: 2},
		"an empty URL":        {vars: []string{"URL="}, args: []string{"--duration", "30s", "--no-target"}, code: 2},
		"a URL":               {vars: []string{"URL=http://127.0.0.1:8080"}},
		"a demonstration":     {vars: []string{"URL=bundled"}},
		"an argument":         {args: []string{"--quiet", "--target", "bundled"}},
		"a joined argument":   {args: []string{"--target=http://127.0.0.1:8080"}},
		"another's arguments": {args: []string{"--targets"}, code: 2},
	} {
		t.Run(name, func(t *testing.T) {
			code, text := gate(t, append(c.vars, path), c.args...)
			if code != c.code || (code == 2) != strings.Contains(text, "URL is empty") || (code == 0) != strings.Contains(text, "occbench validate") {
				t.Errorf("exit %d\n%s", code, text)
			}
		})
	}
}
