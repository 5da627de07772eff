package probe_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/probe"
)

// TestPage holds docs/probe.md to the questions; -update writes its table anew.
func TestPage(t *testing.T) {
	const begin, end = "<!-- questions: written by go test ./internal/probe -run TestPage -update -->\n", "<!-- end of questions -->"
	path := filepath.Join("..", "..", "docs", "probe.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(text), begin)
	_, tail, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("%s has no table of questions", path)
	}
	var table strings.Builder
	table.WriteString("| line | expected | what it means for a client |\n|---|---|---|\n")
	for _, q := range probe.Questions() {
		fmt.Fprintf(&table, "| `%s` | %s | %s |\n", q.Name, plainWords.Replace(q.Expects), plainWords.Replace(q.Why))
	}
	want := head + begin + table.String() + end + tail
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// plainWords are what stands in the page for what an API file says.
var plainWords = strings.NewReplacer("{conflict}", "a conflict", "{invalid}", "a refusal as `invalid`", "{unknown}", "a refusal as `unknown`",
	"{illegal}", "a refusal as `illegal`", "{token}", "the token", "{state}", "the state", "{record}", "record", "{method}", "the method of updates",
	"{racers}", "8")
