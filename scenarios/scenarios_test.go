package scenarios

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Every parameter that the scripts, the extension and the runner know has its
// row in the README, and no other has.
func TestParametersAreListed(t *testing.T) {
	known := []string{}
	word := regexp.MustCompile(`"(OCC_[A-Z_]+|URL|DATE)"`)
	for _, file := range []string{"../xk6-occ/parameters.go", "../xk6-occ/run.go", "../internal/k6run/params.go"} {
		for _, m := range word.FindAllStringSubmatch(read(t, file), -1) {
			known = append(known, m[1])
		}
	}
	for _, m := range regexp.MustCompile(`__ENV\.(\w+)`).FindAllStringSubmatch(read(t, "move.js")+read(t, "baseline-http.js"), -1) {
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

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
