package occ

import (
	"errors"
	"math/rand/v2"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/lib"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/operator"
	"github.com/occbench/occbench/internal/run"
)

// desk is the Desk of a script: the place of one person in front of a browser.
// The person's moves are made by the page and only recorded here; a rival, an
// operator of its own, is there to be faster.
type desk struct {
	*instance
	p      run.Spec
	client *client.Client // from the first call on
	roster *operator.Roster
	draws  *rand.Rand
	listed client.List
	place  int32 // among the people of the run, from 0
	hand   int32 // operator number of the person
	warm   int64 // end of the warm-up
}

// rivalNumber returns the operator number of the rival, which updates faster than the page.
func (d *desk) rivalNumber() int32 { return d.hand + 1 }

// firstDesk is the preset of OCC_DESK_FIRST: beyond the VUs of any k6.
const firstDesk = 60_001

// deskNumbers is how many operator numbers a desk takes.
const deskNumbers = 2

var errDeskInit = errors.New("a Desk works in the scenario's functions, not in the init context")

// takePlace connects the person to the target and the recording, in the first call, when there is
// a VU.
func (d *desk) takePlace() (*lib.State, error) {
	state := d.vu.State()
	if state == nil {
		return nil, errDeskInit
	}
	if d.client != nil {
		return state, nil
	}
	if err := d.open(&d.p); err != nil {
		return nil, err
	}
	if d.run.part.count > 1 {
		return nil, errors.New("people in browsers play in a run of one generator: their numbers and what they saw are of one process")
	}
	client, err := d.dial(&d.p)
	if err != nil {
		return nil, err
	}
	if d.roster, err = d.enlist(&d.p, client, nil); err != nil {
		return nil, err
	}
	d.takeNumbers()
	d.draws = rand.New(rand.NewPCG(d.p.RandSeed, uint64(d.hand)))
	d.warm = d.run.warmupEnd(d.p.Warmup)
	d.run.recording.owners.on.Store(true)
	d.client = client
	return state, nil
}

// takeNumbers takes the next operator numbers, which no operator of the API has.
func (d *desk) takeNumbers() {
	first := firstDesk
	if d.p.FirstDesk > 0 {
		first = d.p.FirstDesk
	}
	d.place = d.run.desks.Add(1) - 1
	d.hand = int32(first) + deskNumbers*d.place
}

// number is `number()`: the person's operator number.
func (d *desk) number(sobek.FunctionCall) (sobek.Value, error) {
	if _, err := d.takePlace(); err != nil {
		return nil, err
	}
	return d.vu.Runtime().ToValue(d.hand), nil
}

// now is `now()`: ms of the run's clock.
func (d *desk) now(sobek.FunctionCall) (sobek.Value, error) {
	return d.vu.Runtime().ToValue(float64(d.run.clock.now()) / float64(time.Millisecond)), nil
}

// seated is `seat()`: which person of the run this is, from 0.
func (d *desk) seated(sobek.FunctionCall) (sobek.Value, error) {
	if _, err := d.takePlace(); err != nil {
		return nil, err
	}
	return d.vu.Runtime().ToValue(d.place), nil
}
