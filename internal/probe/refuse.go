package probe

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/history"
)

// Ids that no card has.
const (
	unknownID    = "999999999999"
	nonNumericID = "no-such-card"
)

// bodyLimit is the size of a body, in bytes, that a target must still take.
const bodyLimit = 64 << 10

// askIDs asks what a target must refuse whatever its cards are, with our card
// where there is one.
func (p *prober) askIDs(ctx context.Context) {
	p.askUnknown(ctx, "unknown_id", unknownID)
	p.askUnknown(ctx, "non_numeric_id", nonNumericID)
	id := unknownID
	if len(p.cards) > 0 {
		id = p.cards[0].ID
	}
	p.askWrongMethod(ctx, id)
}

func (p *prober) askUnknown(ctx context.Context, name, id string) {
	a := p.post(ctx, movePath(id), moveBody(p.api.States.Names[1], 1))
	if !p.undecided(name, a) {
		p.judgeRefusal(name, a, http.StatusNotFound, "not_found", "")
	}
}

// badBody is a body that a move must refuse.
type badBody struct {
	name  string
	field string // that the refusal must name; empty: none
	blind bool   // it names no version that was read, so that accepting it is a lost update
	body  func(states *api.States, c *card) []byte
}

// badBodies are asked of our own card, with bodies that do the least if a
// target takes them: a legal step to a column that is not final, or a version
// that no card has where the status is what is wrong.
var badBodies = []badBody{
	{"version_missing", "expected_version", true, func(states *api.States, c *card) []byte {
		return fmt.Appendf(nil, `{"new_status":%q}`, states.Onward(c.State))
	}},
	{"version_ill_typed", "expected_version", false, func(states *api.States, c *card) []byte {
		return fmt.Appendf(nil, `{"new_status":%q,"expected_version":"%d"}`, states.Onward(c.State), c.Token)
	}},
	{"version_negative", "expected_version", true, func(states *api.States, c *card) []byte {
		return fmt.Appendf(nil, `{"new_status":%q,"expected_version":-1}`, states.Onward(c.State))
	}},
	{"status_missing", "new_status", false, func(states *api.States, c *card) []byte {
		return fmt.Appendf(nil, `{"expected_version":%d}`, c.Token)
	}},
	{"status_unknown", "new_status", false, func(states *api.States, c *card) []byte {
		return fmt.Appendf(nil, `{"new_status":"occbench_nowhere","expected_version":%d}`, c.Token+unheld)
	}},
	{"body_not_json", "", false, func(*api.States, *card) []byte { return []byte(`{"new_status": `) }},
}

// unheld is added to a version for one that a card will not have for long.
const unheld = 1_000_000

func (p *prober) askBodies(ctx context.Context, c *card) {
	for _, b := range badBodies {
		before := c.Token
		a := p.post(ctx, movePath(c.ID), b.body(&p.api.States, c))
		if p.undecided(b.name, a) {
			continue
		}
		p.judgeRefusal(b.name, a, http.StatusBadRequest, "validation_error", b.field)
		p.refreshAfter(ctx, b.name, c, before, a)
		if b.blind && a.success() && c.Token > before {
			p.show(check.OCC01, fmt.Sprintf("A move of card %s that names no version the card ever had was confirmed (%s): it overwrites whatever happened since its sender read the card.",
				c.ID, b.name), append(p.lastMoved(c.ID), newMove(p.api, 1, c.ID, c.State, history.None, &a))...)
		}
	}
	p.askTooLarge(ctx, c)
}

// askTooLarge sends a body that is one byte over the limit and else in order,
// but for a version that no card has.
func (p *prober) askTooLarge(ctx context.Context, c *card) {
	head := fmt.Appendf(nil, `{"new_status":%q,"expected_version":%d,"padding":"`, p.api.States.Onward(c.State), c.Token+unheld)
	tail := []byte(`"}`)
	padding := bytes.Repeat([]byte("x"), bodyLimit+1-len(head)-len(tail))
	a := p.post(ctx, movePath(c.ID), bytes.Join([][]byte{head, padding, tail}, nil))
	a.asked += fmt.Sprintf(" (%d bytes)", bodyLimit+1)
	switch {
	case p.undecided("body_too_large", a):
	case a.status != http.StatusRequestEntityTooLarge:
		p.differs("body_too_large", a, "it is answered %s", a.words())
	default:
		p.ok("body_too_large", a)
	}
}

func (p *prober) askWrongMethod(ctx context.Context, id string) {
	a := p.ask(ctx, http.MethodGet, movePath(id), nil)
	switch {
	case p.undecided("wrong_method", a):
	case a.status != http.StatusMethodNotAllowed:
		p.differs("wrong_method", a, "it is answered %s", a.words())
	case !strings.Contains(a.header.Get("Allow"), http.MethodPost):
		p.differs("wrong_method", a, "Allow is %s", shown(a.header.Get("Allow")))
	default:
		p.ok("wrong_method", a)
	}
}
