package refserver_test

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/need"
)

// What a process of this test that plays a removal is told: the name of a file
// of the board, and where its changed text lies.
const (
	removedFile   = "OCCBENCH_TEST_REMOVED_FILE"
	removedSource = "OCCBENCH_TEST_REMOVED_SOURCE"
)

// without is a server whose board lacks a line, where this process is to play
// a removal; else it is the server itself.
func without(next http.Handler) http.Handler {
	name := os.Getenv(removedFile)
	if name == "" {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/board/"+name {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = io.WriteString(w, os.Getenv(removedSource)) // a page that is gone needs no file
	})
}

// TestEverySentenceHasATestInTheBrowser is TestEverySentenceHasATest for what
// only a browser can tell. Each removal is a process of its own, since its test
// is to fail.
func TestEverySentenceHasATestInTheBrowser(t *testing.T) {
	need.Chromium(t)
	for _, r := range removals(t, true) {
		t.Run(r.Says, func(t *testing.T) {
			name := strings.ReplaceAll(r.Fails, " ", "_")
			test := exec.CommandContext(t.Context(), os.Args[0], "-test.v", "-test.run", "^TestBoard$/^"+regexp.QuoteMeta(name)+"$")
			test.Env = append(os.Environ(), removedFile+"="+r.File, removedSource+"="+r.source(t))
			said, err := test.CombinedOutput()
			if err == nil || !strings.Contains(string(said), "--- FAIL: TestBoard/"+name+" ") {
				t.Errorf("without it %q does not fail: %v\n%s", r.Fails, err, said)
			}
		})
	}
}
