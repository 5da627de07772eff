package occ

import (
	"fmt"
	"slices"
	"time"

	"github.com/grafana/sobek"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/operator"
	"github.com/occbench/occbench/internal/run"
)

// An audit that fails is repeated: without it a whole run cannot be judged, and
// one request in a hundred may fail for good reasons.
const (
	auditTries = 3
	auditPause = 200 * time.Millisecond
)

// audit is `audit(options)`: it reads the whole list, records every record in
// play, and returns their ids. The first one says which records are in play.
func (i *instance) audit(call sobek.FunctionCall) (sobek.Value, error) {
	if i.vu.State() == nil {
		return nil, fmt.Errorf("auditing the records: there is no network in the init context; call audit in setup and teardown")
	}
	p, err := i.parseOptions(call.Argument(0))
	if err != nil {
		return nil, err
	}
	client, err := i.dial(&p)
	if err != nil {
		return nil, err
	}
	return i.auditAll(&p, client, nil)
}

// auditAll records how every record in play stands, and returns their ids.
func (i *instance) auditAll(p *run.Spec, shop operator.Shop, records []string) (sobek.Value, error) {
	if err := i.verify(p); err != nil {
		return nil, err
	}
	if err := i.open(p); err != nil {
		return nil, err
	}
	i.run.races.stop()
	i.run.intents.flush(i.run.recording.record)
	if err := i.playClockRecord(p, shop); err != nil {
		return nil, err
	}
	first := i.run.lastAudit.Swap(i.run.clock.now()+1) == 0
	ids, err := i.auditAgain(p, shop, records)
	if err == nil && first {
		err = i.playClockRecord(p, shop)
	}
	if err != nil {
		return nil, err
	}
	if err := i.run.recording.err(); err != nil {
		return nil, i.abort(err)
	}
	return i.vu.Runtime().ToValue(ids), nil
}

// auditAgain audits the records; the first audit says which records are in play.
func (i *instance) auditAgain(p *run.Spec, shop operator.Shop, records []string) ([]string, error) {
	b := recordSetOf(p, shop.API())
	if known := i.run.listEnrolled(b); known != nil {
		return i.auditBoard(p, shop, known)
	}
	ids, err := i.auditFirst(p, shop, records)
	if err == nil {
		err = i.run.enroll(b, ids)
	}
	return ids, err
}

// auditFirst audits the records of which nothing is known yet.
func (i *instance) auditFirst(p *run.Spec, shop operator.Shop, known []string) (ids []string, err error) {
	if known == nil {
		if known, err = i.listForeknown(p, shop.API()); err != nil {
			return nil, err
		}
	}
	ids, err = i.auditBoard(p, shop, known)
	if err == nil && len(ids) < len(known) {
		err = newMissingError(known, ids, shop.API())
	}
	if i.run.part.count > 1 {
		ids = chooseRoster(known, ids)
	}
	return ids, err
}

// chooseRoster returns the roster that every generator of the run takes: the records that
// all were given, in that order, or those that an audit shows, by id. In an audit's own
// order come first those that can still be updated, and they are others once another
// generator has begun.
func chooseRoster(known, shown []string) []string {
	if known != nil {
		return known
	}
	shown = slices.Clone(shown)
	slices.SortFunc(shown, operator.CompareIDs)
	return shown
}

func (i *instance) auditBoard(p *run.Spec, shop operator.Shop, known []string) (ids []string, err error) {
	begin := time.Now()
	for try := 1; ; try++ {
		ids, err = operator.Audit(detachContext(i.vu.Context()), shop, p.Tag, known, i.run.recording.record)
		if err == nil || try == auditTries || time.Since(begin) >= p.Timeout {
			return ids, err
		}
		time.Sleep(auditPause)
	}
}

// enlist returns the records in play, by an audit if there was none.
func (i *instance) enlist(p *run.Spec, shop operator.Shop, records []string) (*operator.Roster, error) {
	return i.run.roster(recordSetOf(p, shop.API()), func() ([]string, error) { return i.auditFirst(p, shop, records) })
}

// listForeknown returns the ids of the run's records as they are known before the first
// audit; nil where a list tells them.
func (i *instance) listForeknown(p *run.Spec, by *api.API) (ids []string, err error) {
	if path, given := i.readEnv()(run.EnvRecords); given {
		err = run.ReadJSON(path, &ids)
		return ids, err
	}
	switch {
	case by.List != nil:
		return nil, nil
	case by.IDs == nil:
		return nil, fmt.Errorf(
			"API %s has neither a list nor ids of the client's choice, so the records of the run have to be given: "+
				"OCC_RECORDS is the path of a JSON array of their ids, and an Operator with functions of its own takes them as `records`",
			by.Name,
		)
	case p.Records == 0:
		return nil, fmt.Errorf("API %s has no list that would tell how many records there are: give OCC_RECORD_COUNT", by.Name)
	}
	for n := range p.RecordsNeeded() {
		ids = append(ids, by.RecordID(p.Tag, n+1))
	}
	return ids, nil
}

// newMissingError returns the error for records that should exist and do not.
func newMissingError(known, there []string, by *api.API) error {
	first := slices.IndexFunc(known, func(id string) bool { return !slices.Contains(there, id) })
	return fmt.Errorf("%d of the %d records of the run are not there, the first is %s %s; seed them first (occbench seed)",
		len(known)-len(there), len(known), by.Words.Record, history.EncodeText(known[first]))
}
