package check

import (
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/reference-server/appointment"
)

// misbehave plays the server's fault, and reports whether it answered (or will).
func (s *sim) misbehave(c *simRecord, expected int64, target appointment.Status, reply func(simAnswer)) bool {
	fault := simFaults[s.fault]
	return fault != nil && s.r.Float64() < s.rate && fault(s, c, expected, target, reply)
}

// apply changes a row without looking at its version.
func (c *simRecord) apply(target appointment.Status) {
	c.version, c.status = c.version+1, target
}

func fresh(c *simRecord, expected int64, target appointment.Status) bool {
	return c.version == expected && appointment.IsLegal(c.status, target)
}

// simFaults break one thing each.
var simFaults = map[string]func(s *sim, c *simRecord, expected int64, target appointment.Status, reply func(simAnswer)) bool{
	"lost-update": func(_ *sim, c *simRecord, _ int64, target appointment.Status, reply func(simAnswer)) bool {
		c.apply(target)
		reply(moved(c))
		return true
	},
	"check-then-act": func(s *sim, c *simRecord, expected int64, target appointment.Status, reply func(simAnswer)) bool {
		if fresh(c, expected, target) {
			s.after(s.network.way(s.r), func() { c.apply(target); reply(moved(c)) })
			return true
		}
		return false
	},
	"retry-on-conflict": func(_ *sim, c *simRecord, _ int64, target appointment.Status, reply func(simAnswer)) bool {
		if appointment.IsLegal(c.status, target) {
			c.apply(target)
			reply(moved(c))
			return true
		}
		return false
	},
	"no-increment": func(_ *sim, c *simRecord, expected int64, target appointment.Status, reply func(simAnswer)) bool {
		if fresh(c, expected, target) {
			c.status = target
			reply(moved(c))
			return true
		}
		return false
	},
	"double-increment": func(_ *sim, c *simRecord, expected int64, target appointment.Status, reply func(simAnswer)) bool {
		if fresh(c, expected, target) {
			c.version, c.status = c.version+2, target
			reply(moved(c))
			return true
		}
		return false
	},
	"version-skew": func(s *sim, c *simRecord, expected int64, target appointment.Status, reply func(simAnswer)) bool {
		if fresh(c, expected, target) {
			c.apply(target)
			s.after(20*s.network.way(s.r), func() { reply(moved(c)) })
			return true
		}
		return false
	},
	"phantom-success": func(_ *sim, c *simRecord, expected int64, target appointment.Status, reply func(simAnswer)) bool {
		if fresh(c, expected, target) {
			reply(simAnswer{history.Applied, 200, expected + 1, target})
			return true
		}
		return false
	},
	"ack-then-rollback": func(s *sim, c *simRecord, expected int64, target appointment.Status, reply func(simAnswer)) bool {
		if fresh(c, expected, target) {
			before := c.register
			c.apply(target)
			reply(moved(c))
			c.register = before
			return true
		}
		return false
	},
	"phantom-failure": func(_ *sim, c *simRecord, expected int64, target appointment.Status, reply func(simAnswer)) bool {
		if fresh(c, expected, target) {
			c.apply(target)
			reply(simAnswer{history.ServerError, 500, history.None, ""})
			return true
		}
		return false
	},
	"dirty-refusal": func(s *sim, c *simRecord, expected int64, target appointment.Status, reply func(simAnswer)) bool {
		if fresh(c, expected, target) {
			c.apply(target)
			reply(s.refusal(c, expected))
			return true
		}
		return false
	},
	"spurious-conflict": func(_ *sim, c *simRecord, expected int64, target appointment.Status, reply func(simAnswer)) bool {
		reply(simAnswer{history.Conflict, 409, history.None, ""})
		return true
	},
	"masked-conflict": func(_ *sim, c *simRecord, expected int64, target appointment.Status, reply func(simAnswer)) bool {
		if c.version != expected {
			reply(simAnswer{history.Rejected, 422, history.None, ""})
			return true
		}
		return false
	},
	"version-reset": func(_ *sim, c *simRecord, expected int64, target appointment.Status, reply func(simAnswer)) bool {
		if fresh(c, expected, target) {
			c.version, c.status = 1, target
			reply(moved(c))
			return true
		}
		return false
	},
	"torn-status": func(_ *sim, c *simRecord, expected int64, target appointment.Status, reply func(simAnswer)) bool {
		if fresh(c, expected, target) {
			from := c.status
			c.apply(target)
			reply(moved(c))
			c.status = from
			return true
		}
		return false
	},
	"illegal-transition": func(_ *sim, c *simRecord, expected int64, target appointment.Status, reply func(simAnswer)) bool {
		if c.version == expected && c.status == appointment.Scheduled {
			c.apply(appointment.Ready)
			reply(moved(c))
			return true
		}
		return false
	},
	"double-apply": func(_ *sim, c *simRecord, expected int64, target appointment.Status, reply func(simAnswer)) bool {
		if fresh(c, expected, target) {
			c.apply(target)
			reply(moved(c))
			c.apply(target)
			return true
		}
		return false
	},
	"malformed-answer": func(_ *sim, c *simRecord, expected int64, target appointment.Status, reply func(simAnswer)) bool {
		if fresh(c, expected, target) {
			c.apply(target)
			reply(simAnswer{history.Malformed, 200, history.None, ""})
			return true
		}
		return false
	},
}

// write changes records beside the protocol.
func (s *sim) write() {
	c := &s.records[s.r.IntN(len(s.records))]
	if to := walk[c.status]; to != "" {
		if s.fault == "unversioned-writer" {
			c.status = to
		} else {
			c.apply(to)
		}
	}
	s.after(int64(s.r.ExpFloat64()*float64(40*ms)), s.write)
}
