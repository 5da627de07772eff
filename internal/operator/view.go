package operator

import (
	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/workload"
)

// sight is one record as a list showed it. The zero sight is a record that the
// list did not show, or showed in a way that nothing can be concluded from.
type sight struct {
	state     string
	token     int64  // where tokens count
	tokenText string // where they are opaque
	marker    string
}

func toSight(r *client.Record) sight {
	return sight{state: r.State, token: r.Token, tokenText: r.TokenText, marker: r.Marker}
}

// isReadable reports whether a sight has all that an update needs.
func (v *view) isReadable(s sight) bool {
	return (s.token > 0 || s.tokenText != "") && (s.state != "" || v.stateless)
}

// view is the last list, by the roster's indexes; where records are read singly, the last
// sight of each. The rows of a list are shared by all operators who read it: what each
// remembers of a record is where that is.
type view struct {
	roster *Roster
	stride int
	states *api.States

	stateless bool // the API has no states: every update is legal
	single    bool // records are read one by one: of some nothing is known yet

	rows   []*client.Record // of the list, as in a sight; nil: as in the zero sight
	sights []sight          // where records are read one by one
	shown  []bool
	lost   []bool // was not shown when last looked for, and that is recorded
	odd    []oddRecord
	told   history.Op // of recordSights: a line of its own would be garbage in each turn
}

// oddRecord is a record of which the list said several things.
type oddRecord struct {
	index int
	said  []sight
}

func newView(r *Roster, stride int, by *api.API) view {
	v := view{
		roster:    r,
		states:    &by.States,
		stateless: len(by.States.Names) == 0,
		single:    ReadsSingly(by),

		stride: max(stride, 1),
		shown:  make([]bool, r.Len()),
		lost:   make([]bool, r.Len()),
	}
	if v.single {
		v.sights = make([]sight, r.Len())
	} else {
		v.rows = make([]*client.Record, r.Len())
	}
	return v
}

// sightOf returns what is known of a record.
func (v *view) sightOf(i int) sight {
	switch {
	case v.single:
		return v.sights[i]
	case v.rows[i] == nil:
		return sight{}
	}
	return toSight(v.rows[i])
}

// setSight stores what is known of a record from elsewhere, such as the answer to an update.
func (v *view) setSight(i int, now sight) {
	if v.single {
		v.sights[i] = now
		return
	}
	v.rows[i] = &client.Record{State: now.state, Token: now.token, TokenText: now.tokenText, Marker: now.marker}
}

// fill takes the run's records from a list. A record that is shown with two contents,
// or in the column of another status, is unreadable: neither can be trusted over
// the other.
func (v *view) fill(b *client.List) {
	clear(v.rows)
	clear(v.shown)
	v.odd = v.odd[:0]
	numbered := b.Roster == v.roster
	for _, row := range b.Records {
		i, ours := row.Index, row.Index >= 0
		if !numbered {
			i, ours = v.roster.Index(row.ID)
		}
		if !ours {
			continue
		}
		misplaced := row.IsMisplaced()
		if v.shown[i] || misplaced {
			v.odd = append(v.odd, oddRecord{index: i})
			if misplaced || v.sightOf(i) != toSight(row) {
				row = nil
			}
		}
		v.rows[i], v.shown[i], v.lost[i] = row, true, false
	}
	for k := range v.odd {
		v.odd[k].said = v.listSights(b, v.roster.ID(v.odd[k].index))
	}
}

// listSights returns the several things that a list says of a record: what each of its
// rows says and, where a row stands in the column of another status, that column's.
// It is nil for a record of which the list says nothing, or one thing.
func (v *view) listSights(b *client.List, id string) []sight {
	var all []sight
	for _, row := range b.Records {
		one := toSight(row)
		if row.ID != id || !v.isReadable(one) {
			continue
		}
		all = append(all, one)
		if row.IsMisplaced() {
			one.state = row.Group
			all = append(all, one)
		}
	}
	if len(all) < 2 {
		return nil
	}
	return all
}

// findMissing returns the first record that the list does not show and did show when
// last looked at, if there is one, and remembers that it is missing.
func (v *view) findMissing() (i int, ok bool) {
	for i := range v.shown {
		if !v.shown[i] && !v.lost[i] {
			v.lost[i] = true
			return i, true
		}
	}
	return 0, false
}

// findFrom returns the first record at or after an index that the walk can update, or that
// has yet to be read, in steps of the stride, and from the end of the list on from
// where these steps come from at its beginning.
func (v *view) findFrom(start int, walk workload.Walk) (i int, ok bool) {
	start %= len(v.shown)
	for i = start; i < len(v.shown); i += v.stride {
		if v.isHopeful(i, walk) {
			return i, true
		}
	}
	for i = start % v.stride; i < start; i += v.stride {
		if v.isHopeful(i, walk) {
			return i, true
		}
	}
	return start, false
}

// isHopeful reports whether an operator that looks for a record may take this one.
func (v *view) isHopeful(i int, walk workload.Walk) bool {
	return v.canUpdate(i, walk) || v.single && !v.isReadable(v.sightOf(i))
}

func (v *view) canUpdate(i int, walk workload.Walk) bool {
	now := v.sightOf(i)
	if !v.isReadable(now) {
		return false
	}
	if v.stateless {
		return true
	}
	_, ok := v.states.Next(walk.String(), now.state)
	return ok
}

// isComplete reports whether the list showed every record of the run. One that is
// missing may come back, so an incomplete list proves no exhaustion.
func (v *view) isComplete() bool {
	for i := range v.shown {
		if !v.isReadable(v.sightOf(i)) {
			return false
		}
	}
	return true
}
