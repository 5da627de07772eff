package workload

import (
	"fmt"
	"strconv"
	"strings"
)

// Races declares the races that a crew plays beside the load: in each of them the
// whole crew sends an attempt with the same version at the same instant. The zero
// Races is off.
type Races struct {
	Auto bool    // as many as mostProvoked allows
	Rate float64 // races per second; 0 with Auto
	Crew int     // operators of a race; 0: there are no races
}

// The bounds and the default of a crew.
const (
	defaultCrew = 2
	mostCrew    = 64
	mostRaces   = 1000 // per second
)

// mostProvoked is the share of the load's attempts (0–1) that automatic races add
// as conflicts. A race of K attempts provokes K−1 conflicts, so the share of
// conflicts that the server counts rises by less than that.
const mostProvoked = 0.02

// RaceRecords is how many records are reserved for races beside those of the
// load. A race on a record of the load would take the token of any operator who
// has read it: a conflict that is in no prediction.
const RaceRecords = 4

const raceForms = "use auto, off, or races per second and the operators of each, such as 2/s or 0.5/sx8"

// ParseRaces reads races:
//
//	auto     races of two, as many as mostProvoked allows
//	off      none
//	2/s      two races of two per second
//	0.5/sx8  a race of eight every other second
//
// String gives the same form back.
func ParseRaces(s string) (Races, error) {
	switch s {
	case "auto":
		return Races{Auto: true, Crew: defaultCrew}, nil
	case "off":
		return Races{}, nil
	}
	rate, crew, sized := strings.Cut(s, "x")
	r, err := Races{Crew: defaultCrew}, error(nil)
	if sized {
		r.Crew, err = strconv.Atoi(crew)
	}
	number, perSecond := strings.CutSuffix(rate, "/s")
	if err == nil {
		r.Rate, err = strconv.ParseFloat(number, 64)
	}
	switch {
	case err != nil || !perSecond || !(r.Rate > 0):
		return Races{}, fmt.Errorf("parsing races %q: %s", s, raceForms)
	case r.Rate > mostRaces || r.Rate < 1e-3:
		return Races{}, fmt.Errorf("parsing races %q: the rate is not in 0.001/s … %d/s", s, mostRaces)
	case r.Crew < 2 || r.Crew > mostCrew:
		return Races{}, fmt.Errorf("parsing races %q: a race has 2 to %d operators", s, mostCrew)
	}
	return r, nil
}

// String is the form that ParseRaces reads.
func (r Races) String() string {
	switch {
	case r.Crew == 0:
		return "off"
	case r.Auto:
		return "auto"
	}
	text := strconv.FormatFloat(r.Rate, 'f', -1, 64) + "/s"
	if r.Crew != defaultCrew {
		text += fmt.Sprintf("x%d", r.Crew)
	}
	return text
}

// Records is how many records the races need beside those of the load.
func (r Races) Records() int {
	if r.Crew == 0 {
		return 0
	}
	return RaceRecords
}

// CountProvoked returns how many conflicts so many races provoke on a correct server.
func (r Races) CountProvoked(races int) int { return races * (r.Crew - 1) }

// IsAllowed reports whether another automatic race stays within mostProvoked, after
// so many races beside so many attempts of the load.
func (r Races) IsAllowed(races int, attempts int64) bool {
	return float64(r.CountProvoked(races+1)) <= mostProvoked*float64(attempts)
}

// PerSecond is the rate of races beside a load of so many attempts per second.
func (r Races) PerSecond(attempts float64) float64 {
	if r.Auto {
		return mostProvoked * attempts / float64(r.Crew-1)
	}
	return r.Rate
}
