package measure

// card counts the attempts on one card, warm-up included.
type card struct{ attempts int }

// see notes which card the operator is at. A turn stays with its card, so most
// calls need no lookup.
func (m *Measure) see(o *operator, id string) {
	if o.card != nil && o.id == id {
		return
	}
	c := m.cards[id]
	if c == nil {
		c = &card{}
		m.cards[id] = c
	}
	o.id, o.card = id, c
}

// hottest returns the card with the most attempts, the one with the smaller id
// of equals; nil without attempts.
func (m *Measure) hottest() *Hottest {
	var hot Hottest
	total := 0
	for id, c := range m.cards {
		total += c.attempts
		if c.attempts > hot.Attempts || c.attempts == hot.Attempts && id < hot.Card {
			hot.Card, hot.Attempts = id, c.attempts
		}
	}
	if total == 0 {
		return nil
	}
	hot.Share = float64(hot.Attempts) / float64(total)
	return &hot
}

// seen returns how many cards operators read or moved; a board that could not
// be read names none.
func (m *Measure) seen() int {
	n := len(m.cards)
	if _, nameless := m.cards[""]; nameless {
		n--
	}
	return n
}
