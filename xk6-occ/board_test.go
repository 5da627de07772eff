package occ_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/history/historytest"
	"github.com/occbench/occbench/internal/k6run"
	"github.com/occbench/occbench/internal/need"
	"github.com/occbench/occbench/internal/ux"
	"github.com/occbench/occbench/internal/workload"
	"github.com/occbench/occbench/scenarios"
)

// needBrowser ends a test where there is no browser, or says which one k6 is to start. On
// a machine that compiles beside it a page may take longer to open than k6's 30 s.
func needBrowser(t *testing.T) {
	t.Helper()
	t.Setenv(k6run.BrowserPath, need.Chromium(t))
	t.Setenv("K6_BROWSER_TIMEOUT", "2m")
}

// smallBoard serves the page of testdata/board, broken as it is told, over the
// API of the reference server.
func smallBoard(t *testing.T, records int, broken string) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/api/", filled(t, records).Handler())
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, "testdata/board/index.html")
	})
	mux.HandleFunc("/board.js", func(w http.ResponseWriter, _ *http.Request) {
		script, err := os.ReadFile("testdata/board/board.js")
		if err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprintf(w, "const broken = %q;\n%s", broken, script)
	})
	listening := httptest.NewServer(mux)
	t.Cleanup(listening.Close)
	return listening.URL
}

// boardOptions are a run of the browser scenario.
func boardOptions(t *testing.T, target string, people int, duration time.Duration) k6run.Options {
	t.Helper()
	o := options(t, target, scenarios.Browser)
	o.Modules = scenarios.BrowserModules()
	o.Spec.Operators, o.Spec.Duration = 2, duration
	o.Spec.Think, o.Spec.Pause = workload.Fixed(40*time.Millisecond), workload.Fixed(40*time.Millisecond)
	o.Spec.Budget = 20 * time.Second // a busy machine makes a right page late
	o.Spec.Browser, o.Spec.FirstDesk = people, 1001
	o.Traces.UX, o.Traces.Screens = filepath.Join(o.Dir, "ux.ndjson"), filepath.Join(o.Dir, "screens")
	return o
}

// seen is what the browsers of a run noted.
func seen(t *testing.T, o k6run.Options) ux.Numbers {
	t.Helper()
	file, err := os.Open(o.Traces.UX)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	n, err := ux.Read(file, "ux.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// People at a right page meet conflicts and nothing worse, what their page sent
// is in the history, and the history holds no anomaly: their brackets are true.
// A busy machine makes few gestures, so a run that met too little is made longer.
func TestPeopleAtTheBoard(t *testing.T) {
	needBrowser(t)
	for _, via := range []string{"fetch", "xhr"} {
		t.Run(via, func(t *testing.T) {
			const longest = 28 * time.Second
			for duration := 7 * time.Second; !playRightPage(t, via, duration); duration *= 2 {
				if duration == longest {
					t.Fatalf("no conflict at the keyboard, with its pictures, in %s", longest)
				}
			}
		})
	}
}

// playRightPage runs one person at a right page and fails the test for whatever
// is wrong there. It reports whether the run met all that it is to be judged by:
// provoked conflicts, feedback, and the pictures of a conflict at the keyboard.
func playRightPage(t *testing.T, via string, duration time.Duration) bool {
	t.Helper()
	o := boardOptions(t, smallBoard(t, 30, via), 1, duration)
	if result := runK6(t, t.Context(), o); result.ScriptErrors > 0 || result.Exit != 0 {
		t.Errorf("k6 ended with %+v", result)
	}
	n := seen(t, o)
	if n.CountDefective() != 0 || n.CountUnrecovered() != 0 || len(n.Failures) != 0 || n.Untold != 0 || n.Strays != 0 {
		t.Errorf("a right page has faults: %+v", n)
	}
	if n.Doubles.Once != n.Doubles.Made {
		t.Errorf("a move was sent twice: %+v", n.Doubles)
	}
	sameMoves(t, o, n)
	checked(t, o.Traces.History)
	met := n.Conflicts.Provoked > 0 && n.Feedback.Count > 0
	for _, name := range []string{"before.png", "toast.png"} {
		info, err := os.Stat(filepath.Join(o.Traces.Screens, name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			met = false
		case err != nil:
			t.Error(err)
		case info.Size() == 0 || info.Size() > 300<<10:
			t.Errorf("screenshot %s has %d bytes", name, info.Size())
		}
	}
	return met
}

// sameMoves compares the moves that the page sent with those in the history.
func sameMoves(t *testing.T, o k6run.Options, n ux.Numbers) {
	t.Helper()
	recorded := map[string]int{}
	for _, op := range historytest.Load(t, o.Traces.History) {
		perhaps := op.Flags&history.Double != 0 && !op.Answered() // the browser may have sent it twice
		if op.Kind == history.Update && op.Operator == int32(o.Spec.FirstDesk) && !perhaps {
			recorded[op.Outcome.String()]++
		}
	}
	if diff := cmp.Diff(n.Outcomes, recorded); diff != "" {
		t.Errorf("moves of the page (-noted +recorded)\n%s", diff)
	}
}

func checked(t *testing.T, path string) {
	t.Helper()
	report, err := check.File(func() (io.ReadCloser, error) { return os.Open(path) }, "history.csv", check.Options{API: apitest.Appointments(t)})
	if err != nil {
		t.Fatal(err)
	}
	if !report.Judged || len(report.Anomalies) > 0 {
		t.Errorf("a correct server is accused: judged %v (%v), findings %+v", report.Judged, report.Why, report.Anomalies)
	}
}

// Every detector is seen to fire at a page that is broken in its way.
func TestBrokenBoards(t *testing.T) {
	needBrowser(t)
	cases := []struct {
		broken string
		found  func(ux.Numbers) bool
	}{
		{"lose", func(n ux.Numbers) bool { return n.Lost.Count > 0 }},
		{"duplicate", func(n ux.Numbers) bool { return n.Duplicated.Count > 0 }},
		{"rollback", func(n ux.Numbers) bool { return n.Rollbacks.Count > 0 }},
		{"wish", func(n ux.Numbers) bool { return n.CountUnrecovered() > 0 }},
		{"twice", func(n ux.Numbers) bool { return n.Doubles.Once < n.Doubles.Made }},
		{"silent", func(n ux.Numbers) bool { return n.Untold > 0 }},
	}
	for _, c := range cases {
		t.Run(c.broken, func(t *testing.T) {
			o := boardOptions(t, smallBoard(t, 30, c.broken), 1, 3*time.Second)
			o.Spec.Budget = 700 * time.Millisecond
			runK6(t, t.Context(), o)
			if n := seen(t, o); !c.found(n) {
				t.Errorf("the fault is not found: %+v", n)
			}
		})
	}
}
