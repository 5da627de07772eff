package k6run

import (
	"errors"
	"os"
	"os/exec"
	"strings"
)

// Browser are the parameters of people in browsers beside the operators. The
// zero Browser is none.
type Browser struct {
	People  int    // OCC_BROWSERS
	First   int    // OCC_DESK_FIRST: operator number of the first; each takes two
	Board   string // OCC_BOARD_URL: the page; empty: the target's own
	UX      string // OCC_UX: path of what the browsers saw
	Screens string // OCC_SCREENS: folder of the screenshots
}

// browserNames lists what Browser sets.
var browserNames = []string{"OCC_BROWSERS", "OCC_DESK_FIRST", "OCC_BOARD_URL", "OCC_UX", "OCC_SCREENS", "OCC_BUDGET_MS"}

func (p Params) browserEnviron(add func(name, value string)) {
	b := p.Browser
	if b.People == 0 {
		return
	}
	add("OCC_BROWSERS", count(b.People))
	add("OCC_DESK_FIRST", count(b.First))
	add("OCC_BOARD_URL", b.Board)
	add("OCC_UX", b.UX)
	add("OCC_SCREENS", b.Screens)
	add("OCC_BUDGET_MS", count(int(p.Budget.Milliseconds())))
}

const (
	browserPath = "K6_BROWSER_EXECUTABLE_PATH"
	browserArgs = "K6_BROWSER_ARGS"
)

// browserSettings returns the inherited settings of k6's browser, which a run
// with people keeps: a path, a window to look at. Chromium refuses to start as
// root with its sandbox on.
func browserSettings(inherited []string, people, uid int) []string {
	if people == 0 {
		return nil
	}
	var kept []string
	args := false
	for _, entry := range inherited {
		if strings.HasPrefix(entry, "K6_BROWSER_") {
			kept = append(kept, entry)
			args = args || strings.HasPrefix(entry, browserArgs+"=")
		}
	}
	if uid == 0 && !args {
		kept = append(kept, browserArgs+"=no-sandbox")
	}
	return kept
}

// ErrNoBrowser says that there is no browser, and how to get one.
var ErrNoBrowser = errors.New("there is no Chromium on this machine: install it (Debian: apt-get install -y chromium), or name the program in " + browserPath)

// FindBrowser returns the browser that k6 will start.
func FindBrowser() (string, error) {
	if named := strings.TrimSpace(os.Getenv(browserPath)); named != "" {
		path, err := exec.LookPath(named)
		if err != nil {
			return "", errors.New("there is no program at " + named + ", which " + browserPath + " names")
		}
		return path, nil
	}
	for _, name := range browsers {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrNoBrowser
}

// browsers are the names under which k6 looks for a browser.
var browsers = []string{
	"headless_shell", "headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
	"google-chrome-beta", "google-chrome-unstable", "/usr/bin/google-chrome", "chrome", "chrome.exe",
	`C:\Program Files (x86)\Google\Chrome\Application\chrome.exe`, `C:\Program Files\Google\Chrome\Application\chrome.exe`,
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium",
}
