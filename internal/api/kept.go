package api

import "bytes"

// keptRow is a record of a list as it was read last.
type keptRow struct {
	text []byte // of the record, which the row's texts are of
	row  Row
}

// keptRows are the records of the last reading of a list, in their order.
type keptRows struct {
	of    *List
	terse bool
	old   []*keptRow // of the last reading
	at    int        // the first of them that may still come
	new   []*keptRow // of the reading under way
	free  []*keptRow
	bytes int
}

// A record that was updated comes in another text, and mostly at another place: few of
// those that followed on it are passed over to find the next one that is as it was.
const searched = 8

// mostKept is about how many bytes are kept; what is longer is read anew.
const mostKept = 4 << 20

// rowSize is about what a row takes beside its text.
const rowSize = 256

// begin prepares for a reading of a list.
func (k *keptRows) begin(l *List, terse bool) {
	k.release(k.old[k.at:])
	k.old, k.new, k.at, k.bytes = k.new, k.old[:0], 0, 0
	if k.of != l || k.terse != terse {
		k.release(k.old)
		k.of, k.terse, k.old = l, terse, nil
	}
	if len(k.free) > 2*len(k.old)+64 {
		k.free = nil
	}
}

// release takes rows back that are not kept any longer.
func (k *keptRows) release(rows []*keptRow) { k.free = append(k.free, rows...) }

// find returns the kept row of the record that a text begins with, or nil.
func (k *keptRows) find(text []byte) *keptRow {
	for i := k.at; i < min(k.at+searched, len(k.old)); i++ {
		if row := k.old[i]; bytes.HasPrefix(text, row.text) {
			k.release(k.old[k.at:i])
			k.at = i + 1
			k.new = append(k.new, row)
			return row
		}
	}
	return nil
}

// next returns the kept row that follows on the last one, if a text begins with its record.
func (k *keptRows) next(text []byte) *keptRow {
	if k.at == len(k.old) || !bytes.HasPrefix(text, k.old[k.at].text) {
		return nil
	}
	row := k.old[k.at]
	k.at++
	k.new = append(k.new, row)
	return row
}

// row returns a row for a record that is to be read, with a copy of its text.
func (k *keptRows) row(text []byte) *keptRow {
	var row *keptRow
	if n := len(k.free); n > 0 {
		row, k.free = k.free[n-1], k.free[:n-1]
	} else {
		row = new(keptRow)
	}
	row.text, row.row = append(row.text[:0], text...), Row{}
	return row
}

// keep takes a row that was read. Only an object is found again by its text alone: it
// ends by itself, and a number does not.
func (k *keptRows) keep(row *keptRow) {
	if k.bytes += len(row.text) + rowSize; k.bytes <= mostKept && k.of.lasting && row.text[0] == '{' {
		k.new = append(k.new, row)
	} else {
		k.free = append(k.free, row)
	}
}
