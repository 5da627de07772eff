package k6run

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/run"
)

func TestBrowserEnvironment(t *testing.T) {
	o := Options{
		Spec:   run.Spec{Budget: 1500 * time.Millisecond, Browser: 2, FirstDesk: 1001, BoardURL: "http://127.0.0.1:8080/board"},
		Traces: Traces{UX: "ux", Screens: "screens"},
	}
	inherited := []string{"PATH=/bin", "K6_BROWSER_HEADLESS=false", "K6_ITERATIONS=1", "OCC_BROWSERS=9", "OCC_UX=else"}
	env := o.buildEnviron(inherited, nil)
	for _, want := range []string{
		"K6_BROWSER_HEADLESS=false", "OCC_BROWSERS=2", "OCC_DESK_FIRST=1001", "OCC_BOARD_URL=http://127.0.0.1:8080/board",
		"OCC_UX=ux", "OCC_SCREENS=screens", "OCC_BUDGET_MS=1500",
	} {
		if !slices.Contains(env, want) {
			t.Errorf("%s is missing in %v", want, env)
		}
	}
	for _, never := range []string{"K6_ITERATIONS=1", "OCC_BROWSERS=9", "OCC_UX=else"} {
		if slices.Contains(env, never) {
			t.Errorf("%s was inherited", never)
		}
	}
	without := new(Options).buildEnviron(inherited, nil)
	if slices.ContainsFunc(without, func(e string) bool { return strings.HasPrefix(e, "K6_BROWSER") || strings.HasPrefix(e, "OCC_BROWSERS") }) {
		t.Errorf("a run without people has a browser: %v", without)
	}
}

// Chromium does not start as root with its sandbox on. Who sets arguments has
// said what they want.
func TestSandbox(t *testing.T) {
	cases := []struct {
		name        string
		inherited   []string
		people, uid int
		want        []string
	}{
		{"root", nil, 1, 0, []string{"K6_BROWSER_ARGS=no-sandbox"}},
		{"somebody", nil, 1, 1000, nil},
		{"root with arguments", []string{"K6_BROWSER_ARGS=lang=de"}, 1, 0, []string{"K6_BROWSER_ARGS=lang=de"}},
		{"nobody at the board", []string{"K6_BROWSER_ARGS=lang=de"}, 0, 0, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, browserSettings(c.inherited, c.people, c.uid)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestFindBrowser(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "chromium")
	if err := os.WriteFile(program, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	t.Setenv(BrowserPath, "")
	if found, err := FindBrowser(); err != nil || found != program {
		t.Errorf("found %q, %v", found, err)
	}
	t.Setenv(BrowserPath, filepath.Join(dir, "other"))
	if _, err := FindBrowser(); err == nil || !strings.Contains(err.Error(), "which K6_BROWSER_EXECUTABLE_PATH names") {
		t.Errorf("a program that is not there: %v", err)
	}
	t.Setenv("PATH", t.TempDir())
	t.Setenv(BrowserPath, "")
	if _, err := os.Stat("/usr/bin/google-chrome"); err == nil {
		t.Skip("there is a browser at a fixed path")
	}
	if _, err := FindBrowser(); !errors.Is(err, ErrNoBrowser) || !strings.Contains(err.Error(), "apt-get install -y chromium") {
		t.Errorf("no browser: %v", err)
	}
}
