package check_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/occbench/occbench/check"
)

const page = "../docs/bring-your-own-history.md"

// block returns a fenced block of the page.
func block(t *testing.T, language, name string) string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	match := regexp.MustCompile("(?ms)^```" + language + " " + name + "\n(.*?)^```$").FindSubmatch(text)
	if match == nil {
		t.Fatalf("%s has no block %s %s", page, language, name)
	}
	return string(match[1])
}

// document is a server of one document with an ETag. Where it is hasty it compares the tag
// first and writes a little later.
type document struct {
	mu    sync.Mutex
	hasty bool
	tag   int
	text  string
}

func (d *document) now() (tag, text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return fmt.Sprintf("%q", fmt.Sprintf("tag-%d", d.tag)), d.text
}

func (d *document) put(match, text string) bool {
	if d.hasty {
		if tag, _ := d.now(); tag != match {
			return false
		}
		time.Sleep(2 * time.Millisecond)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if tag := fmt.Sprintf("%q", fmt.Sprintf("tag-%d", d.tag)); tag != match && !d.hasty {
		return false
	}
	d.tag, d.text = d.tag+1, text
	return true
}

func (d *document) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPut {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if !d.put(r.Header.Get("If-Match"), string(body)) {
			w.WriteHeader(http.StatusPreconditionFailed)
			return
		}
		w.WriteHeader(http.StatusNoContent) // without a tag: markers tell
		return
	}
	tag, text := d.now()
	w.Header().Set("ETag", tag)
	fmt.Fprint(w, text)
}

// TestRecorders runs the programs of the page against a correct server and a hasty one, and
// judges what they recorded.
func TestRecorders(t *testing.T) {
	for _, c := range []struct {
		language      string
		recorder, use string // files
		command       []string
	}{
		{"go", "recorder.go", "main.go", []string{"go", "run", "recorder.go", "main.go"}},
		{"python", "recorder.py", "use.py", []string{"python3", "use.py"}},
		{"js", "recorder.mjs", "use.mjs", []string{"node", "use.mjs"}},
	} {
		t.Run(c.language, func(t *testing.T) {
			if _, err := exec.LookPath(c.command[0]); err != nil {
				t.Skipf("%s is not installed, so the recorder in %s is not run", c.command[0], c.language)
			}
			recorder, use := block(t, c.language, "recorder"), block(t, c.language, "use")
			if n := strings.Count(recorder, "\n"); n > 30 {
				t.Errorf("the recorder has %d lines, want at most 30", n)
			}
			if c.language == "python" {
				use = "from recorder import Recorder\n" + use
			}
			for _, hasty := range []bool{false, true} {
				dir := t.TempDir()
				write(t, filepath.Join(dir, c.recorder), recorder)
				write(t, filepath.Join(dir, c.use), use)
				server := httptest.NewServer(&document{hasty: hasty, text: "first"})
				defer server.Close()
				program := exec.Command(c.command[0], c.command[1:]...)
				program.Dir, program.Env = dir, append(os.Environ(), "TARGET="+server.URL, "GOFLAGS=", "GO111MODULE=off")
				if out, err := program.CombinedOutput(); err != nil {
					t.Fatalf("%v\n%s", err, out)
				}
				report, err := check.File(filepath.Join(dir, "history.csv"), check.Options{Opaque: true})
				if err != nil || !report.Judged {
					t.Fatalf("judged %v %v, %v", report.Judged, report.Why, err)
				}
				lost := len(report.Anomalies) > 0 && report.Anomalies[0].ID == "OCC-01"
				if lost != hasty || !hasty && len(report.Anomalies) > 0 {
					t.Errorf("hasty %v: anomalies %+v", hasty, report.Anomalies)
				}
			}
		})
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
