package view

import (
	"fmt"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/noun"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/stats"
)

// Power is the evidence of races about lost updates. Attempts that do not meet in the
// server cannot lose one, so a PASS is worth as much as its races.
type Power struct {
	By       string              `json:"by"` // probe or load
	Races    []measure.RaceCount `json:"races"`
	Below    *float64            `json:"loses_below"` // share of such races, 0–1, that lose an update; null: races say nothing
	Sentence string              `json:"sentence"`
	Brief    string              `json:"-"` // the sentence for a line of a terminal
}

// ListPowers returns the power of the probe's races and of the races beside
// the load, as far as the run has them.
func ListPowers(run Run) []Power {
	var all []Power
	if run.Probe != nil && len(run.Probe.Races) > 0 {
		p := Power{By: "probe"}
		for _, r := range run.Probe.Races {
			p.Races = append(p.Races, measure.RaceCount(r))
		}
		all = append(all, p.describe(run))
	}
	if n := run.Numbers; n != nil {
		p := Power{By: "load", Races: []measure.RaceCount{}}
		if n.Races != nil {
			p.Races = n.Races.Each
		}
		all = append(all, p.describe(run))
	}
	return all
}

// describe returns the power with its sentences: how rare a lost update may be
// and still have been missed.
func (p Power) describe(run Run) Power {
	confidence := run.Verdict.Confidence
	if confidence == 0 {
		confidence = stats.Enough
	}
	played, lost := measure.CountMet(p.Races)
	switch {
	case lost > 0:
		p.Sentence = fmt.Sprintf("an update was lost in %s of %s", amount.Count(lost), formatSizes(p.Races))
		p.Brief = fmt.Sprintf("%s of %s lost an update", amount.Count(lost), formatSizes(p.Races))
	case played > 0:
		below := stats.RateUpper(0, played, confidence)
		p.Below = &below
		p.Sentence = fmt.Sprintf(
			"no update was lost in %s: %s sure that fewer than %s of such races lose one",
			formatSizes(p.Races),
			amount.Percent(confidence),
			amount.Percent(below),
		)
		p.Brief = fmt.Sprintf("%s, none lost an update (< %s)", formatSizes(p.Races), amount.Percent(below))
	case run.Numbers != nil && run.Numbers.Races != nil && p.By == "load":
		p.Brief = "no race met, so lost updates could be missed"
		p.Sentence = fmt.Sprintf(
			"in none of %s did two attempts meet, so an update that is lost "+
				"only where they do could not be seen",
			amount.Plural(run.Numbers.Races.Unmet, "race", "races"),
		)
	default:
		p.Brief = "no races, so lost updates could be missed"
		p.Sentence = "no races were played, so an update that is lost only where two attempts meet between the server's check and its " +
			"write could be missed"
	}
	return p
}

// formatSizes lists races: "28 races of 2 and 24 of 8".
func formatSizes(races []measure.RaceCount) string {
	var parts []string
	for i, r := range races {
		if i == 0 {
			parts = append(parts, amount.Plural(r.Played, "race", "races")+" of "+amount.Count(r.Of))
		} else {
			parts = append(parts, amount.Count(r.Played)+" of "+amount.Count(r.Of))
		}
	}
	return strings.Join(parts, " and ")
}

// PowerLines are the sentences for the first screen of a report.
func PowerLines(run Run) []string {
	var lines []string
	for _, p := range ListPowers(run) {
		lines = append(lines, "Races of the "+p.By+": "+p.Sentence+".")
	}
	return lines
}

// DescribeRaces says which races are played beside a load.
func DescribeRaces(s *run.Spec, w noun.Words) string {
	r := s.Races
	if r.Crew == 0 {
		return "none"
	}
	text := fmt.Sprintf(
		"%s/s, each of %s, on %s of their own",
		amount.Digits(r.Rate),
		amount.Plural(r.Crew, "operator", "operators"),
		w.CountRecords(r.Records()),
	)
	if r.Auto {
		text = "about " + text + "; one conflict to 50 attempts of the load at most"
	}
	return text
}
