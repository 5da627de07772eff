package history

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const page = "../../docs/history-format.md"

// blocks returns the fenced blocks of the format's page in one language,
// without the indentation of a list item.
func blocks(t *testing.T, language string) []string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	fence := regexp.MustCompile("(?ms)^ *```" + language + "\n(.*?)^ *```$")
	var found []string
	for _, match := range fence.FindAllStringSubmatch(string(text), -1) {
		found = append(found, regexp.MustCompile(`(?m)^  `).ReplaceAllString(match[1], ""))
	}
	if len(found) == 0 {
		t.Fatalf("%s has no block of %s", page, language)
	}
	return found
}

func TestDocumentedHeader(t *testing.T) {
	if diff := cmp.Diff(Header+"\n", blocks(t, "header")[0]); diff != "" {
		t.Errorf("header in %s (-want +got):\n%s", page, diff)
	}
}

func TestDocumentedColumns(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var columns []string
	for _, row := range regexp.MustCompile("(?m)^\\| \\d+ \\| `(\\w+)` ").FindAllStringSubmatch(string(text), -1) {
		columns = append(columns, row[1])
	}
	if diff := cmp.Diff(strings.Split(Header, ","), columns); diff != "" {
		t.Errorf("columns in %s (-want +got):\n%s", page, diff)
	}
}

func TestDocumentedOutcomes(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, o := range Outcomes() {
		want = append(want, o.String())
	}
	_, section, _ := strings.Cut(string(text), "## Outcomes")
	for _, row := range regexp.MustCompile("(?m)^\\| `(\\w+)` ").FindAllStringSubmatch(section, len(want)) {
		got = append(got, row[1])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("outcomes in %s (-want +got):\n%s", page, diff)
	}
}

func TestDocumentedHistoryIsOne(t *testing.T) {
	r := NewReader(strings.NewReader(blocks(t, "csv")[0]), "example")
	var o Op
	for range 12 {
		if err := r.Read(&o); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Read(&o); err != io.EOF || r.Truncated() {
		t.Errorf("after 12 operations: %v, truncated %t; want EOF of a whole file", err, r.Truncated())
	}
}

// TestDocumentedCommands runs each "$ command" of the page on the page's own
// history and compares what it prints.
func TestDocumentedCommands(t *testing.T) {
	if _, err := exec.LookPath("awk"); err != nil {
		t.Skip("awk is not installed")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "history.csv"), []byte(blocks(t, "csv")[0]), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, block := range blocks(t, "console") {
		line, want, _ := strings.Cut(block, "\n")
		command := exec.Command("sh", "-c", strings.TrimPrefix(line, "$ "))
		command.Dir = dir
		got, err := command.CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v", line, err)
		}
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", line, diff)
		}
	}
}
