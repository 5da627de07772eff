package probe_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/goldentest"
	"github.com/occbench/occbench/internal/probe"
)

// TestPage holds docs/probe.md to the questions; -update writes its table anew.
func TestPage(t *testing.T) {
	const begin, end = "<!-- questions: written by go test ./internal/probe -run TestPage -update -->\n", "<!-- end of questions -->"
	path := filepath.Join("..", "..", "docs", "probe.md")
	var table strings.Builder
	table.WriteString("| line | expected | what it means for a client |\n|---|---|---|\n")
	for _, q := range probe.Questions() {
		fmt.Fprintf(&table, "| `%s` | %s | %s |\n", q.Name, plainWords.Replace(q.Expects), plainWords.Replace(q.Why))
	}
	goldentest.ComparePart(t, path, begin, end, table.String())
}

// plainWords are what stands in the page for what an API file says.
var plainWords = strings.NewReplacer("{conflict}", "a conflict", "{invalid}", "a refusal as `invalid`", "{unknown}", "a refusal as `unknown`",
	"{illegal}", "a refusal as `illegal`", "{token}", "the token", "{state}", "the state", "{record}", "record", "{method}", "the method of updates",
	"{racers}", "8")
