package measure

// cards counts the attempts on each card, warm-up included.
type cards map[string]*card

type card struct{ attempts int }

// at returns the card of an id, new if need be.
func (cs cards) at(id string) *card {
	c := cs[id]
	if c == nil {
		c = &card{}
		cs[id] = c
	}
	return c
}

// hottest returns the card with the most attempts, the one with the smaller id
// of equals; nil without attempts.
func (cs cards) hottest() *Hottest {
	var hot Hottest
	total := 0
	for id, c := range cs {
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
func (cs cards) seen() int {
	n := len(cs)
	if _, nameless := cs[""]; nameless {
		n--
	}
	return n
}
