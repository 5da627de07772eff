package operator

import "strconv"

// Picked is a record as an operator saw it, and what the walk does with it.
type Picked struct {
	ID        string
	State     string // empty where the API has no states
	Token     int64  // where tokens count
	TokenText string // where they are opaque
	To        string // empty where the API has no states

	index int // in the roster
}

// pickedAt returns a record as the last list shows it.
func (o *Operator) pickedAt(i int) Picked {
	now := o.view.sightOf(i)
	to, _ := o.nextState(now.state)
	return Picked{ID: o.cfg.Roster.ID(i), State: now.state, Token: now.token, TokenText: now.tokenText, To: to, index: i}
}

// isLegal reports whether the API allows an update.
func (o *Operator) isLegal(c *Picked) bool {
	if c.Token < 1 && c.TokenText == "" {
		return false
	}
	return o.view.stateless && c.To == "" || o.states.IsLegal(c.State, c.To)
}

// token returns the token that was read, as text.
func (c *Picked) token() string {
	if c.TokenText != "" {
		return c.TokenText
	}
	return strconv.FormatInt(c.Token, 10)
}
