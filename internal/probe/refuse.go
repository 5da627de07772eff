package probe

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strconv"
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
	a := p.post(ctx, p.movePath(id), p.moveBody(p.api.States.Names[1], 1))
	if !p.undecided(name, a) {
		p.judgeRefusal(name, a, api.Unknown, "")
	}
}

// badBody is a body that a move must refuse: that of a legal one with a change to
// the member that holds the version or the status.
type badBody struct {
	name   string
	status bool   // the member is the status, else the version
	value  string // that the member gets; empty: the member is left out
	blind  bool   // it names no version that was read, so that accepting it is a lost update
	unheld bool   // the version is one that no card has
}

// badBodies do the least if a target takes them: a legal step to a state that is
// not final, or a version that no card has where the status is what is wrong.
var badBodies = []badBody{
	{name: "version_missing", blind: true},
	{name: "version_ill_typed", value: `"%d"`},
	{name: "version_negative", value: `-1`, blind: true},
	{name: "status_missing", status: true},
	{name: "status_unknown", status: true, value: `"occbench_nowhere"`, unheld: true},
}

// spoil returns the body, and the name of the member that is wrong in it; empty
// where the API's body has none that could be.
func (p *prober) spoil(b *badBody, c *card) (body []byte, member string) {
	version := c.Token
	if b.unheld {
		version += unheld
	}
	member = p.api.Update.TokenMember()
	if b.status {
		member = p.api.Update.StateMember()
	}
	all, _ := api.Members(p.moveBody(p.api.States.Onward(c.State), version))
	var kept []api.Member
	for _, m := range all {
		switch {
		case m.Name != member:
		case b.value == "":
			continue
		default:
			m.Value = []byte(strings.ReplaceAll(b.value, "%d", strconv.FormatInt(version, 10)))
		}
		kept = append(kept, m)
	}
	return api.Object(kept), member
}

// unheld is added to a version for one that a card will not have for long.
const unheld = 1_000_000

func (p *prober) askBodies(ctx context.Context, c *card) {
	for i := range badBodies {
		b := &badBodies[i]
		before := c.Token
		body, member := p.spoil(b, c)
		if member == "" {
			p.settle(b.name, Unasked, "", answer{}, "the API's updates have no such member in their body")
			continue
		}
		a := p.post(ctx, p.movePath(c.ID), body)
		if p.undecided(b.name, a) {
			continue
		}
		p.judgeRefusal(b.name, a, api.Invalid, member)
		p.refreshAfter(ctx, b.name, c, before, a)
		if b.blind && a.success() && c.Token > before {
			p.show(
				check.OCC01,
				fmt.Sprintf(
					"A move of card %s that names no version the card ever had was confirmed (%s): it overwrites whatever happened since its sender "+
						"read the card.",
					c.ID,
					b.name,
				),
				append(p.lastMoved(c.ID), newMove(p.api, 1, c.ID, c.State, history.None, &a))...)
		}
	}
	p.askNoJSON(ctx, c)
	p.askTooLarge(ctx, c)
}

// askNoJSON sends the beginning of a body.
func (p *prober) askNoJSON(ctx context.Context, c *card) {
	before := c.Token
	whole := p.moveBody(p.api.States.Onward(c.State), c.Token+unheld)
	a := p.post(ctx, p.movePath(c.ID), whole[:len(whole)/2])
	if p.undecided("body_not_json", a) {
		return
	}
	p.judgeRefusal("body_not_json", a, api.Invalid, "")
	p.refreshAfter(ctx, "body_not_json", c, before, a)
}

// askTooLarge sends a body that is one byte over the limit and else in order,
// but for a version that no card has.
func (p *prober) askTooLarge(ctx context.Context, c *card) {
	whole := p.moveBody(p.api.States.Onward(c.State), c.Token+unheld)
	head, tail := append(whole[:len(whole)-1:len(whole)-1], `,"padding":"`...), []byte(`"}`)
	padding := bytes.Repeat([]byte("x"), bodyLimit+1-len(head)-len(tail))
	a := p.post(ctx, p.movePath(c.ID), bytes.Join([][]byte{head, padding, tail}, nil))
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
	a := p.ask(ctx, http.MethodGet, p.movePath(id), nil)
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
