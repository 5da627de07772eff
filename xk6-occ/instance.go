package occ

import (
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

// Exports returns what a script can import.
func (i *instance) Exports() modules.Exports { return i.exports }

// readEnv reads a script's __ENV, which holds the process's environment and what
// was given to k6 with -e.
func (i *instance) readEnv() lookup {
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
