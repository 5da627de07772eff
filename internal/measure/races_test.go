package measure

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/history"
)

// A race counts where an attempt that won and another that the server decided
// were under way at the same time; all others say nothing of the server.
func TestRaces(t *testing.T) {
	cases := []struct {
		name, lines string
		want        Races
	}{
		{"one wins", `
			10,20,,101,update,7,4,ready,applied,200,5,ready,1,r,,
			11,21,,102,update,7,4,ready,conflict,409,5,ready,1,r,,`,
			Races{Each: []RaceCount{{Of: 2, Played: 1}}}},
		{"both win", `
			10,20,,101,update,7,4,ready,applied,200,5,ready,1,r,,
			11,21,,102,update,7,4,ready,applied,200,5,ready,1,r,,`,
			Races{Each: []RaceCount{{Of: 2, Played: 1, Lost: 1}}}},
		{"one after the other", `
			10,20,,101,update,7,4,ready,applied,200,5,ready,1,r,,
			20,30,,102,update,7,4,ready,conflict,409,5,ready,1,r,,`,
			Races{Each: []RaceCount{}, Unmet: 1}},
		{"nobody wins", `
			10,20,,101,update,7,4,ready,conflict,409,5,ready,1,r,,
			11,21,,102,update,7,4,ready,conflict,409,5,ready,1,r,,`,
			Races{Each: []RaceCount{}, Unmet: 1}},
		{"the other is throttled", `
			10,20,,101,update,7,4,ready,applied,200,5,ready,1,r,,
			11,21,,102,update,7,4,ready,throttled,429,,,1,r,,`,
			Races{Each: []RaceCount{}, Unmet: 1}},
		{"the other has no answer", `
			10,20,,101,update,7,4,ready,applied,200,5,ready,1,r,,
			11,,,102,update,7,4,ready,no_answer,,,,1,r,,`,
			Races{Each: []RaceCount{}, Unmet: 1}},
		{"one of three is late", `
			10,20,,101,update,7,4,ready,applied,200,5,ready,1,wr,,
			11,21,,102,update,7,4,ready,conflict,409,5,ready,1,wr,,
			40,50,,103,update,7,4,ready,conflict,409,5,ready,1,r,,`,
			Races{Each: []RaceCount{{Of: 3, Played: 1}}}},
		{"the same version again, after an error that had no effect", `
			10,20,,101,update,7,4,ready,server_error,500,,,1,r,,
			11,21,,102,update,7,4,ready,server_error,500,,,1,r,,
			40,50,,101,update,7,4,ready,applied,200,5,ready,1,r,,
			41,51,,102,update,7,4,ready,conflict,409,5,ready,1,r,,`,
			Races{Each: []RaceCount{{Of: 2, Played: 1}}, Unmet: 1}},
		{"two records, and two sizes", `
			10,20,,101,update,7,4,ready,applied,200,5,ready,1,r,,
			11,21,,102,update,7,4,ready,conflict,409,5,ready,1,r,,
			30,40,,101,update,8,1,ready,applied,200,2,ready,1,r,,
			31,41,,102,update,8,1,ready,applied,200,2,ready,1,r,,
			32,42,,103,update,8,1,ready,conflict,409,2,ready,1,r,,
			50,60,,101,update,7,5,ready,applied,200,6,ready,1,r,,
			51,61,,102,update,7,5,ready,conflict,409,6,ready,1,r,,`,
			Races{Each: []RaceCount{{Of: 2, Played: 2}, {Of: 3, Played: 1, Lost: 1}}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := measured(t, Options{}, c.lines).Races
			if got == nil {
				t.Fatal("no races")
			}
			got.Outcomes = nil
			if diff := cmp.Diff(c.want, *got); diff != "" {
				t.Errorf("races (-want +got):\n%s", diff)
			}
		})
	}
}

// Races are in no number of the load.
func TestRacesAreNoLoad(t *testing.T) {
	load := opening + `
		5000,5010,,1,read,17,,,seen,200,1,scheduled,1,,,
		5250,5260,,1,update,17,1,in_progress,applied,200,2,in_progress,1,,,`
	races := `
		5300,5310,,101,read,19,,,seen,200,4,in_progress,1,r,,
		5300,5311,,102,read,19,,,seen,200,4,in_progress,1,r,,
		5320,5330,,101,update,19,4,ready,applied,200,5,ready,1,r,,
		5320,5331,,102,update,19,4,ready,conflict,409,5,ready,1,r,,`
	alone, beside := measured(t, Options{}, load+closing), measured(t, Options{}, load+races+closing)
	want := &Races{Each: []RaceCount{{Of: 2, Played: 1}}, Reads: 2, Outcomes: map[history.Outcome]int{history.Applied: 1, history.Conflict: 1}}
	if diff := cmp.Diff(want, beside.Races); diff != "" {
		t.Errorf("races (-want +got):\n%s", diff)
	}
	beside.Races = nil
	if diff := cmp.Diff(alone, beside); diff != "" {
		t.Errorf("the load (-alone +beside races):\n%s", diff)
	}
}
