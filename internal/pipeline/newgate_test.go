package pipeline

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/compare"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/live"
	"github.com/occbench/occbench/internal/manual"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/trend"
	"github.com/occbench/occbench/reports"
	"github.com/occbench/occbench/reports/text"
)

// A gate is one rule: what writes, compares and draws gates shows a new one
// without being told of it.
func TestNewGateIsShownEverywhere(t *testing.T) {
	const name, title, question = "stale_reads", "Reads that are out of date", "reads that are older than the record, as a ratio"
	seen, upper := 0.031, 0.044
	t.Cleanup(gate.Register(gate.Rule{
		Name: name, Short: "stale", Title: title, Question: question,
		Unit: gate.Ratio, Kind: gate.Bounded, Preset: 0.05, Place: 35, Gravity: 45, Trend: true,
		Judge: func(p gate.Policy, _ gate.Evidence) gate.Gate {
			return gate.Gate{Estimate: &seen, Upper: &upper, N: 700, Limit: p.Limit(name), Verdict: gate.Pass, Reason: reason.FromText("few reads are stale")}
		},
	}))
	runs := t.TempDir()
	var sides []*compare.Side
	var last run.Dir
	for _, at := range []string{"k6_move_20300114_081500", "k6_move_20300115_081500"} {
		if err := os.Rename(judgeCopy(t, "sample-pass").Path(), filepath.Join(runs, at)); err != nil {
			t.Fatal(err)
		}
		var err error
		if last, err = run.Open(filepath.Join(runs, at)); err != nil {
			t.Fatal(err)
		}
		if _, err := Gate(last, gate.Default()); err != nil {
			t.Fatal(err)
		}
		e, err := compare.Open(last)
		if err != nil {
			t.Fatal(err)
		}
		side, err := compare.NewSide(e)
		if err != nil {
			t.Fatal(err)
		}
		sides = append(sides, side)
	}
	shown := map[string]string{"manual": manual.Page(), "sample": manual.Sample()}
	result, err := Read(last)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range reports.Formats() {
		var b bytes.Buffer
		if err := f.Write(&b, result); err != nil {
			t.Fatal(err)
		}
		shown[f.Name] = b.String()
	}
	var compared, trended bytes.Buffer
	report, err := compare.Compare(sides[0], sides[1], compare.Options{})
	if err == nil {
		err = text.Plain.Comparison(&compared, report)
	}
	line, lineErr := trend.Read(runs)
	if err == nil && lineErr == nil {
		err = text.Plain.Trend(&trended, line)
	}
	schema, schemaErr := manual.Schema()
	if err != nil || lineErr != nil || schemaErr != nil {
		t.Fatal(err, lineErr, schemaErr)
	}
	shown["compare"], shown["trend"], shown["schema"] = compared.String(), trended.String(), string(schema)
	open := result.Verdict.Gates[0]
	for _, g := range result.Verdict.Gates {
		if g.Name == name {
			open = g
		}
	}
	shown["live"] = strings.Join(live.DrawView(live.Snapshot{Stage: live.Load, Gates: []live.Gate{{Gate: open}}}, live.Style{Width: 96, Height: 40}), "\n")
	for where, want := range map[string][]string{
		"text": {name + ": few reads are stale", "3.1 %", "< 5 %"}, "html": {title, "Few reads are stale"}, "md": {name, "3.1 %", "&#60; 5 %"},
		"junit": {`name="` + name + `"`}, "ctrf": {`"name": "` + name + `"`}, "openmetrics": {`occbench_gate_estimate{gate="` + name + `"`}, "json": {`"name": "` + name + `"`},
		"compare": {name}, "trend": {name, "3.1 %"}, "live": {name, "0 % to 4.4 %, limit 5 %"},
		"manual": {name, question}, "sample": {name + ": 0.05"}, "schema": {`"` + name + `"`},
	} {
		for _, w := range want {
			if !strings.Contains(strings.ReplaceAll(shown[where], "\u00a0", " "), w) {
				t.Errorf("%s lacks %q:\n%.2000s", where, w, shown[where])
			}
		}
	}
}
