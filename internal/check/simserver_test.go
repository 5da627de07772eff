package check

import (
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/reference-server/appointment"
)

// simRecord is a row of the server's table.
type simRecord struct {
	register
	cached   register // what a server with stale reads shows
	cachedAt int64
}

type simAnswer struct {
	outcome history.Outcome
	http    int16
	version int64
	status  appointment.Status
}

// readRecord answers a read of one record.
func (s *sim) readRecord(c *simRecord) simAnswer {
	seen := c.register
	if s.fault == "stale-board" {
		if s.now-c.cachedAt > 30*ms {
			c.cached, c.cachedAt = c.register, s.now
		}
		seen = c.cached
	}
	return simAnswer{history.Seen, 200, seen.version, seen.status}
}

func moved(c *simRecord) simAnswer {
	return simAnswer{history.Applied, 200, c.version, c.status}
}

// moveRecord serves an update as the contract says: one conditional UPDATE, and where
// that changed nothing one SELECT, which comes a little later.
func (s *sim) moveRecord(c *simRecord, expected int64, target appointment.Status, reply func(simAnswer)) {
	if s.r.Float64() < s.errors {
		reply(simAnswer{history.ServerError, 500, history.None, ""})
		return
	}
	if s.r.Float64() < s.throttled {
		reply(simAnswer{history.Throttled, 429, history.None, ""})
		return
	}
	if s.misbehave(c, expected, target, reply) {
		return
	}
	if c.version == expected && appointment.IsLegal(c.status, target) {
		c.version, c.status = c.version+1, target
		reply(moved(c))
		return
	}
	s.after(s.network.way(s.r)/4, func() { reply(s.refusal(c, expected)) })
}

// refusal is the SELECT that tells 409 from 422.
func (s *sim) refusal(c *simRecord, expected int64) simAnswer {
	switch {
	case c.version == expected:
		return simAnswer{history.Rejected, 422, history.None, c.status}
	case s.terse:
		return simAnswer{history.Conflict, 409, history.None, ""}
	}
	return simAnswer{history.Conflict, 409, c.version, c.status}
}
