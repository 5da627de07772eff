package telemetry

import "time"

// Settled says how the counts of a server came to rest.
type Settled string

// The ends. Data arrives over minutes, so a first look proves nothing unless it
// is already complete.
const (
	Equal     Settled = "equal"     // they are the clients' counts
	Quiet     Settled = "quiet"     // they are others, and have not changed for a while
	Restless  Settled = "restless"  // they still changed when the time was up
	Unsettled Settled = "unsettled" // not yet: ask again
)

// Settling decides when to stop asking: at once when the counts are the
// clients', else after two equal looks that lie Quiet apart. That holds for counts
// that leave out attempts which may not have arrived, too: they agree, and more may
// be on its way. Of a fresh run, two looks at nothing are no such looks.
type Settling struct {
	Want  Counts
	Quiet time.Duration // 60 s for CloudWatch
	Fresh bool          // the run is so recent that its first data may still be on its way

	since time.Time
	last  Server
}

// Observe takes what was seen at a time.
func (s *Settling) Observe(at time.Time, seen Server) Settled {
	whole := seen.Attempts == s.Want.Attempts && seen.ConflictSamples == seen.Attempts
	if whole && seen.Attempts > 0 && s.Want.Agree(seen.Attempts, seen.Conflicts) {
		return Equal
	}
	if s.Fresh && seen == (Server{}) {
		return Unsettled // nothing has arrived yet, so nothing has come to rest
	}
	if s.since.IsZero() || seen != s.last {
		s.since, s.last = at, seen
		return Unsettled
	}
	if at.Sub(s.since) >= s.Quiet {
		return Quiet
	}
	return Unsettled
}
