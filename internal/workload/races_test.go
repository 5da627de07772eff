package workload

import (
	"strings"
	"testing"
)

func TestParseRaces(t *testing.T) {
	for text, want := range map[string]Races{
		"auto": {Auto: true, Crew: 2}, "off": {}, "2/s": {Rate: 2, Crew: 2}, "0.5/sx8": {Rate: 0.5, Crew: 8}, "1000/sx64": {Rate: 1000, Crew: 64},
	} {
		got, err := ParseRaces(text)
		if err != nil || got != want || got.String() != text {
			t.Errorf("%s is read as %+v (%s), %v, want %+v", text, got, got, err, want)
		}
	}
	for text, says := range map[string]string{
		"": "use auto, off", "2": "use auto, off", "0/s": "use auto, off", "-1/s": "use auto, off", "NaN/s": "use auto, off", "x8": "use auto, off", "2/sx": "use auto, off",
		"2000/s": "not in 0.001/s … 1000/s", "0.0001/s": "not in 0.001/s", "2/sx1": "2 to 64 operators", "2/sx65": "2 to 64 operators",
	} {
		if got, err := ParseRaces(text); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q is read as %+v, %v, want an error with %q", text, got, err, says)
		}
	}
}

// Whatever the load's own conflicts are, automatic races raise the share that the
// server counts by at most 2 percentage points.
func TestAutomaticRacesProvokeLittle(t *testing.T) {
	for _, crew := range []int{2, 8} {
		races := Races{Auto: true, Crew: crew}
		for attempts := int64(1); attempts <= 5000; attempts++ {
			n := 0
			for races.IsAllowed(n, attempts) {
				n++
			}
			for _, own := range []float64{0, 0.04, 0.5, 1} {
				all := float64(attempts) + float64(n*crew)
				share := (own*float64(attempts) + float64(races.CountProvoked(n))) / all
				if share-own > 0.02 {
					t.Fatalf("%d races of %d beside %d attempts raise %v to %v", n, crew, attempts, own, share)
				}
			}
			if most := float64(attempts) * races.PerSecond(1); float64(n) > most || float64(n) < most-1 {
				t.Fatalf("%d races of %d beside %d attempts, foreseen are %v", n, crew, attempts, most)
			}
		}
	}
}
