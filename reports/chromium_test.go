package reports

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	stdhtml "html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/need"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/reports/html"
	"github.com/occbench/occbench/reports/view"
)

// visit is what a browser did with a page.
type visit struct {
	dom     string
	console []string // errors, and what the page's policy refuses
	asked   []string // URLs that the page asked the network for
}

// browse opens a page without a window. No host can be reached, but what is
// asked for is noted.
func browse(t *testing.T, browser, url string, args ...string) visit {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var out, talk bytes.Buffer
	log := ""
	for crashes := 0; ; crashes++ {
		dir := t.TempDir()
		log = filepath.Join(dir, "net.json")
		cmd := exec.CommandContext(ctx, browser, append(append([]string{
			"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
			"--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars", "--user-data-dir=" + dir,
			"--host-resolver-rules=MAP * ~NOTFOUND", "--log-net-log=" + log, "--enable-logging=stderr", "--v=0", "--virtual-time-budget=2000",
		}, args...), url)...)
		out.Reset()
		talk.Reset()
		cmd.Stdout, cmd.Stderr = &out, &talk
		err := cmd.Run()
		if err == nil {
			break
		}
		// A browser that a signal ended says nothing about the page, which is opened anew.
		if signalled := cmd.ProcessState != nil && cmd.ProcessState.ExitCode() == -1; !signalled || ctx.Err() != nil || crashes == 2 {
			t.Fatalf("running %s: %v\n%s", browser, err, talk.String())
		}
	}
	v := visit{dom: out.String()}
	for line := range strings.Lines(talk.String()) {
		if strings.Contains(line, "CONSOLE") {
			v.console = append(v.console, line)
		}
	}
	net, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range request.FindAllSubmatch(net, -1) {
		if string(m[1]) != "not an origin" { // that is the browser itself
			v.asked = append(v.asked, string(m[2]))
		}
	}
	return v
}

// request is an event of the browser's network log: who asked for which URL.
var request = regexp.MustCompile(`"initiator":"([^"]*)"[^\n]*?"url":"([^"]*)"`)

// pageFile writes a report to a file and returns its URL.
func pageFile(t *testing.T, dir, name string, run view.Run) string {
	t.Helper()
	var b bytes.Buffer
	if err := html.Report(&b, run); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, name+".html")
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return "file://" + path
}

// A page that loads something or fails is noticed; else the next test is blind.
func TestTheBrowserTells(t *testing.T) {
	browser := need.Chromium(t)
	path := filepath.Join(t.TempDir(), "bad.html")
	text := `<!doctype html><title>bad</title><img src="http://evil.example/x"><script>throw new Error("thrown")</script>`
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	v := browse(t, browser, "file://"+path, "--dump-dom")
	if !strings.Contains(strings.Join(v.console, ""), "thrown") || !slices.Contains(v.asked, "http://evil.example/x") {
		t.Errorf("console %q, asked for %q", v.console, v.asked)
	}
}

// The page runs its script, nothing on it is refused or fails, and nothing is
// loaded. $OCCBENCH_SHOTS names a folder that then gets pictures to look at.
func TestPageInABrowser(t *testing.T) {
	browser := need.Chromium(t)
	shots := os.Getenv("OCCBENCH_SHOTS")
	all := listAllRuns(t)
	for _, name := range []string{"fail", "hostile", "watched", "zero"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if shots != "" {
				dir = shots
			}
			url := pageFile(t, dir, name, all[name])
			v := browse(t, browser, url, "--dump-dom")
			if len(v.console) > 0 || len(v.asked) > 0 {
				t.Errorf("console %q, asked for %q", v.console, v.asked)
			}
			if !strings.Contains(v.dom, view.Decide(all[name]).Word) {
				t.Error("the decision is not on the page")
			}
			if shots != "" {
				takeScreenshot(t, browser, shots, name, url)
			}
		})
	}
}

// The pages about several runs run nothing, ask for nothing, and show what they
// are about.
func TestPagesOfSeveralRunsInABrowser(t *testing.T) {
	browser := need.Chromium(t)
	dir := os.Getenv("OCCBENCH_SHOTS")
	shots := dir != ""
	if !shots {
		dir = t.TempDir()
	}
	for _, d := range listDrawings(t) {
		name := strings.ReplaceAll(strings.TrimSuffix(d.file, ".html"), "/", "-")
		if filepath.Ext(d.file) != ".html" || !slices.Contains([]string{"compare-worse", "compare-hostile", "trend-changed", "trend-hostile"}, name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			file, err := os.Create(filepath.Join(dir, name+".html"))
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(d.write(file), file.Close()); err != nil {
				t.Fatal(err)
			}
			url := "file://" + file.Name()
			v := browse(t, browser, url, "--dump-dom")
			if len(v.console) > 0 || len(v.asked) > 0 {
				t.Errorf("console %q, asked for %q", v.console, v.asked)
			}
			if !strings.Contains(v.dom, "</main>") || strings.Contains(v.dom, "<script") || strings.Contains(v.dom, "<img") {
				t.Error("the page is not what was written")
			}
			if shots {
				takeScreenshot(t, browser, dir, name, url)
			}
		})
	}
}

// On a phone nothing is wider than the screen but what scrolls by itself, and the
// first sheet of paper holds the whole decision. All pages are measured in frames
// of one page, without their policies: a frame may not run the measuring script.
func TestPageFitsPhoneAndPaper(t *testing.T) {
	browser := need.Chromium(t)
	names := []string{"pass", "fail", "watched", "inconclusive", "partial", "open", "crowded"}
	all := listAllRuns(t)
	all["crowded"] = newCrowdedRun(t)
	var b strings.Builder
	b.WriteString("<!doctype html><title>…</title>")
	for _, name := range names {
		page := strings.Replace(writeRun(t, Format{Write: html.Report}, all[name]), `http-equiv="Content-Security-Policy"`, `name="was-policy"`, 1)
		fmt.Fprintf(&b, `<iframe width="%d" height="900" srcdoc="%s"></iframe>`, phone, stdhtml.EscapeString(page))
		fmt.Fprintf(&b, `<iframe width="%d" height="%d" srcdoc="%s"></iframe>`, sheetWidth, sheetHeight, stdhtml.EscapeString(strings.Replace(page, "@media print", "@media screen", 1)))
	}
	b.WriteString(`<script>onload = () => document.title = [...document.querySelectorAll("iframe")].map((f) =>
f.contentDocument.documentElement.scrollWidth + " " + Math.round(f.contentDocument.querySelector(".first").getBoundingClientRect().height)).join(" ")</script>`)
	path := filepath.Join(t.TempDir(), "frames.html")
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	measured := strings.Fields(findTitle(browse(t, browser, "file://"+path, "--dump-dom").dom))
	if len(measured) != 4*len(names) {
		t.Fatalf("measured %q", measured)
	}
	for i, name := range names {
		var wide, high int
		if _, err := fmt.Sscan(measured[4*i]+" "+measured[4*i+3], &wide, &high); err != nil {
			t.Fatal(err)
		}
		if wide > phone {
			t.Errorf("%s is %d wide on a phone of %d", name, wide, phone)
		}
		if high > sheetHeight {
			t.Errorf("the first page of %s is %d high on a sheet of %d", name, high, sheetHeight)
		}
		t.Logf("%s: %d wide on a phone, the first page %d high", name, wide, high)
	}
}

// newCrowdedRun returns a run with as much on its first page as a real one:
// every gate is asked, several fail, the load is doubtful, and much has
// changed.
func newCrowdedRun(t *testing.T) view.Run {
	run := newRuns(t)["fail"]
	run.Verdict.Gates = append(slices.Clone(run.Verdict.Gates),
		gate.Gate{Name: gate.Telemetry, Verdict: gate.Inconclusive, N: 1162, Reason: reason.FromText("CloudWatch counts 1,102 attempts with 47 conflicts, the clients made 1,162 with 53; metrics that do not agree show nothing about the server")},
		gate.Gate{Name: gate.Alarms, Verdict: gate.Fail, N: 3, Reason: reason.FromText("MoveAPI-HighConflictRate fired 18 s after the start and MoveAPI-HighLatency 20 s after it; 1 of 3 alarms did not fire")},
		gate.Gate{Name: gate.UX, Verdict: gate.Fail, N: 12, Reason: reason.FromText("1 record lost, 2 conflicts not recovered from on the screen; the first: record 17, moved to ready by browser 1, is on no column of its board 4.2 s later")})
	run.Notes = []string{
		"contention: too few conflicts, 0.0 % where a correct server shows 5.4 %; likely the server lets stale moves through (lost updates), or stale moves are refused with another answer than a conflict, or moves answered with success are not applied (phantom success)",
		"generator: k6 used 93 % of the machine's 2 processors, so latencies may be the load's own",
		"timers: moves followed their think time 51 ms late in the median, 180 ms in the p95", "a note more", "and one more",
	}
	since := *run.Since.Comparison
	since.Notes = []string{"the length of the run is not the same: 30s, then 10s", "what the probe found of the API is not the same: speaks, then differs",
		"the fault on purpose is not the same: none, then lost-update", "occbench is not the same: 0.1.0, then 0.2.0"}
	run.Since = &view.Since{Base: run.Since.Base, Comparison: &since}
	return run
}

// A phone, and A4 within margins of 14 mm, in CSS pixels.
const phone, sheetWidth, sheetHeight = 360, 688, 1017

func findTitle(dom string) string {
	_, rest, _ := strings.Cut(dom, "<title>")
	text, _, _ := strings.Cut(rest, "</title>")
	return text
}

func takeScreenshot(t *testing.T, browser, dir, name, url string) {
	for shape, size := range map[string]string{"desktop": "1200,3200", "phone": "360,5200", "screen": "1200,900"} {
		browse(t, browser, url, "--window-size="+size, fmt.Sprintf("--screenshot=%s/%s-%s.png", dir, name, shape))
	}
	browse(t, browser, url, "--window-size=1200,3200", "--force-dark-mode", fmt.Sprintf("--screenshot=%s/%s-dark.png", dir, name))
	browse(t, browser, url, "--no-pdf-header-footer", fmt.Sprintf("--print-to-pdf=%s/%s.pdf", dir, name))
}
