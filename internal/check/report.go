package check

import (
	"fmt"
	"slices"
)

// Report is the verdict on a history; as JSON it is anomalies.json.
type Report struct {
	Judged     bool      `json:"judged"`
	Why        []string  `json:"why"`               // why it was not judged; empty when it was
	History    string    `json:"history,omitempty"` // hash of the history's file; "": it was not read from one
	Operations int64     `json:"operations"`
	Updates    int64     `json:"updates"`
	Records    int       `json:"records"`
	Unproven   int64     `json:"unproven"`            // 409s for a version not seen before that are neither right nor wrong for certain
	Unaudited  bool      `json:"unaudited,omitempty"` // it has no audits, so what was lost after the last read is not seen
	Shared     bool      `json:"shared_records"`      // others were said to update the records too
	Foreign    int64     `json:"foreign_updates"`     // versions that others must have made; 0 unless shared
	Anomalies  []Anomaly `json:"anomalies"`           // by invariant; empty when none was broken

	// SetAside counts operations that could not be used. A history without findings is not judged
	// when there is any.
	SetAside []SetAside `json:"set_aside,omitempty"`

	// Withheld are findings in a history that cannot be judged only because its
	// end or its audits are missing. What is here cannot be healed by what is
	// missing, but it is not a verdict.
	Withheld []Anomaly `json:"withheld,omitempty"`
}

// Count returns the number of anomalies of one invariant.
func (r *Report) Count(id ID) int64 {
	for i := range r.Anomalies {
		if r.Anomalies[i].ID == id {
			return r.Anomalies[i].Count
		}
	}
	return 0
}

// report is the verdict without proofs.
func (c *Checker) report() Report {
	r := Report{Operations: c.ops, Updates: c.trust.moves, Records: c.recordCount(), Unproven: c.tally.unproven,
		Shared: c.options.Shared, Unaudited: c.options.Unaudited, SetAside: c.setAsides(), Why: []string{}, Anomalies: []Anomaly{}}
	if r.Shared {
		r.Foreign = c.tally.foreign
	}
	if !c.options.Excerpt {
		r.Why = append(r.Why, c.flaws()...)
	}
	if len(r.SetAside) > 0 && !c.tally.hasAny() {
		r.Why = append(r.Why, asideSentence(r.SetAside))
	}
	r.Judged = len(r.Why) == 0
	if r.Judged {
		r.Anomalies = c.tally.anomalies()
	}
	return r
}

// recordCount returns how many records the history speaks of.
func (c *Checker) recordCount() int {
	if c.options.Opaque {
		return len(c.tokens.Records())
	}
	return len(c.frames[0].order)
}

func (t *tally) hasAny() bool {
	return slices.ContainsFunc(t.count[:], func(n int64) bool { return n > 0 })
}

// anomalies are the counts, each with its first suspect's place.
func (t *tally) anomalies() []Anomaly {
	found := []Anomaly{}
	for id := ID(1); id < afterLast; id++ {
		if t.count[id] > 0 {
			found = append(found, t.anomaly(id))
		}
	}
	return found
}

func (t *tally) anomaly(id ID) Anomaly {
	f := Anomaly{
		ID:         id,
		Title:      invariants[id].Title,
		Count:      t.count[id],
		Fix:        invariants[id].Fix,
		Tokens:     []int64{},
		Operations: []Evidence{},
		words:      t.words,
		opaque:     t.opaque,
		states:     t.states,
	}
	if first := t.first[id]; len(first) > 0 {
		f.Record, f.Closed = t.nameOf(first[0].record), first[0].closed
	}
	return f
}

// flaws lists in words what makes the history unfit to be judged.
func (c *Checker) flaws() []string {
	var why []string
	for _, flaw := range []string{c.trust.clock, c.trust.overlap} {
		if flaw != "" {
			why = append(why, flaw)
		}
	}
	why = append(why, c.trust.missingAudits(c.options.Unaudited)...)
	if len(why) == 0 && !c.options.Unaudited {
		why = c.missingRecords()
	}
	return why
}

// missingRecords names a record that may have changed and is not in the final audit.
func (c *Checker) missingRecords() []string {
	if c.tally.opaque {
		for _, f := range c.tokens.Records() {
			if f.Changed && f.Audited < c.trust.end {
				return missingRecord(f.ID)
			}
		}
		return nil
	}
	for _, k := range c.frames[0].order {
		if k.moved && k.audited < c.trust.end {
			return missingRecord(k.id)
		}
	}
	return nil
}

func missingRecord(id string) []string {
	return []string{fmt.Sprintf("record %s was updated and is missing in the final audit", id)}
}

// Finish ends the history and returns the verdict without the operations that
// prove it, which the checker does not keep: use File or History for those.
func (c *Checker) Finish() Report {
	c.judge(c.options.Shared)
	return c.report()
}
