package reports

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	stdhtml "html"

	"github.com/occbench/occbench/internal/need"
	"github.com/occbench/occbench/reports/html"
)

// On a desk's screen of 1440 × 900 the proof of a FAIL is seen without scrolling.
func TestProofIsOnTheFirstScreen(t *testing.T) {
	browser := need.Chromium(t)
	page := strings.Replace(writeRun(t, Format{Write: html.Report}, newRuns(t)["fail"]), `http-equiv="Content-Security-Policy"`, `name="was-policy"`, 1)
	frame := fmt.Sprintf(`<!doctype html><title>…</title><iframe width="1440" height="900" srcdoc="%s"></iframe>
<script>onload = () => document.title = Math.round(document.querySelector("iframe").contentDocument.querySelector(".first .proof").getBoundingClientRect().bottom)</script>`,
		stdhtml.EscapeString(page))
	path := filepath.Join(t.TempDir(), "frame.html")
	if err := os.WriteFile(path, []byte(frame), 0o644); err != nil {
		t.Fatal(err)
	}
	var bottom int
	if _, err := fmt.Sscan(findTitle(browse(t, browser, "file://"+path, "--dump-dom").dom), &bottom); err != nil {
		t.Fatal(err)
	}
	if bottom <= 0 || bottom > 900 {
		t.Errorf("the proof ends at %d of 900 pixels", bottom)
	}
}
