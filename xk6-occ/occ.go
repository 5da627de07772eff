// Package occ is k6/x/occ: operators who update records, for k6 scripts.
//
//	import { Operator, audit } from 'k6/x/occ';
//
// It adapts internal/operator to k6 and decides nothing itself: what an
// operator does is there, what k6 shows of it is here. What all operators of a
// process share (the recorder, the clock, the records in play) lies in one process;
// nothing an operator does per turn takes a lock of this package.
package occ

import (
	"go.k6.io/k6/v2/js/modules"
)

func init() { modules.Register("k6/x/occ", new(Module)) }

// Module is the root of the extension, one per process. k6 calls it for every
// VU, and for the VUs that run setup, teardown and the summary.
type Module struct {
	run process
}

// NewModuleInstance returns the module as one VU sees it.
func (m *Module) NewModuleInstance(vu modules.VU) modules.Instance {
	i := &instance{vu: vu, run: &m.run}
	i.prepare()
	return i
}

var (
	_ modules.Module   = &Module{}
	_ modules.Instance = &instance{}
)
