package occ

import (
	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/lib"

	"github.com/occbench/occbench/internal/operator"
)

// ensureReady makes the operator in the first call, when there is a VU.
func (o *player) ensureReady() (*lib.State, error) {
	state, err := o.prepare()
	if err != nil || o.op != nil {
		return state, err
	}
	if o.op, err = operator.New(o.config(int32(max(state.VUIDGlobal, 1)))); err != nil {
		return nil, err
	}
	return state, o.beginRaces(state)
}

// prepare makes what an operator needs in the first call, when there is a VU.
func (o *player) prepare() (*lib.State, error) {
	state := o.vu.State()
	if state == nil {
		return nil, errInit
	}
	o.batch.tags.follow(state)
	if o.roster != nil {
		return state, nil
	}
	err := o.instance.open(&o.p)
	if err == nil {
		err = o.connect()
	}
	if err != nil {
		return nil, err
	}
	o.roster, err = o.enlist(&o.p, o.shop, o.records())
	return state, o.checkReturned(err)
}

// connect makes what speaks to the target, once.
func (o *player) connect() error {
	if o.shop != nil {
		return nil
	}
	if o.script != nil {
		o.shop = o.script
		return nil
	}
	client, err := o.dial(&o.p)
	if err == nil {
		o.shop = client
	}
	return err
}

// audit is `audit()`: the audit of this operator's records, by its own calls.
func (o *player) audit(sobek.FunctionCall) (sobek.Value, error) {
	if o.vu.State() == nil {
		return nil, errInit
	}
	if err := o.connect(); err != nil {
		return nil, err
	}
	ids, err := o.auditAll(&o.p, o.shop, o.records())
	return ids, o.checkReturned(err)
}
