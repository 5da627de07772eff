package occ

import (
	"fmt"
	"strconv"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/js/modules"

	"github.com/occbench/occbench/internal/operator"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/stall"
	"github.com/occbench/occbench/internal/workload"
)

// prepare does what k6 allows in the init context only, and converts the
// exports once: k6 asks for them at every use of an imported name.
func (i *instance) prepare() {
	rt := i.vu.Runtime()
	metrics, err := registerMetrics(i.vu.InitEnv().Registry)
	if err != nil {
		common.Throw(rt, fmt.Errorf("registering the metrics of k6/x/occ: %w", err))
	}
	i.metrics = metrics
	i.run.begin(i.vu, i.readEnv())
	i.exports = modules.Exports{Named: map[string]any{
		"Operator":   rt.ToValue(i.constructor()),
		"Desk":       rt.ToValue(i.newDesk()),
		"audit":      rt.ToValue(i.guard("audit", i.audit)),
		"parameters": rt.ToValue(i.guard("parameters", i.parameters)),
		"finish":     rt.ToValue(i.guard("finish", i.finish)),
	}}
}

// begin is called for every VU; the first one decides.
func (r *process) begin(vu modules.VU, env lookup) {
	r.once.Do(func() {
		base, _ := env(run.EnvBase)
		r.clock = newClock(base, time.Now())
		r.word = strconv.FormatInt(r.clock.wallTime(0).UnixMicro(), 36)
		r.part.folder, _ = env(run.EnvDir)
		r.rosters, r.spare, r.timing = map[recordSet]*operator.Roster{}, map[recordSet]*operator.Roster{}, map[recordSet]*operator.Roster{}
		r.quota = stall.ReadQuota()
		r.recording.now = r.clock.now
		r.arrivals = map[string]*arrivals{}
		closeAtExit(vu, r, vu.InitEnv().Logger)
	})
}

// constructor is `new Operator(options)`. It only reads its parameters: the
// init context, where scripts make their operators, has no network.
func (i *instance) constructor() func(sobek.ConstructorCall) *sobek.Object {
	return func(call sobek.ConstructorCall) *sobek.Object {
		rt := i.vu.Runtime()
		_, err := i.try("Operator", func() (sobek.Value, error) {
			return nil, i.construct(call)
		})
		if err != nil {
			common.Throw(rt, err)
		}
		return nil
	}
}

func (i *instance) construct(call sobek.ConstructorCall) error {
	p, err := i.parseOptions(call.Argument(0), readOption, updateOption, recordsOption)
	if err != nil {
		return err
	}
	o := &player{instance: i, p: p}
	if o.script, err = i.newScript(call.Argument(0), &p); err != nil {
		return err
	}
	if o.script != nil {
		o.p.Races = workload.Races{} // a crew sends at one instant, and a VU makes one call at a time
	}
	o.batch = batch{metrics: i.metrics, clock: &i.run.clock, timeout: p.Timeout, every: chooseThinning(&p)}
	methods := map[string]function{
		"turns": o.turns, "turn": o.turn, "audit": o.audit, "list": o.list, "pick": o.pick, "update": o.update, "arrivals": o.playArrivals,
		"share": o.playShare,
	}
	for name, method := range methods {
		if err := call.This.Set(name, i.guard("Operator."+name, method)); err != nil {
			return fmt.Errorf("making method %s: %w", name, err)
		}
	}
	return nil
}

// newDesk is `new Desk(options)`.
func (i *instance) newDesk() func(sobek.ConstructorCall) *sobek.Object {
	return func(call sobek.ConstructorCall) *sobek.Object {
		_, err := i.try("Desk", func() (sobek.Value, error) { return nil, i.constructDesk(call) })
		if err != nil {
			common.Throw(i.vu.Runtime(), err)
		}
		return nil
	}
}

func (i *instance) constructDesk(call sobek.ConstructorCall) error {
	p, err := i.parseOptions(call.Argument(0))
	if err != nil {
		return err
	}
	d := &desk{instance: i, p: p}
	methods := map[string]function{
		"number": d.number, "seat": d.seated, "now": d.now, "list": d.list, "next": d.next,
		"overtake": d.overtake, "begins": d.begins, "ends": d.ends, "sent": d.sent, "note": d.note,
	}
	for name, method := range methods {
		if err := call.This.Set(name, i.guard("Desk."+name, method)); err != nil {
			return fmt.Errorf("making method %s: %w", name, err)
		}
	}
	return nil
}
