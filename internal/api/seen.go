package api

// Seen returns what stands at the places of an answer to a read.
func (rd *Read) Seen(answer *Response) []Seen { return rd.answer.listSeen(answer) }

// Seen returns what stands at the places of an answer to an update.
func (u *Update) Seen(answer *Response) []Seen { return u.answers.listSeen(answer) }

// Seen returns what stands at the places of an answer to a call of the seeding.
func (c *SeedCall) Seen(answer *Response) []Seen { return c.answer.listSeen(answer) }

// Seen returns what stands at the places of an answer to a deletion.
func (m *Removal) Seen(answer *Response) []Seen { return m.answer.listSeen(answer) }

// Seen returns what stands at the places of a health call's answer.
func (h *Health) Seen(answer *Response) []Seen { return h.answer.listSeen(answer) }

// Seen returns what stands at the places of a list, and at those of the record with
// an id, or of the first record where none has it.
func (l *List) Seen(answer *Response, id string) []Seen {
	var s ListScratch
	var record []Seen
	found := false
	// An error says what the answer lacks, which the places show as well.
	_ = l.Rows(&s, answer, &Vars{}, func(row *Row) {
		if is := string(row.ID) == id; record == nil || is && !found {
			record, found = l.record.values(s.inner.values, answer), is
		}
	})
	if record == nil {
		record = l.record.values(make([]value, l.record.slots), answer)
	}
	if len(s.outer.values) < l.answer.slots { // it was not read: the status is another
		s.outer.values = make([]value, l.answer.slots)
	}
	return append(l.answer.values(s.outer.values, answer), record...)
}
