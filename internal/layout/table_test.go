package layout

import (
	"cmp"
	"fmt"
	"go/doc"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/occbench/occbench/internal/goldentest"
)

const (
	architecture = "../../docs/architecture.md"
	tableBegin   = "<!-- floors: written by go test ./internal/layout -update -->\n"
	tableEnd     = "<!-- end of floors -->\n"
)

// TestTable holds the table of floors in docs/architecture.md to the floors of this test and to the package comments.
func TestTable(t *testing.T) {
	goldentest.ComparePart(t, architecture, tableBegin, tableEnd, table(t, load(t)))
}

// table returns one row a package, from the ground up.
func table(t *testing.T, pkgs map[string]*packages.Package) string {
	floorOf := func(name string) int { floor, _ := floorOf(name); return floor }
	names := slices.SortedFunc(maps.Keys(pkgs), func(a, b string) int {
		return cmp.Or(cmp.Compare(floorOf(a), floorOf(b)), cmp.Compare(a, b))
	})
	var b strings.Builder
	b.WriteString("| floor | package | what it is |\n|---|---|---|\n")
	for _, name := range names {
		short := cmp.Or(strings.TrimPrefix(strings.TrimPrefix(name, module), "/"), "(the module's root)")
		fmt.Fprintf(&b, "| %d | `%s` | %s |\n", floorOf(name), short, sentence(t, pkgs[name]))
	}
	return b.String()
}

// sentence returns the first sentence of the comment of p without its subject, "Package p".
func sentence(t *testing.T, p *packages.Package) string {
	for _, file := range p.GoFiles {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if f.Doc != nil {
			words := strings.SplitN(new(doc.Package).Synopsis(f.Doc.Text()), " ", 3)
			return strings.ReplaceAll(words[len(words)-1], "|", `\|`)
		}
	}
	t.Errorf("%s has no package comment", p.PkgPath)
	return ""
}
