package reports

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/probe"
	"github.com/occbench/occbench/reports/view"
)

// What races say of lost updates, of the probe and of the load.
func TestPower(t *testing.T) {
	const blind = "no races were played, so an update that is lost only where two attempts meet between the server's check and its write could be missed."
	played := func(each ...measure.RaceCount) *measure.Races { return &measure.Races{Each: each, Unmet: 3} }
	for _, c := range []struct {
		name  string
		probe []probe.Races
		load  *measure.Races
		want  []string
	}{
		{"none", nil, nil, []string{"Races of the load: " + blind}},
		{"both", []probe.Races{{Of: 2, Played: 28}, {Of: 8, Played: 24}}, played(measure.RaceCount{Of: 2, Played: 9}), []string{
			"Races of the probe: no update was lost in 28 races of 2 and 24 of 8: 95 % sure that fewer than 5.6 % of such races lose one.",
			"Races of the load: no update was lost in 9 races of 2: 95 % sure that fewer than 28.3 % of such races lose one."}},
		{"one", nil, played(measure.RaceCount{Of: 3, Played: 1}), []string{
			"Races of the load: no update was lost in 1 race of 3: 95 % sure that fewer than 95 % of such races lose one."}},
		{"lost", nil, played(measure.RaceCount{Of: 2, Played: 9, Lost: 4}, measure.RaceCount{Of: 8, Played: 5, Lost: 1}), []string{
			"Races of the load: an update was lost in 5 of 9 races of 2 and 5 of 8."}},
		{"unmet", nil, played(), []string{
			"Races of the load: in none of 3 races did two attempts meet, so an update that is lost only where they do could not be seen."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			run := view.Run{Numbers: &measure.Numbers{Races: c.load}}
			if c.probe != nil {
				run.Probe = &probe.Result{Races: c.probe}
			}
			if diff := cmp.Diff(c.want, view.PowerLines(run)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if lines := view.PowerLines(view.Run{}); len(lines) > 0 {
		t.Errorf("without a recording: %q", lines)
	}
}
