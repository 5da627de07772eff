package watch

import "time"

// pace spaces looks so that their rest is at least so many times as long as they
// took: the load generator needs the processor. The zero begin of a pace is due.
type pace struct {
	share int
	begun time.Time
	next  time.Time
}

// beginLook reports whether it is time for a look; if it is, the look begins now.
func (p *pace) beginLook() bool {
	now := time.Now()
	if now.Before(p.next) {
		return false
	}
	p.begun = now
	return true
}

// endLook ends a look and sets when the next one is due.
func (p *pace) endLook() {
	now := time.Now()
	p.next = now.Add(time.Duration(p.share) * now.Sub(p.begun))
}
