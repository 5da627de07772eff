package reports

import (
	"bytes"
	"encoding/json"
	stdhtml "html"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/axetest"
	"github.com/occbench/occbench/internal/need"
	"github.com/occbench/occbench/internal/ux"
	"github.com/occbench/occbench/reports/html"
	"github.com/occbench/occbench/reports/view"
)

// askAxe turns a page into one that asks axe-core about itself, in light and in dark, and
// says in its title what was found. The policy of the page forbids that, so it is taken out.
func askAxe(t *testing.T, page, axe string) string {
	t.Helper()
	const dark = "@media (prefers-color-scheme: dark)"
	if n := strings.Count(page, dark); n != 1 {
		t.Fatalf("the page has %d rules for dark", n)
	}
	page = strings.Replace(page, `http-equiv="Content-Security-Policy"`, `name="was-policy"`, 1)
	page = strings.Replace(page, dark, "@media not all", 1)
	const ask = `<script>onload = async () => {
	const found = [];
	for (const scheme of ["not all", "all"]) {
		const rules = [...document.styleSheets[0].cssRules].filter((r) => r instanceof CSSMediaRule);
		for (const rule of rules.filter((r) => ["not all", "all"].includes(r.media.mediaText))) rule.media.mediaText = scheme;
		for (const folded of document.querySelectorAll("details")) folded.open = true;
		const said = await axe.run(document, { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } });
		found.push({ paper: getComputedStyle(document.documentElement).backgroundColor, passes: said.passes.length,
			violations: said.violations.map((v) => v.impact + " " + v.id + ": " + v.nodes.map((n) => n.html.slice(0, 160)).join(" ; ")) });
	}
	document.title = JSON.stringify(found);
}</script></body>`
	return strings.Replace(page, "</body>", "<script>"+axe+"</script>"+ask, 1)
}

// axeFound is what axe-core says of a page in one colour scheme.
type axeFound struct {
	Paper      string
	Passes     int
	Violations []string
}

func axeOf(t *testing.T, browser, axe, page string, args ...string) []axeFound {
	t.Helper()
	path := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(path, []byte(askAxe(t, page, axe)), 0o644); err != nil {
		t.Fatal(err)
	}
	v := browse(t, browser, "file://"+path, append(args, "--dump-dom", "--virtual-time-budget=60000")...)
	var found []axeFound
	if err := json.Unmarshal([]byte(stdhtml.UnescapeString(findTitle(v.dom))), &found); err != nil || len(found) != 2 {
		t.Fatalf("the page says %q: %v, console %q", findTitle(v.dom), err, v.console)
	}
	return found
}

// axe-core finds nothing on any page, serious or not, in light and in dark.
func TestPagesAreAccessible(t *testing.T) {
	browser := need.Chromium(t)
	axe := axetest.Source(t, filepath.Join("..", "reference-server", "board", "test"))
	pages := map[string]string{}
	all := newRuns(t)
	for _, name := range []string{"pass", "fail", "inconclusive"} {
		pages[name] = writeRun(t, Format{Write: html.Report}, all[name])
	}
	people := all["watched"]
	people.UX = &ux.Numbers{People: 2, Gestures: 9, Outcomes: map[string]int{"applied": 8}, Toasts: map[string]int{"conflict": 1}}
	for _, path := range []string{"screens/before.png", "screens/toast.png", "screens/after.png"} {
		people.Screens = append(people.Screens, view.Screen{Path: path, PNG: drawPicture(t, 64, false)})
	}
	pages["watched, with browsers"] = writeRun(t, Format{Write: html.Report}, people)
	for _, d := range listDrawings(t) {
		if d.file == "compare/worse.html" || d.file == "trend/changed.html" {
			var b bytes.Buffer
			if err := d.write(&b); err != nil {
				t.Fatal(err)
			}
			pages[d.file] = b.String()
		}
	}
	for name, page := range pages {
		t.Run(name, func(t *testing.T) {
			found := axeOf(t, browser, axe, page, "--window-size=1440,900")
			for i, scheme := range []string{"light", "dark"} {
				if f := found[i]; len(f.Violations) > 0 || f.Passes < 15 {
					t.Errorf("%s: %d rules pass; violations:\n%s", scheme, f.Passes, strings.Join(f.Violations, "\n"))
				}
			}
			if found[0].Paper == found[1].Paper {
				t.Errorf("dark is as light: %s", found[0].Paper)
			}
		})
	}
}

// What axe-core must find, it finds; else the test above is blind.
func TestAxeFindsWhatIsWrongWithAPage(t *testing.T) {
	browser := need.Chromium(t)
	axe := axetest.Source(t, filepath.Join("..", "reference-server", "board", "test"))
	page := `<!doctype html><title>bad</title>
<style>html { background: #fff } @media (prefers-color-scheme: dark) { html { background: #000 } p { color: #222 } }</style>
<body><img src="data:,"><button></button><p>dark on dark</p></body>`
	found := axeOf(t, browser, axe, page)
	for scheme, want := range map[int][]string{0: {"image-alt", "button-name"}, 1: {"image-alt", "color-contrast"}} {
		for _, id := range want {
			if !strings.Contains(strings.Join(found[scheme].Violations, "\n"), id) {
				t.Errorf("%s is not found: %+v", id, found[scheme])
			}
		}
	}
}
