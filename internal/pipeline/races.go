package pipeline

import (
	"github.com/occbench/occbench/internal/contention"
	"github.com/occbench/occbench/internal/rundir"
)

// races says in the manifest which races are played beside a load of so many
// attempts per second; nil: none.
func (p *Pipeline) races(attemptsPerSecond float64) *rundir.Races {
	r := p.Settings.Races
	if r.Crew == 0 {
		return nil
	}
	return &rundir.Races{
		RatePerSecond: r.PerSecond(attemptsPerSecond), Auto: r.Auto, Crew: r.Crew, FirstOperator: p.firstRacer(), Records: r.Records(),
	}
}

// firstRacer is the operator number of the first in a race: a round one beyond
// the VUs of k6.
func (p *Pipeline) firstRacer() int {
	s := p.Settings
	return 100*(1+(max(s.Operators, s.MaxOperators)+s.Browser)/100) + 1
}

// foreseenRaces are the races of settled settings.
func (p *Pipeline) foreseenRaces(l latencies) (*rundir.Races, error) {
	if !p.Settings.Races.Auto {
		return p.races(0), nil
	}
	params, err := p.contention(l)
	if err != nil {
		return nil, err
	}
	predicted, err := contention.Predict(params)
	if err != nil {
		return nil, &UsageError{err.Error()}
	}
	return p.races(predicted.Rate), nil
}
