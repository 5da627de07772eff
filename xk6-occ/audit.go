package occ

import (
	"fmt"
	"time"

	"github.com/grafana/sobek"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/operator"
	"github.com/occbench/occbench/internal/run"
)

// An audit that fails is repeated: without it a whole run cannot be judged, and
// one request in a hundred may fail for good reasons.
const (
	auditTries = 3
	auditPause = 200 * time.Millisecond
)

// audit is `audit(options)`: it reads the whole board, records every card in
// play, and returns their ids. The first one says which cards are in play.
func (i *instance) audit(call sobek.FunctionCall) (sobek.Value, error) {
	if i.vu.State() == nil {
		return nil, fmt.Errorf("auditing the board: there is no network in the init context; call audit in setup and teardown")
	}
	p, err := i.configured(call.Argument(0))
	if err != nil {
		return nil, err
	}
	if err := i.verify(&p); err != nil {
		return nil, err
	}
	if err := i.run.recording.open(i.run.path); err != nil {
		return nil, i.abort(err)
	}
	client, err := i.shop(&p)
	if err != nil {
		return nil, err
	}
	i.run.races.stop()
	i.run.intents.flush(i.run.recording.record)
	ids, err := i.auditBoard(&p, client, i.run.enrolled(boardOf(&p)))
	if err == nil {
		err = i.run.enroll(boardOf(&p), ids)
	}
	if err != nil {
		return nil, err
	}
	if err := i.run.recording.err(); err != nil {
		return nil, i.abort(err)
	}
	return i.vu.Runtime().ToValue(ids), nil
}

func (i *instance) auditBoard(p *run.Spec, client *client.Client, known []string) (ids []string, err error) {
	begin := time.Now()
	for try := 1; ; try++ {
		ids, err = operator.Audit(flight(i.vu.Context()), client, p.Tag, known, i.run.recording.record)
		if err == nil || try == auditTries || time.Since(begin) >= p.Timeout {
			return ids, err
		}
		time.Sleep(auditPause)
	}
}

// shop returns a client over the transport of the VU, which counts the bytes,
// knows the hosts and the TLS options of the test.
func (i *instance) shop(p *run.Spec) (*client.Client, error) {
	speaks, err := i.run.api(p)
	if err != nil {
		return nil, err
	}
	cfg := client.Config{
		API: speaks, Target: p.Target, Date: p.Date, Timeout: p.Timeout, UpdateLimit: p.UpdateLimit, ListLimit: p.ListLimit,
		Transport: transport(i.vu.State(), p.Target), Clock: i.run.clock.now, Tally: &i.run.tally,
	}
	if err := i.run.signers.authenticate(i.vu.Context(), p, &cfg); err != nil {
		return nil, err
	}
	client, err := client.New(cfg)
	if err != nil {
		return nil, fmt.Errorf("preparing to talk to the target: %w", err)
	}
	return client, nil
}

// enlist returns the cards in play, by an audit if there was none.
func (i *instance) enlist(p *run.Spec, client *client.Client) (*operator.Roster, error) {
	return i.run.roster(boardOf(p), func() ([]string, error) { return i.auditBoard(p, client, nil) })
}

func boardOf(p *run.Spec) board {
	return board{url: p.Target, date: p.Date, tag: p.Tag, cards: p.Cards, races: p.Races}
}
