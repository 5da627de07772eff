// Package axetest gives tests the source of axe-core, which finds what people with a
// screen reader, a keyboard or weak eyes cannot use on a page.
package axetest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/need"
)

// Source returns axe-core as the lockfile in a folder pins it. Where it cannot be
// installed the test ends: with a skip, or with a failure where OCCBENCH_REQUIRE names
// npm or axe-core.
func Source(t testing.TB, lockfile string) string {
	t.Helper()
	npm, err := exec.LookPath("npm")
	if err != nil {
		need.Skip(t, "npm", err)
	}
	dir := t.TempDir()
	for _, name := range []string{"package.json", "package-lock.json"} {
		text, err := os.ReadFile(filepath.Join(lockfile, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), text, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	install := exec.CommandContext(ctx, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
	install.Dir = dir
	if said, err := install.CombinedOutput(); err != nil {
		t.Logf("%s", said)
		need.Skip(t, "axe-core", err)
	}
	source, err := os.ReadFile(filepath.Join(dir, "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}
