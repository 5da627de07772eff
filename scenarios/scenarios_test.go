package scenarios

import (
	"os"
	"path"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/run"
)

// Every parameter that the scripts, the extension and the runner know has its
// row in the README, and no other has.
func TestParametersAreListed(t *testing.T) {
	known := append(run.K6Names(), run.EnvRecords, run.EnvDir, run.EnvGenerator, run.EnvRun, run.EnvHistory, run.EnvStalls, run.EnvBase, run.EnvSummary, run.EnvUX, run.EnvScreens, run.EnvBudgetMS)
	for _, m := range regexp.MustCompile(`__ENV\.(\w+)`).FindAllStringSubmatch(read(t, "update.js")+read(t, "browser.js")+read(t, "baseline-http.js"), -1) {
		known = append(known, m[1])
	}
	listed := []string{}
	for _, m := range regexp.MustCompile("(?m)^\\| `((?:OCC_)?[A-Z_]+)` \\|").FindAllStringSubmatch(read(t, "README.md"), -1) {
		listed = append(listed, m[1])
	}
	slices.Sort(known)
	slices.Sort(listed)
	if diff := cmp.Diff(slices.Compact(known), listed); diff != "" {
		t.Errorf("(-known +listed)\n%s", diff)
	}
}

// What the scenario imports, directly or not, is embedded with it.
func TestBrowserModules(t *testing.T) {
	modules := BrowserModules()
	local := regexp.MustCompile(`from '(\.[^']+)'`)
	waiting, seen := []string{"browser.js"}, map[string]bool{}
	sources := map[string][]byte{"browser.js": Browser}
	for name, text := range modules {
		sources[name] = text
	}
	for len(waiting) > 0 {
		name := waiting[0]
		waiting = waiting[1:]
		if seen[name] {
			continue
		}
		seen[name] = true
		if sources[name] == nil {
			t.Fatalf("%s is imported and not embedded", name)
		}
		for _, m := range local.FindAllStringSubmatch(string(sources[name]), -1) {
			waiting = append(waiting, path.Join(path.Dir(name), m[1]))
		}
	}
	for name := range modules {
		if !seen[name] {
			t.Errorf("%s is embedded and imported by nobody", name)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
