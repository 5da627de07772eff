package k6run

import (
	"errors"
	"os"
	"os/exec"
	"strings"
)

// BrowserPath is the variable that names the browser that k6 starts.
const BrowserPath = "K6_BROWSER_EXECUTABLE_PATH"

const browserArgs = "K6_BROWSER_ARGS"

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
var ErrNoBrowser = errors.New(
	"there is no Chromium on this machine: install it (Debian: apt-get install -y chromium), or name the program in " + BrowserPath,
)

// FindBrowser returns the browser that k6 will start.
func FindBrowser() (string, error) {
	if named := strings.TrimSpace(os.Getenv(BrowserPath)); named != "" {
		path, err := exec.LookPath(named)
		if err != nil {
			return "", errors.New("there is no program at " + named + ", which " + BrowserPath + " names")
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
