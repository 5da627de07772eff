package client

import (
	"context"
	"fmt"
	"net/http"

	"github.com/go-faster/jx"

	"github.com/occbench/occbench/internal/appointment"
	"github.com/occbench/occbench/internal/history"
)

// Card is a row of a board.
type Record struct {
	ID string
	// Status is what the row says, which need not be a status of the contract;
	// empty when it says nothing that can be recorded.
	State appointment.Status
	Group appointment.Status // the one under which the row is listed; empty when the contract knows none of that name
	Token int64              // from 1; 0 when the row holds no such number
	Tag   string             // only of a Board that wants notes
}

// Misplaced reports whether a row stands in the column of another status than its
// own. A row with a status that the contract does not know has no column.
func (c *Record) Misplaced() bool {
	return c.Group != "" && c.State.Valid() && c.State != c.Group
}

// Board is what one read of the board showed. It reuses its memory from read
// to read, so an operator keeps one; it is not for concurrent use. The zero
// Board is ready.
type List struct {
	Records []Record // in the order of the answer
	// Unusable are the rows without an id that can be recorded, which are not
	// among Cards.
	Unusable []Record
	// Notes asks for the notes of each card.
	Tags bool

	ids map[string]string // every id is allocated once, not once per read
}

// Board reads the board into b. The answer is Seen, or b has no cards.
func (c *Client) List(ctx context.Context, b *List) Answer {
	mem := enter()
	defer mem.leave()
	got, err := c.exchange(ctx, c.board, nil, mem)
	a := answer(&got, err)
	b.reset()
	switch {
	case err != nil:
	case got.status/100 == 2:
		a.see(b, mem.decoder(got.body))
	case got.status >= 400:
		a.Code = readRefusal(mem.decoder(got.body)).code
		a.Err = c.explainRoute(&got)
	default:
		a.Err = unexpected(got.status)
	}
	return a
}

// see reads the body of a 2xx into the board.
func (a *Answer) see(b *List, body *jx.Decoder) {
	if err := b.read(body); err != nil {
		b.reset()
		a.Err = fmt.Errorf("reading the board: %w", err)
		return
	}
	a.Outcome = history.Seen
}

func unexpected(status int) error {
	return fmt.Errorf("the target answered HTTP %d %s, which the contract does not know", status, http.StatusText(status))
}

func (b *List) reset() {
	b.Records = b.Records[:0]
	b.Unusable = b.Unusable[:0]
}

// forget bounds the memory that ids hold when a target shows ever new ones.
func (b *List) forget() {
	if b.ids == nil || len(b.ids) > 4*len(b.Records)+1024 {
		b.ids = make(map[string]string, len(b.Records))
	}
}
