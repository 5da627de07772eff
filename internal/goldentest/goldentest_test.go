package goldentest

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// failing is a test that tells what it was told.
type failing struct {
	testing.TB
	said string
}

func (f *failing) Helper()                        {}
func (f *failing) Errorf(format string, a ...any) { f.said += fmt.Sprintf(format, a...) }

func TestPart(t *testing.T) {
	page := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(page, []byte("head\n<!-- a -->\nold\n<!-- b -->\ntail\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := &failing{TB: t}
	if ComparePart(f, page, "<!-- a -->\n", "<!-- b -->", "old\n"); f.said != "" {
		t.Errorf("what stands there is refused: %s", f.said)
	}
	if ComparePart(f, page, "<!-- a -->\n", "<!-- b -->", "new\n"); f.said == "" {
		t.Error("another text is taken for what stands there")
	}
	*update = true
	t.Cleanup(func() { *update = false })
	before, after := ComparePart(t, page, "<!-- a -->\n", "<!-- b -->", "new\n")
	if text, err := os.ReadFile(page); err != nil || string(text) != "head\n<!-- a -->\nnew\n<!-- b -->\ntail\n" || before != "head\n" || after != "\ntail\n" {
		t.Errorf("%q, between %q and %q: %v", text, before, after, err)
	}
}
