package reports

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	nethtml "golang.org/x/net/html"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/reports/html"
)

// void elements have no end tag; in SVG an element may end itself.
var void = []string{"meta", "link", "br", "img", "hr"}

// The page is strict HTML: every element is closed in order, no id is given
// twice, nothing is loaded, nothing runs but its own script.
func TestPageIsStrict(t *testing.T) {
	for name, run := range listAllRuns(t) {
		t.Run(name, func(t *testing.T) {
			text := writeRun(t, Format{Write: html.Report}, run)
			if _, err := nethtml.Parse(strings.NewReader(text)); err != nil {
				t.Fatal(err)
			}
			p := &strict{t: t, ids: map[string]bool{}}
			for z := nethtml.NewTokenizer(strings.NewReader(text)); z.Next() != nethtml.ErrorToken; {
				p.token(z.Token())
			}
			if len(p.open) > 0 {
				t.Errorf("not closed: %v", p.open)
			}
			if p.scripts > 2 || p.styles != 1 || p.headings != 1 {
				t.Errorf("%d scripts, %d styles, %d headings of the first rank", p.scripts, p.styles, p.headings)
			}
			for _, link := range p.links {
				if !p.ids[strings.TrimPrefix(link, "#")] {
					t.Errorf("%s leads nowhere", link)
				}
			}
		})
	}
}

type strict struct {
	t                         *testing.T
	open                      []string
	ids                       map[string]bool
	links                     []string
	scripts, styles, headings int
}

func (p *strict) token(token nethtml.Token) {
	switch token.Type {
	case nethtml.StartTagToken, nethtml.SelfClosingTagToken:
		p.start(token)
		if token.Type == nethtml.StartTagToken && !slices.Contains(void, token.Data) {
			p.open = append(p.open, token.Data)
		}
	case nethtml.EndTagToken:
		if len(p.open) == 0 || p.open[len(p.open)-1] != token.Data {
			p.t.Fatalf("</%s> within %v", token.Data, p.open)
		}
		p.open = p.open[:len(p.open)-1]
	}
}

func (p *strict) start(token nethtml.Token) {
	attributes := map[string]string{}
	for _, a := range token.Attr {
		if _, twice := attributes[a.Key]; twice || strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "src" || a.Key == "srcset" {
			p.t.Errorf("<%s %s=%q>", token.Data, a.Key, a.Val)
		}
		attributes[a.Key] = a.Val
	}
	if id, ok := attributes["id"]; ok {
		if p.ids[id] {
			p.t.Errorf("the id %q is given twice", id)
		}
		p.ids[id] = true
	}
	switch token.Data {
	case "script":
		p.scripts++
	case "style":
		p.styles++
	case "h1":
		p.headings++
	case "a":
		p.links = append(p.links, attributes["href"])
	case "link":
		if attributes["href"] != "data:," {
			p.t.Errorf("%v is linked", attributes)
		}
	case "svg":
		if attributes["aria-hidden"] != "true" && (attributes["role"] != "img" || attributes["aria-label"] == "") {
			p.t.Errorf("a drawing without words: %v", attributes)
		}
	case "iframe", "object", "embed", "form", "img", "base":
		p.t.Errorf("<%s>", token.Data)
	}
}

// A section is there when its data is, and only then.
func TestSectionsFollowTheData(t *testing.T) {
	all := listAllRuns(t)
	for _, tt := range []struct {
		section string
		with    []string
		without []string
	}{
		{`id="proofs"`, []string{"fail"}, []string{"pass", "no-files", "zero"}},
		{`id="time"`, []string{"fail", "pass", "inconclusive"}, []string{"no-files", "zero"}},
		{`id="latency"`, []string{"pass"}, []string{"no-files", "zero"}},
		{`id="records"`, []string{"pass"}, []string{"no-data", "zero"}},
		{`id="recovery"`, []string{"pass"}, []string{"inconclusive", "zero"}},
		{"Contention and configuration", []string{"pass"}, []string{"no-files", "zero"}},
		{"class=\"overall\"", []string{"pass"}, []string{"zero"}},
		{"What changed: no detectable change", []string{"pass"}, []string{"fail", "zero"}},
		{"All of it: <code>occbench compare load_test_results/k6_move_20300114_081500 ", []string{"pass", "fail"}, []string{"open", "partial"}},
		{"What changed: worse", []string{"fail"}, []string{"pass"}},
		{"What changed: no comparable run", []string{"open"}, []string{"pass"}},
		{"What changed: not compared", []string{"partial"}, []string{"pass"}},
		{"occbench rollback releases/20300115_080000-1.5.0.json", []string{"pass", "fail"}, []string{"open", "partial"}},
		{"No release file is known", []string{"open"}, []string{"pass", "partial"}},
		{"this was occbench&#39;s own server", []string{"partial"}, []string{"open"}},
		{"class=\"expected\"", []string{"pass"}, []string{"fail"}},
		{"No move failed.", []string{"pass"}, []string{"fail"}},
		{"broken on purpose", []string{"fail"}, []string{"pass"}},
		{"ended before its time", []string{"partial"}, []string{"pass"}},
		{"Switched off by the policy", []string{"open"}, []string{"pass"}},
		{"Tolerated by the policy", []string{"open"}, []string{"pass"}},
	} {
		for _, name := range tt.with {
			if !strings.Contains(writeRun(t, Format{Write: html.Report}, all[name]), tt.section) {
				t.Errorf("%s has no %s", name, tt.section)
			}
		}
		for _, name := range tt.without {
			if strings.Contains(writeRun(t, Format{Write: html.Report}, all[name]), tt.section) {
				t.Errorf("%s has %s", name, tt.section)
			}
		}
	}
}

// However long the run, the page stays below 1.5 MB: here every cell of the heat
// map is filled and every record is hot.
func TestPageStaysSmall(t *testing.T) {
	run := newRuns(t)["fail"]
	r, series, op := rand.New(rand.NewPCG(1, 1)), measure.NewSeries(0), history.New()
	op.Kind = history.Update
	for i := range 600_000 {
		op.Start = int64(i) * 5e6
		op.End = op.Start + int64(1)<<(15+r.IntN(22)) + r.Int64N(1<<15)
		op.Outcome = []history.Outcome{history.Applied, history.Conflict, history.Rejected, history.NoAnswer}[r.IntN(4)]
		if op.Outcome == history.NoAnswer {
			op.End = history.None
		}
		op.Record, op.Operator, op.Attempt = fmt.Sprint("record-", i%70_000), int32(i%50), 1
		series.Add(&op)
	}
	line := series.Timeline()
	run.Timeline = &line
	if n := len(writeRun(t, Format{Write: html.Report}, run)); n > 1_500_000 {
		t.Errorf("%d bytes", n)
	}
}
