package check

import (
	"cmp"
	"slices"

	"github.com/occbench/occbench/internal/check/lineage"
)

// A token that does not come back is there for one stretch of time. Stretches of two
// tokens that must overlap say that one of them came back (Gibbons and Korach 1997
// call them zones). The smallest example: token a is read, then b, then a again.
//
// The contents of a family follow each other without another between them: each
// update was accepted because its parent was the current one. So where all
// contents are told apart by markers, a family has one stretch. Counter-example
// without: a server changes the token of a content by itself, so b may be an earlier
// token of the content that c was the token of when the update from a was answered.
type zones struct {
	all map[*lineage.Record]*stretches
}

// stretches are those of a record's tokens and families.
type stretches struct {
	tokens   []zone // by reads alone: an answer tells the token of a moment, or none
	families []zone // where all contents are told apart
	contents []zone // of contents that were made one from the other, where all updates have markers
	made     []zone // of those of them that are known to be the work of attempts, each of another one
	changes  []zone // the updates that are known to have changed the content
}

// zone bounds the stretch of time of a family: it was there at some
// instant up to low and at some instant from high on. Where low is before high,
// it was there all the time between them.
type zone struct {
	record    *record
	low, high int64
	from, to  int64 // the versions that say so
}

// isLasting reports whether there is a stretch in which the family must have been there.
func (z *zone) isLasting() bool { return z.low < z.high }

// add takes the family of a view that is loaded, of a record with so many.
func (z *zones) add(v *view, families int) {
	f := v.record.of
	if f == nil || f.Reused || families < 2 && len(f.Told) == 0 {
		return
	}
	if z.all == nil {
		z.all = map[*lineage.Record]*stretches{}
	}
	of := z.all[f]
	if of == nil {
		of = &stretches{}
		z.all[f] = of
	}
	whole := zone{record: v.record, low: never, high: none}
	marked := f.Marked && !f.Bare
	for i := range v.row {
		r := &v.row[i]
		if r.last != none && r.from == r.to {
			of.tokens = append(of.tokens, zone{v.record, r.up, r.last, r.from, r.from})
		}
		if at := r.knownBy(); at < whole.low {
			whole.low, whole.from = at, r.from
		}
		if at := max(r.last, r.own); at > whole.high {
			whole.high, whole.to = at, r.from
		}
		if marked && r.from == r.to {
			of.addContent(v, i)
		}
	}
	if marked && !f.Blank && whole.low != never {
		of.families = append(of.families, whole)
	}
}

// addContent takes the content of row i, and the update that made it. Such an update was accepted
// because the content before was the current one, so one stretch holds both.
func (of *stretches) addContent(v *view, i int) {
	r := &v.row[i]
	one := zone{v.record, r.knownBy(), max(r.last, r.own), r.from, r.from}
	of.contents = extend(of.contents, one, r.acked())
	if r.acked() {
		of.made = extend(of.made, one, true)
		of.changes = append(of.changes, zone{v.record, r.ownEnd, r.own, r.from, r.from})
	}
}

// extend returns the stretches with one more content, which is a part of the last one where
// it was made from that one's.
func extend(all []zone, one zone, made bool) []zone {
	if n := len(all); made && n > 0 && all[n-1].record == one.record && all[n-1].to == one.from-1 {
		had := &all[n-1]
		had.low, had.high, had.to = min(had.low, one.low), max(had.high, one.high), one.to
		return all
	}
	return append(all, one)
}

// judgeContents reports contents that were there before and after the whole call of an update of
// another family: their tokens came back for another content.
func (of *stretches) judgeContents(t *tally) (found bool) {
	slices.SortFunc(of.changes, func(a, b zone) int { return cmp.Compare(a.high, b.high) })
	first := make([][2]*zone, len(of.changes)+1) // of the changes from each on, those of two families that ended first
	for i := len(of.changes) - 1; i >= 0; i-- {
		c, had := &of.changes[i], first[i+1]
		switch {
		case had[0] == nil || had[0].record == c.record && c.low <= had[0].low:
			had[0] = c
		case had[0].record == c.record:
		case c.low <= had[0].low:
			had = [2]*zone{c, had[0]}
		case had[1] == nil || c.low <= had[1].low:
			had[1] = c
		}
		first[i] = had
	}
	for i := range of.contents {
		z := &of.contents[i]
		at, _ := slices.BinarySearchFunc(of.changes, z.low, func(c zone, low int64) int {
			if c.high <= low {
				return -1
			}
			return 1
		})
		for _, c := range first[at] {
			if c != nil && c.record != z.record && c.low < z.high {
				found = true
				t.addZones(z, c)
				break
			}
		}
	}
	return found
}

// judge reports the families that must have been there while another one was, and tells
// whether there are any.
func (z *zones) judge(t *tally, on *placer) (found bool) {
	for f, of := range z.all {
		lasting, back := judgeZones(of.tokens, t)
		if !back {
			_, back = judgeZones(of.families, t)
		}
		if !back {
			back = of.judgeContents(t)
		}
		if !back {
			_, back = judgeZones(of.made, t)
		}
		found = findToldWrong(f, lasting, t, on) || back || found
	}
	return found
}

// judgeZones reports stretches that must overlap, and returns those that last, in order;
// they do not overlap.
func judgeZones(all []zone, t *tally) (lasting []*zone, found bool) {
	slices.SortFunc(all, func(a, b zone) int { return cmp.Compare(a.low, b.low) })
	for i := range all {
		if n := len(lasting); all[i].isLasting() && (n == 0 || lasting[n-1].high <= all[i].low) {
			lasting = append(lasting, &all[i])
		} else if all[i].isLasting() && lasting[n-1].record != all[i].record {
			found = true
			t.addZones(lasting[n-1], &all[i])
		}
	}
	for i := range all {
		one := &all[i]
		if one.isLasting() {
			continue
		}
		at, _ := slices.BinarySearchFunc(lasting, one.low, func(l *zone, low int64) int {
			if l.high <= low {
				return -1
			}
			return 1
		})
		if at < len(lasting) && one.high > lasting[at].low && one.record != lasting[at].record {
			found = true
			t.addZones(lasting[at], one)
		}
	}
	return lasting, found
}

// findToldWrong reports bodies of conflicts that tell a token although another one was there
// throughout the call.
func findToldWrong(f *lineage.Record, lasting []*zone, t *tally, on *placer) (found bool) {
	if len(lasting) == 0 {
		return false
	}
	for _, told := range f.Told {
		told.Start, told.End = on.placeCall(told.Generator, told.Start, told.End)
		at, _ := slices.BinarySearchFunc(lasting, told.End, func(l *zone, end int64) int {
			if l.high <= end {
				return -1
			}
			return 1
		})
		if at == len(lasting) || lasting[at].low >= told.Start {
			continue
		}
		if l := lasting[at]; l.record.root != told.Root || l.from != told.Version {
			found = true
			t.add(suspect{id: OCC12, record: f.ID, version: none, other: none, from: none, line: told.Line, raw: true,
				beside: &place{l.record.id, l.from}, until: l.to})
		}
	}
	return found
}

// addZones reports that a family was there while another one must have been.
func (t *tally) addZones(lasting, within *zone) {
	t.add(suspect{id: OCC08, record: lasting.record.id, version: lasting.to, other: lasting.from, from: within.low,
		beside: &place{within.record.id, within.from}, until: within.to})
}
