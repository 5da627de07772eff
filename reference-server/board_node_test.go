package refserver_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/need"
)

// findNode returns the path of node, or ends the test.
func findNode(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("node")
	if err != nil {
		need.Skip(t, "node", err)
	}
	return path
}

// node runs node with its own test runner and returns the names of the tests
// that fail.
func node(t *testing.T, args ...string) (failed []string, said string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, findNode(t), append([]string{"--test-reporter=tap"}, args...)...).CombinedOutput()
	said = string(out)
	for line := range strings.Lines(said) {
		if _, name, is := strings.Cut(strings.TrimSpace(line), "not ok "); is {
			_, name, _ = strings.Cut(name, " - ")
			failed = append(failed, strings.ReplaceAll(name, `\`, ""))
		}
	}
	if (err != nil) != (len(failed) > 0) || !strings.Contains(said, "# pass ") {
		t.Fatalf("running node: %v\n%s", err, said)
	}
	return failed, said
}

// TestModules runs the tests of the board's modules.
func TestModules(t *testing.T) {
	tests, err := filepath.Glob(filepath.Join("board", "test", "*.test.js"))
	if err != nil || len(tests) == 0 {
		t.Fatalf("there are no tests (%v)", err)
	}
	if failed, said := node(t, append([]string{"--test"}, tests...)...); len(failed) > 0 {
		t.Errorf("these fail: %q\n%s", failed, said)
	}
}

// removal is a line of the board and the test that fails without it: one of
// node's in a file, or one of the browser's.
type removal struct{ Says, File, Without, Instead, In, Fails string }

// inBrowser is where a removal names a test of TestBoard.
const inBrowser = "browser"

// removals reads those of node's tests, or those of the browser's.
func removals(t *testing.T, browser bool) []removal {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("board", "test", "removals.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []removal
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(r removal) bool { return (r.In == inBrowser) != browser })
}

// source is the file of the board as it would be without the line.
func (r removal) source(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile(filepath.Join("board", r.File))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(source), r.Without); n != 1 {
		t.Fatalf("%s holds %q %d times", r.File, r.Without, n)
	}
	return strings.Replace(string(source), r.Without, r.Instead, 1)
}

// TestRemovalsAreOfTheBoard holds the list of removals against the board in the
// fast suite, too: a reworded comment is enough to lose a line of it.
func TestRemovalsAreOfTheBoard(t *testing.T) {
	for _, browser := range []bool{false, true} {
		for _, r := range removals(t, browser) {
			r.source(t)
		}
	}
}

// TestEverySentenceHasATest takes the lines away that make the board behave as
// its manual says, one at a time, and wants the test of that sentence to fail.
func TestEverySentenceHasATest(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the tests of the board once for each of its sentences")
	}
	findNode(t)
	for _, r := range removals(t, false) {
		t.Run(r.Says, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS("board")); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, r.File), []byte(r.source(t)), 0o644); err != nil {
				t.Fatal(err)
			}
			if failed, _ := node(t, filepath.Join(dir, "test", r.In+".test.js")); !slices.Contains(failed, r.Fails) {
				t.Errorf("without it %q passes; these fail: %q", r.Fails, failed)
			}
		})
	}
}
