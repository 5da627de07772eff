package proof

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/goldentest"
)

// page is the page of the invariants. What stands between its marks is written
// by this test from the checker's own words and from its bad histories.
var page = filepath.Join("..", "..", "docs", "invariants.md")

const begin, end = "<!-- begin: written by go test ./reports/proof -update -->\n", "<!-- end -->\n"

func TestInvariantsPage(t *testing.T) {
	var b strings.Builder
	for _, v := range check.Invariants() {
		writeSection(t, &b, &v)
	}
	goldentest.ComparePart(t, page, begin, end, b.String())
}

// writeSection writes what the page says about one invariant.
func writeSection(t *testing.T, b *strings.Builder, v *check.Invariant) {
	file := strings.ToLower(strings.ReplaceAll(v.ID.String(), "-", ""))
	f := readAnomaly(t, file)
	if f.ID != v.ID {
		t.Fatalf("%s breaks %s first", file, f.ID)
	}
	fmt.Fprintf(b, "\n### %s %s\n\n", v.ID, v.Title)
	fmt.Fprintf(b, "**Promise.** %s\n\n**Why it matters.** %s\n\n", v.Statement, v.Why)
	fmt.Fprintf(b, "**An anomaly** ([history](../internal/check/testdata/histories/%s_bad.csv), [the like without it](../internal/check/testdata/histories/%s_good.csv)): %s\n\n", file, file, f.Sentence)
	fmt.Fprintf(b, "```text\n%s```\n\n**On the server.** %s\n", DrawLanes(f, 200), v.Fix)
}
