// Package docs holds the pages of the project; its tests hold the pages to what
// they speak of.
package docs

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// page is one Markdown file, parsed.
type page struct {
	path   string // from the repository's root
	source []byte
	tree   ast.Node
}

// pages returns every Markdown file that readers open; what tests compare with
// is not among them.
func pages(t *testing.T) []page {
	t.Helper()
	var all []page
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (skipped[d.Name()] || filepath.Base(filepath.Dir(path)) == "load_test_results") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".md" {
			return nil
		}
		source, err := os.ReadFile(path)
		all = append(all, page{path: path, source: source, tree: markdown.Parser().Parse(text.NewReader(source))})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 10 {
		t.Fatalf("only %d pages found", len(all))
	}
	return all
}

var skipped = map[string]bool{".git": true, "testdata": true, "node_modules": true, "build": true, "bin": true, "help": true}

var markdown = goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithParserOptions(parser.WithAutoHeadingID()))

// walk calls use for each node of a kind.
func walk[N ast.Node](t *testing.T, p page, use func(N)) {
	t.Helper()
	err := ast.Walk(p.tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if node, ok := n.(N); ok && entering {
			use(node)
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestLinks wants every link that stays in the repository to lead somewhere, to
// the heading it names included.
func TestLinks(t *testing.T) {
	all := pages(t)
	headings := map[string]map[string]bool{}
	for _, p := range all {
		headings[p.path] = ids(t, p)
	}
	for _, p := range all {
		walk(t, p, func(l *ast.Link) { checkLink(t, p, string(l.Destination), headings) })
		walk(t, p, func(i *ast.Image) { checkLink(t, p, string(i.Destination), headings) })
	}
}

func checkLink(t *testing.T, p page, link string, headings map[string]map[string]bool) {
	t.Helper()
	if strings.Contains(link, "://") || strings.HasPrefix(link, "mailto:") {
		return
	}
	file, heading, named := strings.Cut(link, "#")
	path := p.path
	if file != "" {
		path = filepath.Join(filepath.Dir(p.path), file)
	}
	if _, err := os.Stat(path); err != nil {
		t.Errorf("%s links to %s: %v", p.path, link, err)
		return
	}
	if known, ok := headings[path]; named && ok && !known[heading] {
		t.Errorf("%s links to %s, but there is no such heading", p.path, link)
	}
}

// TestShellCommandsAreRun wants a script for every page with a block of sh: it is
// there for readers to copy. Reports, which quote the calls of a finding, are not
// pages of ours.
func TestShellCommandsAreRun(t *testing.T) {
	scripts, err := filepath.Glob("../cmd/occbench/testdata/script/doc_*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	run := map[string]bool{} // by path, and by path and what stands behind it
	for _, path := range scripts {
		script, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range documents.FindAllSubmatch(script, -1) {
			path := filepath.Join("..", string(m[1]))
			run[path], run[path+string(m[2])] = true, true
		}
	}
	found := 0
	for _, p := range pages(t) {
		walk(t, p, func(b *ast.FencedCodeBlock) {
			if string(b.Language(p.source)) != "sh" {
				return
			}
			found++
			with := strings.TrimPrefix(string(b.Info.Segment.Value(p.source)), "sh")
			if !run[p.path+with] {
				t.Errorf("%s has commands that no script runs: add `document %s%s` to one", p.path, strings.TrimPrefix(p.path, "../"), with)
			}
		})
	}
	if found < 20 {
		t.Errorf("only %d blocks of sh were found", found)
	}
}

var documents = regexp.MustCompile(`(?m)^(?:\[\S+\] )*document (\S+)( browser)?$`)

func ids(t *testing.T, p page) map[string]bool {
	known := map[string]bool{}
	walk(t, p, func(h *ast.Heading) {
		if id, ok := h.AttributeString("id"); ok {
			known[string(id.([]byte))] = true
		}
	})
	return known
}

var quotedFile = regexp.MustCompile(`\bfile=(\S+)`)

// TestQuotedCode wants code that a page quotes from a file, as its info string
// says, to stand in that file word for word.
func TestQuotedCode(t *testing.T) {
	quotes := 0
	for _, p := range pages(t) {
		walk(t, p, func(b *ast.FencedCodeBlock) {
			if b.Info == nil {
				return
			}
			m := quotedFile.FindSubmatch(b.Info.Segment.Value(p.source))
			if m == nil {
				return
			}
			quotes++
			code, err := os.ReadFile(filepath.Join("..", string(m[1])))
			if err != nil {
				t.Errorf("%s quotes %s: %v", p.path, m[1], err)
				return
			}
			if quote := string(b.Lines().Value(p.source)); !strings.Contains(string(code), quote) {
				t.Errorf("%s quotes what is not in %s:\n%s", p.path, m[1], quote)
			}
		})
	}
	if quotes == 0 {
		t.Error("no page quotes code")
	}
}
