package occ

import (
	"sync"
	"sync/atomic"

	"github.com/occbench/occbench/internal/history"
)

// owners knows, once there is a browser, which versions were acknowledged to a
// client of this run.
type owners struct {
	on     atomic.Bool
	mu     sync.Mutex
	recent map[string][]int64 // by record; a refusal is of late
}

const recentVersions = 8

func (o *owners) note(op *history.Op) {
	if op.Kind != history.Update || op.Outcome != history.Applied || !o.on.Load() {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.recent == nil {
		o.recent = map[string][]int64{}
	}
	versions := append(o.recent[op.Record], op.Token)
	o.recent[op.Record] = versions[max(0, len(versions)-recentVersions):]
}

func (o *owners) has(record string, version int64) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, v := range o.recent[record] {
		if v == version {
			return true
		}
	}
	return false
}
