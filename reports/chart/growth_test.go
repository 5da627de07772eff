package chart

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/evidence"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/goldentest"
	"github.com/occbench/occbench/internal/history/historytest"
	"github.com/occbench/occbench/internal/run"
)

var grow = flag.String("grow", "", "measure the costs of docs/images/growth.json anew whose names match; all of them (.) take minutes and 8 GB of disk")

// mostExponent is how steeply a cost may rise with the work. It is 1 for work that
// costs the same each; what is left over it is noise of the machine.
const mostExponent = 1.1

// growth is what something cost at several sizes.
type growth struct {
	Name   string       `json:"name"`
	Of     string       `json:"of"` // what grows
	Points [][2]float64 `json:"points"`
}

// exponent returns the slope of the line through the logarithms (least squares).
func (g *growth) exponent() float64 {
	var n, sx, sy, sxx, sxy float64
	for _, p := range g.Points {
		x, y := math.Log(p[0]), math.Log(p[1])
		n, sx, sy, sxx, sxy = n+1, sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}

// The drawing in the documentation is that of the measured costs, and none of them
// rises more steeply than the work.
func TestCostsGrowLinearly(t *testing.T) {
	folder := filepath.Join("..", "..", "docs", "images")
	data, drawing := filepath.Join(folder, "growth.json"), filepath.Join(folder, "growth.svg")
	var all []growth
	text, err := os.ReadFile(data)
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	if err != nil {
		t.Fatal(err)
	}
	if *grow != "" {
		all = measureGrowth(t, regexp.MustCompile(*grow), all)
		text, err := json.MarshalIndent(all, "", " ")
		if err == nil {
			err = os.WriteFile(data, append(text, '\n'), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := range all {
		if e := all[i].exponent(); !(e <= mostExponent) {
			t.Errorf("%s grows with the power %.2f of %s, want at most %.1f", all[i].Name, e, all[i].Of, mostExponent)
		}
	}
	svg := drawGrowth(all)
	if goldentest.IsUpdating() || *grow != "" {
		if err := os.WriteFile(drawing, []byte(svg), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if had, err := os.ReadFile(drawing); err != nil || string(had) != svg {
		t.Errorf("%s is not the drawing of %s (%v); go test ./reports/chart -run Linearly -update", drawing, data, err)
	}
}

// Exponents are those of the costs that they are made from.
func TestExponent(t *testing.T) {
	for _, want := range []float64{0, 0.5, 1, 2} {
		var g growth
		for _, x := range []float64{10, 100, 1000} {
			g.Points = append(g.Points, [2]float64{x, 3 * math.Pow(x, want)})
		}
		if got := g.exponent(); math.Abs(got-want) > 1e-9 {
			t.Errorf("exponent %v, want %v", got, want)
		}
	}
}

// measureGrowth measures processor time in ms, where the name of a cost matches; of others it
// returns what was measured before.
func measureGrowth(t *testing.T, which *regexp.Regexp, before []growth) []growth {
	shop := apitest.Appointments(t)
	judge := func(p historytest.Play) func(b *testing.T) float64 {
		return func(t *testing.T) float64 {
			dir := writePlay(t, p)
			return leastTime(t, func() error {
				_, err := evidence.LoadRecording(dir, evidence.Options{Policy: gate.Default(), Check: &check.Options{}})
				return err
			})
		}
	}
	inOrder := func(name, of string, sizes []int, cost func(size int) func(*testing.T) float64) growth {
		had := slices.IndexFunc(before, func(g growth) bool { return g.Name == name && g.Of == of })
		if had >= 0 && !which.MatchString(name+" by "+of) {
			return before[had]
		}
		g := growth{Name: name, Of: of}
		for _, size := range sizes {
			t.Run(fmt.Sprintf("%s by %s %d", name, of, size), func(t *testing.T) {
				g.Points = append(g.Points, [2]float64{float64(size), cost(size)(t)})
			})
		}
		return g
	}
	operations := []int{10_000, 100_000, 1_000_000, 10_000_000, 100_000_000}
	const many, lists = 1_000_000, 20
	return []growth{
		inOrder("judging", "operations", operations, func(n int) func(*testing.T) float64 {
			return judge(historytest.Play{Operations: n, Records: 50})
		}),
		inOrder("checking alone", "operations", operations, func(n int) func(*testing.T) float64 {
			return func(t *testing.T) float64 {
				dir := writePlay(t, historytest.Play{Operations: n, Records: 50})
				open := func() (io.ReadCloser, error) { return dir.Open(run.HistoryFile) }
				return leastTime(t, func() error {
					_, err := check.File(open, run.HistoryFile, check.Options{API: shop})
					return err
				})
			}
		}),
		inOrder("judging 1 M operations", "records", []int{10, 100, 1_000, 10_000, 100_000}, func(n int) func(*testing.T) float64 {
			return judge(historytest.Play{Operations: many, Records: n})
		}),
		inOrder("judging 1 M operations", "operators", []int{20, 100, 1_000, 10_000}, func(n int) func(*testing.T) float64 {
			return judge(historytest.Play{Operations: many, Records: 1_000, Operators: n})
		}),
		inOrder("reading a list 20 times", "its records", []int{10, 100, 1_000, 10_000, 100_000}, func(n int) func(*testing.T) float64 {
			return func(t *testing.T) float64 {
				body := listOf(n)
				return leastTime(t, func() error {
					seen := 0
					for range lists {
						s := api.ListScratch{WithoutTags: true}
						err := shop.List.Rows(&s, &api.Response{Status: 200, Body: body}, &api.Vars{}, func(*api.Row) { seen++ })
						if err != nil {
							return err
						}
					}
					if seen != lists*n {
						return fmt.Errorf("%d records were read, want %d", seen, lists*n)
					}
					return nil
				})
			}
		}),
	}
}

// writePlay writes the run of a play.
func writePlay(t *testing.T, p historytest.Play) run.Dir {
	start := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	dir, err := run.Create(t.TempDir(), start)
	if err != nil {
		t.Fatal(err)
	}
	length := time.Duration(p.Length())
	err = dir.WriteManifest(run.Manifest{Start: start, Base: start, End: start.Add(length), State: run.Complete,
		Spec: run.Spec{Scenario: run.UpdateScenario, Operators: max(p.Operators, 20), Duration: length, Attempts: 3, Timeout: 10 * time.Second}})
	var file *os.File
	if err == nil {
		file, err = os.Create(dir.File(run.HistoryFile))
	}
	if err == nil {
		err = errors.Join(p.Write(file), file.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// listOf returns a list of so many records.
func listOf(records int) []byte {
	var b strings.Builder
	b.WriteString(`{"ok":true,"data":{"columns":{"scheduled":{"items":[`)
	for i := range records {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":%d,"version":%d,"status":"scheduled","notes":"","vehicle":{"make":"Audi","year":2019}}`, i+1, i+3)
	}
	b.WriteString(`]}}}}`)
	return []byte(b.String())
}

// leastTime returns the processor time of work in ms, the least of three tries: what
// else a machine does only adds to it. All sizes are tried as often, or large ones would
// seem dearer; but work of half a minute is done once.
func leastTime(t *testing.T, work func() error) float64 {
	least := math.Inf(1)
	for try, took := 0, time.Duration(0); try < 3 && took < 30*time.Second; try++ {
		begun := processorTime(t)
		if err := work(); err != nil {
			t.Fatal(err)
		}
		took = processorTime(t) - begun
		least = min(least, math.Round(took.Seconds()*1e5)/100)
	}
	return least
}

func processorTime(t *testing.T) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// drawGrowth draws a panel for each cost, both axes logarithmic: a straight line is a
// power, and its slope the exponent.
func drawGrowth(all []growth) string {
	const width, height, across, top, left, foot = 330.0, 250.0, 3, 44.0, 62.0, 44.0
	rows := (len(all) + across - 1) / across
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" font-family="sans-serif" font-size="12" role="img">`+"\n",
		across*width, float64(rows)*height)
	b.WriteString(`<title>Processor time as work grows</title><rect width="100%" height="100%" fill="#fff"/>` + "\n")
	for i := range all {
		g := &all[i]
		x0, y0 := float64(i%across)*width, float64(i/across)*height
		x := Axis{From: g.Points[0][0], To: g.Points[len(g.Points)-1][0], At: x0 + left, Length: width - left - 24, log: true}
		low, high := math.Inf(1), 0.0
		for _, p := range g.Points {
			low, high = min(low, p[1]), max(high, p[1])
		}
		y := Axis{From: math.Pow(10, math.Floor(math.Log10(low))), To: math.Pow(10, math.Ceil(math.Log10(high))),
			At: y0 + height - foot, Length: -(height - foot - top), log: true}
		fmt.Fprintf(&b, `<text x="%s" y="%s" font-weight="bold">%s</text><text x="%s" y="%s" fill="#555">exponent %.2f</text>`+"\n",
			FormatTenths(x0+left), FormatTenths(y0+18), g.Name, FormatTenths(x0+left), FormatTenths(y0+34), g.exponent())
		for v := y.From; v <= y.To*1.01; v *= 10 {
			fmt.Fprintf(&b, `<path d="M%s %sh%s" stroke="#ddd"/><text x="%s" y="%s" text-anchor="end" fill="#555">%s</text>`+"\n",
				FormatTenths(x.At), FormatTenths(y.Px(v)), FormatTenths(x.Length), FormatTenths(x.At-6), FormatTenths(y.Px(v)+4), amount.Milliseconds(v))
		}
		var line Pen
		for n, p := range g.Points {
			command := byte('L')
			if n == 0 {
				command = 'M'
			}
			line.To(command, x.Px(p[0]), y.Px(p[1]))
			fmt.Fprintf(&b, `<circle cx="%s" cy="%s" r="3.5"/><text x="%s" y="%s" text-anchor="middle" fill="#555">%s</text>`+"\n",
				FormatTenths(x.Px(p[0])), FormatTenths(y.Px(p[1])), FormatTenths(x.Px(p[0])), FormatTenths(y.At+16), shortCount(p[0]))
		}
		fmt.Fprintf(&b, `<path d="%s" fill="none" stroke="#000" stroke-width="1.5"/><text x="%s" y="%s" text-anchor="middle">%s</text>`+"\n",
			line.String(), FormatTenths(x.At+x.Length/2), FormatTenths(y.At+34), g.Of)
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// shortCount writes 10000 as 10k and 1000000 as 1M.
func shortCount(n float64) string {
	switch {
	case n >= 1e6:
		return formatPlain(n/1e6) + "M"
	case n >= 1e3:
		return formatPlain(n/1e3) + "k"
	}
	return formatPlain(n)
}
