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
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/settings"
)

// Without a browser nothing is begun: no server, no record, no directory.
func TestNoBrowserNothingBegun(t *testing.T) {
	t.Setenv("K6_BROWSER_EXECUTABLE_PATH", filepath.Join(t.TempDir(), "chromium"))
	out := filepath.Join(t.TempDir(), "runs")
	p := &Pipeline{Settings: &settings.Settings{Spec: run.Spec{Browser: 2, Scenario: run.BrowserScenario, Store: "sqlite"}, Out: out}, Now: time.Now, Talk: io.Discard}
	result, err := p.Validate(t.Context(), gate.Default())
	if result != nil || err == nil || !strings.Contains(err.Error(), "K6_BROWSER_EXECUTABLE_PATH") {
		t.Errorf("validate: %v, %v", result, err)
	}
	if _, err := os.Stat(out); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder of the runs: %v", err)
	}
}

// A person who opens a page moves its records, so its host must be allowed as the
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

func TestScreenshotsOfARun(t *testing.T) {
	dir, err := run.Create(t.TempDir(), time.Unix(0, 0))
	if err == nil {
		err = os.Mkdir(dir.File(run.ScreensFolder), 0o755)
	}
	if err == nil {
		err = dir.WriteFile("screens/toast.png", []byte("x"))
	}
	if err != nil {
		t.Fatal(err)
	}
	if shown, err := readShots(dir); err != nil || len(shown) != 1 || shown[0].Path != "raw/screens/toast.png" {
		t.Errorf("screenshots %v, %v", shown, err)
	}
}
