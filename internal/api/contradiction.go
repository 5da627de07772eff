package api

import (
	"fmt"
	"slices"
)

// contradiction returns why no answer can meet the condition; empty where one can.
func (c *condition) contradiction() string {
	absent := map[string]bool{}
	for _, f := range c.absent {
		absent[f.String()] = true
	}
	wanted := map[string]string{}
	for _, e := range c.when {
		wanted[e.at.String()] = e.text
	}
	for _, e := range c.unless {
		if text, ok := wanted[e.at.String()]; ok && text == e.text {
			return fmt.Sprintf("%s is to be %s, and not to be it", e.at, text)
		}
	}
	for at := range wanted {
		if absent[at] {
			return at + " is to be absent, and to have a value"
		}
	}
	for _, f := range c.require {
		if absent[f.String()] {
			return f.String() + " is to be absent, and to be there"
		}
	}
	return ""
}

// isBare reports whether the condition looks at nothing but the status.
func (c *condition) isBare() bool {
	return len(c.when)+len(c.unless)+len(c.require)+len(c.absent)+len(c.same) == 0
}

// covers reports whether every answer that meets other has a status of c.
func (c *condition) covers(other *condition) bool {
	return !slices.ContainsFunc(other.status, func(r statusRange) bool {
		for status := r.from; status <= r.to; status++ {
			if !c.hasStatus(status) {
				return true
			}
		}
		return false
	})
}

// findSharedStatus returns a status that both conditions have, 0 where there is none.
func (c *condition) findSharedStatus(other *condition) int {
	for status := 100; status < 600; status++ {
		if c.hasStatus(status) && other.hasStatus(status) {
			return status
		}
	}
	return 0
}
