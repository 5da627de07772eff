package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/sigcheck"
	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/refservertest"
)

// Each is in a variable of the program, and nowhere else.
const (
	secretKey    = "wJalrXUtnFEMI/K7MDENG/CANARYKEY0"
	sessionToken = "FwoGZXIvYXdzE+CANARY/session=="
	bearerToken  = "eyJhbGciOi/CANARY-bearer"
)

// door is a correct shop behind a check of credentials. Callers that it refuses it
// quotes, as AWS does.
type door struct {
	url   string
	check func(r *http.Request, body []byte) error

	mu      sync.Mutex
	kinds   map[string]int // requests by kind of call
	refused []error
	moves   int
	lists   [][]byte // the list of processes, as it was at a move
}

var digits = regexp.MustCompile(`/[0-9]+`)

func newDoor(t *testing.T, check func(*http.Request, []byte) error) *door {
	t.Helper()
	shop := refservertest.New(t, refserver.Options{})
	d := &door{check: check, kinds: map[string]int{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = d.note(r, body)
		}
		if err != nil {
			w.Header().Set("X-Quoted", r.Header.Get("Authorization"))
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprintf(w, `{"ok":false,"error":{"code":"who are you? %s %s %s"}}`, r.Header.Get("Authorization"), r.Header.Get("X-Amz-Security-Token"), r.Header.Get("X-Api-Key"))
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		shop.Handler().ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	d.url = server.URL
	return d
}

func (d *door) note(r *http.Request, body []byte) error {
	kind := r.Method + " " + digits.ReplaceAllString(r.URL.Path, "/N")
	d.mu.Lock()
	defer d.mu.Unlock()
	d.kinds[kind]++
	if strings.HasSuffix(r.URL.Path, "/move") {
		if d.moves++; d.moves%100 == 0 {
			d.lists = append(d.lists, processes())
		}
	}
	err := d.check(r, body)
	if err != nil {
		d.refused = append(d.refused, fmt.Errorf("%s: %w", kind, err))
	}
	return err
}

// processes returns the command lines of all processes, where the system shows
// them as files.
func processes() []byte {
	var all []byte
	paths, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, p := range paths {
		line, err := os.ReadFile(p)
		if err == nil { // else it has ended
			all = append(append(all, line...), '\n')
		}
	}
	return all
}

// validate runs the program against the door, and returns the folder of its
// runs, what it printed and its exit code.
func (d *door) validate(t *testing.T, env []string, args ...string) (dir, printed string, code int) {
	t.Helper()
	dir = t.TempDir()
	args = append([]string{"validate", "--target", d.url, "--duration", "3s", "--warmup", "0s", "--operators", "4", "--think", "5ms",
		"--pause", "5ms", "--records", "30", "--force", "--out", dir}, args...)
	cmd := exec.CommandContext(t.Context(), "occbench", args...)
	cmd.Dir = t.TempDir()
	cmd.Env = append(append(os.Environ(), "AWS_EC2_METADATA_DISABLED=true", "AWS_CONFIG_FILE=/nonexistent", "AWS_SHARED_CREDENTIALS_FILE=/nonexistent"), env...)
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return dir, string(out), cmd.ProcessState.ExitCode()
}

// keepsSecrets wants no trace of a secret in a run directory, in what was
// printed, or in the list of processes.
func (d *door) keepsSecrets(t *testing.T, dir, printed string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || entry.Type()&fs.ModeSymlink != 0 {
			return err
		}
		files++
		data, err := os.ReadFile(path)
		if at := bytes.Index(data, []byte("CANARY")); at >= 0 {
			t.Errorf("%s holds a secret: …%s…", path, data[max(0, at-60):min(len(data), at+60)])
		}
		return err
	})
	if err != nil || files < 10 {
		t.Errorf("%d files in the run directory, %v", files, err)
	}
	if strings.Contains(printed, "CANARY") {
		t.Errorf("a secret was printed:\n%s", printed)
	}
	for _, list := range d.lists {
		if bytes.Contains(list, []byte("CANARY")) {
			t.Error("a secret stands in the list of processes")
		}
	}
}

func hasHeader(name, value string) func(*http.Request, []byte) error {
	return func(r *http.Request, _ []byte) error {
		if r.Header.Get(name) != value {
			return fmt.Errorf("the header %s is not the secret's", name)
		}
		return nil
	}
}

// calls are the kinds of calls that a validate makes.
var calls = []string{
	"GET /healthz", "GET /api/admin/appointments/board", "GET /api/admin/appointments/N", "GET /api/admin/dashboard/stats",
	"POST /api/admin/customers", "POST /api/admin/vehicles", "POST /api/admin/services", "POST /api/admin/appointments", "POST /api/admin/appointments/N/move",
}

// TestSignedValidate sends every kind of call of a validate past a door: the
// probe's, the seeder's and those of k6, a process of its own. The signatures
// are recomputed by a verifier that shares no code with the signer.
func TestSignedValidate(t *testing.T) {
	v := &sigcheck.Verifier{Service: "lambda", Region: "eu-central-1", Now: time.Now,
		Secret: func(id string) (string, string, bool) { return secretKey, sessionToken, id == "AKIAIOSFODNN7EXAMPLE" }}
	tests := []struct {
		name, spec, recorded string
		check                func(*http.Request, []byte) error
	}{
		{"sigv4", "sigv4:region=eu-central-1", "sigv4:service=lambda,region=eu-central-1", v.Verify},
		{"bearer", "bearer:env=SHOP_TOKEN", "bearer:env=SHOP_TOKEN", hasHeader("Authorization", "Bearer "+bearerToken)},
		{"header", "header:x-api-key=env:SHOP_TOKEN", "header:X-Api-Key=env:SHOP_TOKEN", hasHeader("X-Api-Key", bearerToken)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDoor(t, tt.check)
			env := []string{"AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY=" + secretKey, "AWS_SESSION_TOKEN=" + sessionToken,
				"SHOP_TOKEN=" + bearerToken}
			dir, printed, code := d.validate(t, env, "--auth", tt.spec)
			if code != 0 && code != 3 { // so short a run need not be decided
				t.Errorf("exit code %d:\n%s", code, printed)
			}
			d.mu.Lock()
			defer d.mu.Unlock()
			for _, kind := range calls {
				if d.kinds[kind] == 0 {
					t.Errorf("no %s was made; there were %v", kind, d.kinds)
				}
			}
			if len(d.refused) > 0 || d.moves < 100 {
				t.Errorf("%d moves, %d calls refused, the first: %v", d.moves, len(d.refused), append(d.refused, nil)[0])
			}
			if runtime.GOOS == "linux" && !bytes.Contains(bytes.Join(d.lists, nil), []byte("k6\x00run")) {
				t.Error("the list of processes, in which no secret was found, does not even show k6")
			}
			d.keepsSecrets(t, dir, printed)
			manifests, err := filepath.Glob(filepath.Join(dir, "k6_*", "raw", "manifest.json"))
			if err != nil || len(manifests) != 1 {
				t.Fatalf("manifests %v, %v", manifests, err)
			}
			manifest, err := os.ReadFile(manifests[0])
			if err != nil || !strings.Contains(string(manifest), `"auth": "`+tt.recorded+`"`) {
				t.Errorf("%v, the manifest does not say %s:\n%s", err, tt.recorded, manifest)
			}
		})
	}
}

// TestCredentialsEnd lets the credentials end in the middle of the load, before
// a server that quotes them. It shows as unauthorized, in a clear line.
func TestCredentialsEnd(t *testing.T) {
	var d *door
	d = newDoor(t, func(r *http.Request, body []byte) error {
		if d.moves > 400 { // the probe and its races make some 230
			return fmt.Errorf("the token has expired")
		}
		return hasHeader("Authorization", "Bearer "+bearerToken)(r, body)
	})
	dir, printed, code := d.validate(t, []string{"SHOP_TOKEN=" + bearerToken}, "--auth", "bearer:env=SHOP_TOKEN")
	if code != 1 && code != 3 {
		t.Errorf("exit code %d:\n%s", code, printed)
	}
	reports, err := filepath.Glob(filepath.Join(dir, "k6_*", "report.txt"))
	if err != nil || len(reports) != 1 {
		t.Fatalf("reports %v, %v", reports, err)
	}
	report, err := os.ReadFile(reports[0])
	if err != nil || !strings.Contains(strings.Join(strings.Fields(string(report)), " "), "unauthorized: the target turned away") {
		t.Errorf("%v, the report does not say what happened:\n%s", err, report)
	}
	histories, err := filepath.Glob(filepath.Join(dir, "k6_*", "raw", "history.csv"))
	if err != nil || len(histories) != 1 {
		t.Fatalf("histories %v, %v", histories, err)
	}
	history, err := os.ReadFile(histories[0])
	if err != nil || !bytes.Contains(history, []byte(",unauthorized,403,")) {
		t.Errorf("%v, the history has no unauthorized operation", err)
	}
	d.keepsSecrets(t, dir, printed)
}

// TestTurnedAway has no credentials at all: nothing is loaded, and the message
// says what to do.
func TestTurnedAway(t *testing.T) {
	d := newDoor(t, hasHeader("Authorization", "Bearer "+bearerToken))
	_, printed, code := d.validate(t, nil)
	if code != 4 || !strings.Contains(printed, "HTTP 403") || !strings.Contains(printed, "--auth") {
		t.Errorf("exit code %d:\n%s", code, printed)
	}
	_, printed, code = d.validate(t, []string{"SHOP_TOKEN="}, "--auth", "bearer:env=SHOP_TOKEN")
	if code != 2 || !strings.Contains(printed, "the variable SHOP_TOKEN is not set") {
		t.Errorf("exit code %d:\n%s", code, printed)
	}
	_, printed, code = d.validate(t, []string{"SHOP_TOKEN=another-CANARY/token"}, "--auth", "bearer:env=SHOP_TOKEN")
	if code != 4 || !strings.Contains(printed, "who are you? Bearer xxx") || strings.Contains(printed, "CANARY") {
		t.Errorf("exit code %d, or a secret that the target quotes is shown:\n%s", code, printed)
	}
	_, printed, code = d.validate(t, nil, "--auth", "bearer:"+bearerToken)
	if code != 2 || strings.Contains(printed, "CANARY") {
		t.Errorf("exit code %d, a secret in a flag is repeated:\n%s", code, printed)
	}
}
