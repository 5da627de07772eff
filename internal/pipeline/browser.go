package pipeline

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/occbench/occbench/internal/k6run"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/reports/view"
	"github.com/occbench/occbench/scenarios"
)

// findBrowser refuses a run with people where there is no browser, before
// anything is started, asked or made.
func (p *Pipeline) findBrowser() error {
	if p.Settings.Browser == 0 {
		return nil
	}
	by, err := p.Settings.LoadAPI()
	if err != nil {
		return err
	}
	if by.List == nil || !by.Counting || len(by.States.Names) == 0 {
		return &UsageError{fmt.Sprintf("--browser: people need a page that shows a list of states, and API %s has none", by.Name)}
	}
	_, err = k6run.FindBrowser()
	return err
}

// checkBrowser refuses a page that was not allowed: updating its records is what people
// do there.
func (p *Pipeline) checkBrowser() error {
	if err := p.findBrowser(); err != nil {
		return err
	}
	if p.Settings.BoardURL == "" {
		return nil
	}
	return checkHost(p.Settings.BoardURL, p.Settings.AllowHosts)
}

func chooseScript(s *run.Spec) []byte {
	if s.Scenario == run.BrowserScenario {
		return scenarios.Browser
	}
	return scenarios.Update
}

func listModules(s *run.Spec) map[string][]byte {
	if s.Scenario == run.BrowserScenario {
		return scenarios.BrowserModules()
	}
	return nil
}

// firstDesk returns the number of the first operator who is a person: a round one
// beyond those of the API's operators and of races. Without people it is 0.
func firstDesk(s *run.Spec) int {
	if s.Browser == 0 {
		return 0
	}
	others := max(s.Operators, s.MaxOperators, firstRacer(s)) + s.Races.Crew + s.Browser
	return 1000*(1+others/1000) + 1
}

// maxScreen is the size in bytes from which a screenshot is left out of the
// reports.
const maxScreen = 8 << 20

// readShots returns the screenshots of a run that are there, in their order.
func readShots(dir run.Dir) ([]view.Screen, error) {
	var all []view.Screen
	for _, name := range []string{run.ScreenBefore, run.ScreenToast, run.ScreenAfter} {
		path := run.ScreensFolder + "/" + name
		shot, err := readScreen(dir.File(path))
		if err != nil {
			return nil, err
		}
		if shot != nil {
			all = append(all, view.Screen{Path: dir.RelativePath(path), PNG: shot})
		}
	}
	return all, nil
}

// readScreen returns nil for a screenshot that is not there or too large to be
// shown.
func readScreen(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && (!info.Mode().IsRegular() || info.Size() > maxScreen) {
		return nil, nil
	}
	if err == nil {
		var shot []byte
		if shot, err = os.ReadFile(path); err == nil {
			return shot, nil
		}
	}
	return nil, fmt.Errorf("reading %s: %w", path, err)
}
