package occ

import (
	"fmt"

	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/js/modules"
)

// instance is the module of one VU; only that VU's goroutine uses it.
type instance struct {
	vu      modules.VU
	run     *process
	metrics *occMetrics
	exports modules.Exports
}

// prepare does what k6 allows in the init context only, and converts the
// exports once: k6 asks for them at every use of an imported name.
func (i *instance) prepare() {
	rt := i.vu.Runtime()
	metrics, err := registerMetrics(i.vu.InitEnv().Registry)
	if err != nil {
		common.Throw(rt, fmt.Errorf("registering the metrics of k6/x/occ: %w", err))
	}
	i.metrics = metrics
	i.run.begin(i.vu, i.env())
	i.exports = modules.Exports{Named: map[string]any{
		"Operator":   rt.ToValue(i.constructor()),
		"Desk":       rt.ToValue(i.newDesk()),
		"audit":      rt.ToValue(i.guard("audit", i.audit)),
		"parameters": rt.ToValue(i.guard("parameters", i.parameters)),
		"finish":     rt.ToValue(i.guard("finish", i.finish)),
	}}
}

// Exports returns what a script can import.
func (i *instance) Exports() modules.Exports { return i.exports }

// env reads a script's __ENV, which holds the process's environment and what
// was given to k6 with -e.
func (i *instance) env() lookup {
	env := i.vu.Runtime().GlobalObject().Get("__ENV")
	if common.IsNullish(env) {
		return func(string) (string, bool) { return "", false }
	}
	object := env.ToObject(i.vu.Runtime())
	return func(name string) (string, bool) {
		value := object.Get(name)
		if common.IsNullish(value) || value.String() == "" {
			return "", false
		}
		return value.String(), true
	}
}
