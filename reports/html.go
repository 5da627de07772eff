package reports

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

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/reason"
)

//go:embed templates
var templates embed.FS

var pageTemplate = template.Must(template.New("report.html").Funcs(template.FuncMap{
	"px": tenths, "nb": unbroken, "sub": func(a, b float64) float64 { return a - b }, "add": func(a, b float64) float64 { return a + b },
}).ParseFS(templates, "templates/*.html"))

var (
	style  = asset("report.css")
	script = asset("report.js")
)

func asset(name string) string {
	data, err := templates.ReadFile("templates/" + name)
	if err != nil {
		panic(err) // it is embedded
	}
	return string(data)
}

// page is what the template shows. A section whose data is nil or empty is not
// there.
type page struct {
	Title     string
	Policy    string // what the browser may load and run
	Style     template.CSS
	Script    template.JS
	Directory string
	Verdict   gate.Result
	Decision  decision
	Narrowed  string // how many gates the decision rests on; empty: all
	Tested    string // what the decision is about; empty: nobody knows
	Power     []string
	Caveats   []string
	Gates     []gateRow
	Sure      string
	Untested  []string
	Since     sinceView
	Back      backView

	Reasons    []string
	Proofs     []proofView
	Checked    string
	Time       *timeChart
	Latency    *latencyTable
	Beside     []string
	Cards      *cardTable
	Recovery   []fact
	Browsers   []fact
	Screens    []screenView
	Validity   []validity
	CloudWatch []fact
	Server     *serverChart
	Contention []fact
	Provenance []fact
	Repeat     string
	Notes      []string // those of the first screen
	AllNotes   []string // where those are not all of them, or not in full
}

// The first screen has room for so many notes of so many characters.
const firstNotes, firstLength = 3, 160

// notes puts on the first screen what it has room for. Where that is not all,
// all of it stands below.
func (p *page) notes(all []string) {
	for _, note := range all[:min(len(all), firstNotes)] {
		p.Notes = append(p.Notes, short(note, firstLength))
	}
	if !slices.Equal(p.Notes, all) {
		p.AllNotes = all
	}
}

// sinceView is what changed, and the command that shows all of it.
type sinceView struct {
	Word, Sentence, Command string
	Lines                   []string
}

// backView is the way back.
type backView struct{ Command, Sentence string }

// proofView is a finding as the page shows it.
type proofView struct {
	ID, Title, Sentence, Fix string
	Tolerated                bool
	Lanes                    *laneChart
	Replay                   string
}

// HTML writes a page that stands alone: one file, nothing loaded from anywhere,
// the first screen readable without JavaScript.
func HTML(w io.Writer, run Run) error {
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, newPage(run)); err != nil {
		return fmt.Errorf("writing the report as HTML: %w", err)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("writing the report as HTML: %w", err)
	}
	return nil
}

func newPage(run Run) page {
	p := page{
		Style: template.CSS(style), Script: template.JS(script), Policy: policy(),
		Directory: clean(run.Directory), Verdict: run.Verdict.Verdict, Decision: decide(run), Tested: tested(run), Power: powerLines(run), Caveats: Caveats(run),
		Gates: gateRows(run), Untested: untested(run),
		Reasons: shortAll(most(reason.Lines(run.Verdict.Reasons))), Proofs: proofs(run), Time: drawTime(run), Latency: drawLatency(run), Cards: drawCards(run),
		Recovery: recovery(run), Browsers: browsers(run), Screens: screenViews(run), Validity: validities(run), CloudWatch: cloudWatchFacts(run), Server: drawServer(run), Contention: contention(run), Provenance: provenance(run),
	}
	p.notes(shortAll(most(run.Notes)))
	p.Since.Word, p.Since.Sentence = since(run)
	p.Since.Lines, p.Since.Command = sinceLines(run), sinceCommand(run)
	p.Back.Command, p.Back.Sentence = wayBack(run)
	p.Narrowed = strings.TrimPrefix(headline("", run.Verdict), " ")
	p.Title = headline(p.Decision.Word, run.Verdict) + " – occbench"
	if run.Verdict.Confidence > 0 {
		p.Sure = amount.Percent(run.Verdict.Confidence)
	}
	if run.Numbers != nil {
		p.Beside = beside(run.Numbers)
	}
	if run.Findings != nil {
		p.Checked = checked(run.Findings)
	}
	if run.Manifest != nil {
		p.Repeat = Repeat(run.Manifest)
	}
	return p
}

// unbroken keeps a number and its unit on one line.
func unbroken(text string) string { return beforeUnit.ReplaceAllString(text, "$1\u00a0$2") }

var beforeUnit = regexp.MustCompile(`(\d) (%|ms\b|s\b|min\b|h\b)`)

// policy forbids the page to load anything and to run any script but its own.
func policy() string {
	return "default-src 'none'; img-src data:; style-src " + hash(style) + "; script-src " + hash(script)
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func shortAll(texts []string) []string {
	var all []string
	for _, t := range texts {
		all = append(all, short(t, longest))
	}
	return all
}

func proofs(run Run) []proofView {
	var views []proofView
	found := anomalies(run)
	for i := range found {
		f := &found[i]
		views = append(views, proofView{ID: f.ID.String(), Title: findingTitle(f), Sentence: short(f.Sentence, longest), Fix: clean(f.Fix),
			Tolerated: tolerated(run.Verdict, f), Lanes: drawLanes(f), Replay: strings.Join(replay(run, f, width), "\n")})
	}
	return views
}

// checked says what the checker looked at.
func checked(r *check.Report) string {
	return fmt.Sprintf("%s, %s and %s of the recording were checked against %d invariants.", amount.Plural(int(r.Operations), "operation", "operations"),
		amount.Plural(int(r.Updates), "move", "moves"), amount.Plural(r.Records, "card", "cards"), len(check.Invariants()))
}

func recovery(run Run) []fact {
	if run.Numbers == nil || run.Numbers.Recovery.Turns == 0 {
		return nil
	}
	r := run.Numbers.Recovery
	all := []fact{{"turns with a conflict", amount.Count(r.Turns)}}
	for _, f := range fateCounts(r) {
		all = append(all, fact{f.fate, amount.Count(f.turns)})
	}
	if r.Recovered() > 0 {
		all = append(all, fact{"from the refusal to recovery", fmt.Sprintf("median %s, p95 %s, worst %s", amount.MillisecondsIfAny(r.MedianMS), amount.MillisecondsIfAny(r.P95MS), amount.MillisecondsIfAny(r.WorstMS))},
			fact{"moves used", used(r.Attempts)})
	}
	return all
}
