package pipeline

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/settings"
)

// Without a browser nothing is begun: no server, no card, no directory.
func TestNoBrowserNothingBegun(t *testing.T) {
	t.Setenv("K6_BROWSER_EXECUTABLE_PATH", filepath.Join(t.TempDir(), "chromium"))
	out := filepath.Join(t.TempDir(), "runs")
	p := &Pipeline{Settings: &settings.Settings{Spec: run.Spec{Browser: 2, Scenario: run.BoardScenario, Store: "sqlite"}, Out: out}, Now: time.Now, Talk: io.Discard}
	result, err := p.Validate(t.Context(), gate.Default())
	if result != nil || err == nil || !strings.Contains(err.Error(), "K6_BROWSER_EXECUTABLE_PATH") {
		t.Errorf("validate: %v, %v", result, err)
	}
	if _, err := os.Stat(out); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder of the runs: %v", err)
	}
}

// Whoever opens a page moves its cards, so its host must be allowed as the
// target's must.
func TestBoardHost(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "chromium")
	if err := os.WriteFile(program, nil, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("K6_BROWSER_EXECUTABLE_PATH", program)
	p := &Pipeline{Settings: &settings.Settings{Spec: run.Spec{Browser: 1, BoardURL: "http://shop.example.org/board"}}}
	var refused *HostError
	if err := p.checkBrowser(); !errors.As(err, &refused) {
		t.Errorf("a page of somebody else: %v", err)
	}
	p.Settings.AllowHosts = []string{"shop.example.org"}
	if err := p.checkBrowser(); err != nil {
		t.Errorf("an allowed page: %v", err)
	}
}

// People have numbers that no operator has, however many there are.
func TestPeopleNumbers(t *testing.T) {
	for _, operators := range []int{1, 20, 998, 1000, 50_000} {
		s := run.Spec{Browser: 2, Operators: operators}
		if first := firstDesk(&s); first <= operators+s.Browser || first%1000 != 1 {
			t.Errorf("%d operators: people from %d", operators, first)
		}
	}
	if first := firstDesk(&run.Spec{Operators: 20}); first != 0 {
		t.Errorf("nobody at the board: people from %d", first)
	}
}

// The same history is measured with and without the people in it.
func TestPeopleAreNotTheLoad(t *testing.T) {
	dir, err := run.Create(t.TempDir(), time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	text := history.Header + "\n" +
		"5,6,,1,read,17,,,seen,200,4,scheduled,1,,,\n" +
		"7,8,,1,update,17,4,in_progress,applied,200,5,in_progress,1,,,\n" +
		"9,10,,1002,update,17,5,ready,applied,200,6,ready,1,,,\n" +
		"9,11,,1001,update,17,5,ready,conflict,409,6,ready,1,,,\n"
	if err := dir.WriteFile(run.HistoryFile, []byte(text)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		people    run.Spec
		conflicts int
	}{{run.Spec{}, 1}, {run.Spec{Browser: 1, FirstDesk: 1001}, 0}} {
		m := run.Manifest{State: run.Complete, Spec: c.people}
		n, _, err := Numbers(dir, measureOptions(gate.Default(), &m, nil), 0)
		if err != nil || n.ConflictRate.Hits != c.conflicts {
			t.Errorf("%d people: %d conflicts, %v", c.people.Browser, n.ConflictRate.Hits, err)
		}
		ops := 0
		if _, err := scan(dir, 0, declared(&m, func(*history.Op) { ops++ })); err != nil || ops != 4-2*(1-c.conflicts) {
			t.Errorf("%d people: %d operations declared, %v", c.people.Browser, ops, err)
		}
	}
}

func TestScreensOfARun(t *testing.T) {
	dir, err := run.Create(t.TempDir(), time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	m := run.Manifest{Spec: run.Spec{Browser: 1, FirstDesk: 1001}}
	if s, err := screens(dir, &run.Manifest{}); s != nil || err != nil {
		t.Errorf("a run without browsers: %v, %v", s, err)
	}
	if s, err := screens(dir, &m); err != nil || s == nil || s.Numbers != nil {
		t.Errorf("nothing noted: %+v, %v", s, err)
	}
	if err := dir.WriteFile(run.UXFile, []byte(`{"what":"failure","person":1001,"why":"it crashed"}`+"\n")); err != nil {
		t.Fatal(err)
	}
	if s, err := screens(dir, &m); err != nil || len(s.Numbers.Failures) != 1 {
		t.Errorf("a browser that crashed: %+v, %v", s, err)
	}
	if err := os.Mkdir(dir.File(run.ScreensFolder), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := dir.WriteFile("screens/toast.png", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if _, shown, err := shots(dir, &m); err != nil || len(shown) != 1 || shown[0].Path != "screens/toast.png" {
		t.Errorf("screenshots %v, %v", shown, err)
	}
	if err := dir.WriteFile(run.UXFile, []byte("moved\n")); err != nil {
		t.Fatal(err)
	}
	if _, err := screens(dir, &m); err == nil || !strings.Contains(err.Error(), "ux.ndjson:1") {
		t.Errorf("a damaged file: %v", err)
	}
}
