// Package html writes reports as pages that stand alone: one file, nothing loaded
// from anywhere, the first screen readable without JavaScript.
package html

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/noun"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/reports/chart"
	"github.com/occbench/occbench/reports/text"
	"github.com/occbench/occbench/reports/view"
)

//go:embed templates
var templates embed.FS

// functions are those that the templates call.
var functions = template.FuncMap{
	"capital": reason.Capitalize, "px": chart.FormatTenths, "nb": bindUnits,
	"sub": func(a, b float64) float64 { return a - b }, "add": func(a, b float64) float64 { return a + b },
}

// pageTemplate is parsed when the first page is written, as the other templates are: most
// commands write none.
var pageTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("report.html").Funcs(functions).ParseFS(templates, "templates/*.html"))
})

var (
	style  = readAsset("report.css")
	script = readAsset("report.js")
)

func readAsset(name string) string {
	data, err := templates.ReadFile("templates/" + name)
	if err != nil {
		panic(err) // it is embedded
	}
	return string(data)
}

// page is the data of the template. A section whose data is nil or empty is not
// there.
type page struct {
	Title     string
	Words     noun.Words
	Policy    string // what the browser may load and run
	Style     template.CSS
	Script    template.JS
	Directory string
	Verdict   gate.Result
	Decision  view.Decision
	Deciding  string // the command that would decide it; empty where it is decided
	Narrowed  string // how many gates the decision rests on; empty: all
	Tested    string // what the decision is about; empty: it is not known
	Power     []string
	Caveats   []string
	Gates     []gateRow // those that are not kept, or all where every one is
	Kept      []gateRow // the others, folded
	KeptNames string
	First     *chart.LaneChart // the proof of the gravest anomaly
	Sure      string           // how sure the bars are; empty: there are none
	Untested  []string
	Since     sinceView
	Back      backView

	Reasons     []string
	Proofs      []proofView
	Checked     string
	Time        *chart.TimeChart
	Latency     *chart.LatencyTable
	Percentiles *chart.Plot
	Course      *chart.Plot
	Funnel      *chart.Plot
	Contend     *chart.ContentionHeat
	Flow        *chart.Flow
	Load        *chart.TimeChart
	Beside      []string
	Records     *chart.RecordTable
	Recovery    []view.Fact
	Browsers    []view.Fact
	Screens     []screenView
	Generators  *generatorTable
	Validity    []view.Validity
	Holding     int // of these, how many hold
	Contents    []section
	CloudWatch  []view.Fact
	Server      *chart.ServerChart
	Contention  []view.Fact
	Provenance  []view.Fact
	Repeat      string
	Notes       []string // those of the first screen
	AllNotes    []string // where those are not all of them, or not in full
}

// The first screen has room for so many notes of so many characters.
const firstNotes, firstLength = 3, 160

// setNotes puts as many notes on the first screen as fit there. When some do
// not fit, all of them follow below it.
func (p *page) setNotes(all []string) {
	for _, note := range all[:min(len(all), firstNotes)] {
		p.Notes = append(p.Notes, view.ShortenText(note, firstLength))
	}
	if !slices.Equal(p.Notes, all) {
		p.AllNotes = all
	}
}

// sinceView holds the changes, and the command that shows all of them.
type sinceView struct {
	Word, Sentence, Command string
	Lines                   []string
}

// backView is the way back.
type backView struct{ Command, Sentence string }

// proofView is an anomaly as the page shows it.
type proofView struct {
	ID, Title, Sentence, Fix string
	Tolerated                bool
	Lanes                    *chart.LaneChart
	Replay                   string
}

// Report writes a page that stands alone: one file, nothing loaded from anywhere,
// the first screen readable without JavaScript.
func Report(w io.Writer, run view.Run) error {
	var b bytes.Buffer
	if err := pageTemplate().Execute(&b, newPage(run)); err != nil {
		return fmt.Errorf("writing the report as HTML: %w", err)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("writing the report as HTML: %w", err)
	}
	return nil
}

func newPage(run view.Run) page {
	p := page{Words: run.Words,
		Style: template.CSS(style), Script: template.JS(script), Policy: buildPolicy(),
		Directory: run.Directory, Verdict: run.Verdict.Verdict, Decision: view.Decide(run),
		Deciding: view.BuildDecidingCommand(run),
		Tested:   view.DescribeTested(run), Power: view.PowerLines(run), Caveats: view.Caveats(run),
		Untested: view.ListUntested(run),
		Reasons:  view.ShortenAll(view.LimitLines(reason.Lines(run.Verdict.Reasons))), Proofs: buildProofs(run),
		Time: chart.DrawTime(run), Latency: chart.DrawLatency(run), Records: chart.DrawRecords(run),
		Recovery: view.ListRecovery(run), Browsers: view.ListBrowserFacts(run), Screens: screenViews(run),
		Validity:    view.ListValidities(run),
		Generators:  newGeneratorTable(run),
		Percentiles: chart.DrawPercentiles(run), Course: chart.DrawCourse(run), Funnel: chart.DrawFunnel(run),
		Contend: chart.DrawContention(run),
		Flow:    chart.DrawFlow(run), Load: chart.DrawLoad(run),
		CloudWatch: view.CloudWatchFacts(run), Server: chart.DrawServer(run),
		Contention: view.ListContention(run), Provenance: view.ListProvenance(run),
	}
	for _, v := range p.Validity {
		if v.Holds() {
			p.Holding++
		}
	}
	p.Contents = p.listSections()
	p.foldGates(gateRows(run))
	if f := view.FindGravest(view.Anomalies(run), run.Verdict); f != nil {
		p.First = chart.DrawLanes(f, run.Words)
	}
	p.setNotes(view.ShortenAll(view.LimitLines(run.Notes)))
	p.Since.Word, p.Since.Sentence = view.SinceWords(run)
	p.Since.Lines, p.Since.Command = view.SinceLines(run), view.SinceCommand(run)
	p.Back.Command, p.Back.Sentence = view.DescribeRollback(run)
	p.Narrowed = strings.TrimPrefix(view.Headline("", run.Verdict), " ")
	p.Title = view.Headline(p.Decision.Word, run.Verdict) + " – occbench"
	if run.Verdict.Confidence > 0 && (hasBars(p.Gates) || hasBars(p.Kept)) {
		p.Sure = amount.Percent(run.Verdict.Confidence)
	}
	if run.Numbers != nil {
		p.Beside = view.ListOtherCounts(run)
	}
	if run.Anomalies != nil {
		p.Checked = view.DescribeChecked(run.Anomalies, run.Words)
	}
	if run.Manifest != nil {
		p.Repeat = view.BuildRepeatCommand(run.Manifest)
	}
	return p
}

// section is a part of the page that the contents lead to.
type section struct{ ID, Title string }

// listSections returns the sections below the first screen that have content.
func (p *page) listSections() []section {
	var all []section
	for _, s := range []struct {
		section
		there bool
	}{
		{section{"proofs", "Proof"}, len(p.Proofs) > 0}, {section{"time", "Over time"}, p.Time != nil},
		{section{"latency", "Latency"}, p.Latency != nil}, {section{"records", "Conflicts"}, p.Records != nil},
		{section{"recovery", "Recovery"}, len(p.Recovery) > 0}, {section{"browsers", "Browsers"}, len(p.Browsers) > 0},
		{section{"generators", "Generators"}, p.Generators != nil},
		{section{"load", "Load"}, p.Load != nil}, {section{"validity", "Validity"}, len(p.Validity) > 0},
		{section{"server", "Server-side metrics"}, len(p.CloudWatch) > 0},
		{section{"contention", "Configuration"}, len(p.Contention) > 0}, {section{"provenance", "Provenance"}, len(p.Provenance) > 0},
	} {
		if s.there {
			all = append(all, s.section)
		}
	}
	return all
}

// bindUnits replaces the space between a number and its unit with one that
// does not break.
func bindUnits(text string) string { return beforeUnit.ReplaceAllString(text, "$1\u00a0$2") }

var beforeUnit = regexp.MustCompile(`(\d) (%|ms\b|s\b|min\b|h\b)`)

// buildPolicy returns the content security policy: the page may load nothing,
// and may run no script but its own.
func buildPolicy() string {
	return "default-src 'none'; img-src data:; style-src " + hashSource(style) + "; script-src " + hashSource(script)
}

func hashSource(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func buildProofs(run view.Run) []proofView {
	var views []proofView
	found := view.Anomalies(run)
	for i := range found {
		f := &found[i]
		views = append(
			views,
			proofView{
				ID:        f.ID.String(),
				Title:     view.AnomalyTitle(f, run.Words),
				Sentence:  view.ShortenText(f.Sentence, view.Longest),
				Fix:       f.Fix,
				Tolerated: view.IsTolerated(run.Verdict, f),
				Lanes:     chart.DrawLanes(f, run.Words),
				Replay:    strings.Join(text.FormatReplay(run, f, text.Width), "\n"),
			},
		)
	}
	return views
}
