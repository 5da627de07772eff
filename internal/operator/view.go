package operator

import (
	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/workload"
)

// sight is what a board showed of one card. The zero sight is a card that the
// board did not show, or showed in a way that nothing can be concluded from.
type sight struct {
	status  string
	version int64
}

// readable reports whether the board showed all that a move needs.
func (s sight) readable() bool { return s.version > 0 && s.status != "" }

// view is the last board, by the roster's indexes.
type view struct {
	roster *Roster
	stride int
	states *api.States
	cards  []sight
	shown  []bool
	lost   []bool // was not shown when last looked for, and that is recorded
	odd    []int  // cards of which the board said several things
}

func newView(r *Roster, stride int, states *api.States) view {
	return view{
		roster: r,
		states: states,
		stride: max(stride, 1),
		cards:  make([]sight, r.Len()),
		shown:  make([]bool, r.Len()),
		lost:   make([]bool, r.Len()),
	}
}

// fill takes the run's cards from a board. A card that is shown with two contents,
// or in the column of another status, is unreadable: neither can be trusted over
// the other.
func (v *view) fill(b *client.List) {
	clear(v.cards)
	clear(v.shown)
	v.odd = v.odd[:0]
	for k := range b.Records {
		card := &b.Records[k]
		i, ours := v.roster.Index(card.ID)
		if !ours {
			continue
		}
		if v.shown[i] || card.Misplaced() {
			v.odd = append(v.odd, i)
		}
		now := sight{status: card.State, version: card.Token}
		if v.shown[i] && v.cards[i] != now || card.Misplaced() {
			now = sight{}
		}
		v.cards[i], v.shown[i], v.lost[i] = now, true, false
	}
}

// said returns the several things that a board says of a card: what each of its
// rows says and, where a row stands in the column of another status, that column's.
// It is nil for a card of which the board says nothing, or one thing.
func said(b *client.List, id string) []sight {
	var all []sight
	for k := range b.Records {
		card := &b.Records[k]
		if card.ID != id || !(sight{card.State, card.Token}).readable() {
			continue
		}
		all = append(all, sight{card.State, card.Token})
		if card.Misplaced() {
			all = append(all, sight{card.Group, card.Token})
		}
	}
	if len(all) < 2 {
		return nil
	}
	return all
}

// missing returns the first card that the board does not show and did show when
// last looked at, if there is one, and remembers that it is missing.
func (v *view) missing() (i int, ok bool) {
	for i := range v.shown {
		if !v.shown[i] && !v.lost[i] {
			v.lost[i] = true
			return i, true
		}
	}
	return 0, false
}

// from returns the first card at or after an index that the walk can move, in
// steps of the stride, and from the end of the list on from where these steps
// come from at its beginning.
func (v *view) from(start int, walk workload.Walk) (i int, ok bool) {
	start %= len(v.cards)
	for i = start; i < len(v.cards); i += v.stride {
		if v.movable(i, walk) {
			return i, true
		}
	}
	for i = start % v.stride; i < start; i += v.stride {
		if v.movable(i, walk) {
			return i, true
		}
	}
	return start, false
}

func (v *view) movable(i int, walk workload.Walk) bool {
	_, ok := v.states.Next(walk.String(), v.cards[i].status)
	return ok && v.cards[i].readable()
}

// complete reports whether the board showed every card of the run. One that is
// missing may come back, so an incomplete board proves no exhaustion.
func (v *view) complete() bool {
	for _, c := range v.cards {
		if !c.readable() {
			return false
		}
	}
	return true
}
