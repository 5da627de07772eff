package occ

import (
	"context"
	"sync"
)

// races is the crew that plays races beside the operators of the process, from
// the first turn until the end of its scenario or the last audit, whichever comes
// first: what is sent after an audit is not in it.
type races struct {
	begun sync.Once
	mu    sync.Mutex
	end   context.CancelFunc // nil: no crew plays
	done  chan struct{}
}

// stop ends the crew and waits for the race that is under way.
func (r *races) stop() {
	r.mu.Lock()
	end, done := r.end, r.done
	r.mu.Unlock()
	if end != nil {
		end()
		<-done
	}
}
