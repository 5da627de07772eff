package probe

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/api"
)

// moveDialect finds out in which dialect a target takes moves that refused the
// contract's. It asks with the card that the contract's move was meant for, so
// that an accepted guess does no more than that move would have done.
func (p *prober) moveDialect(ctx context.Context, c *card, refused *answer) string {
	if refused.err != nil || refused.success() {
		return ""
	}
	to := p.api.States.Onward(c.State)
	if methodRefused(refused) {
		body := p.moveBody(to, c.Token)
		for _, method := range []string{http.MethodPatch, http.MethodPut} {
			if reason := p.tryMethod(ctx, c, refused, method, body); reason != "" {
				return reason
			}
		}
		return ""
	}
	for _, d := range p.bodyDialects(to, c.Token) {
		a := p.ask(ctx, p.api.Update.Method, p.movePath(c.ID), d.body)
		if a.success() {
			return "another dialect: moves take " + d.name
		}
	}
	return ""
}

func methodRefused(a *answer) bool {
	return a.status == http.StatusNotFound || a.status == http.StatusMethodNotAllowed || a.status == http.StatusNotImplemented
}

// tryMethod asks for the move with another method, where moves of that dialect
// are usually put: the move call, then the card itself.
func (p *prober) tryMethod(ctx context.Context, c *card, refused *answer, method string, body []byte) string {
	if strings.Contains(refused.header.Get("Allow"), method) {
		return fmt.Sprintf("another dialect: moves are a %s, not a POST (Allow: %s)", method, shown(refused.header.Get("Allow")))
	}
	for _, path := range []string{p.movePath(c.ID), p.cardPath(c.ID)} {
		if a := p.ask(ctx, method, path, body); a.success() {
			return fmt.Sprintf("another dialect: moves are a %s %s, not a POST", method, path)
		}
	}
	return ""
}

// bodyDialect is a body of moves as other servers want it.
type bodyDialect struct {
	name string
	body []byte
}

// bodyDialects returns the bodies of a move seen in the wild: members called as the
// board calls them, and states in capital letters.
func (p *prober) bodyDialects(to string, expected int64) []bodyDialect {
	all, _ := api.Members(p.moveBody(to, expected))
	renamed := func(names map[string]string) []byte {
		others := slices.Clone(all)
		for i := range others {
			if name := names[others[i].Name]; name != "" {
				others[i].Name = name
			}
		}
		return api.Object(others)
	}
	u, l := &p.api.Update, p.api.List
	state, token := map[string]string{u.StateMember(): l.Field("state")}, map[string]string{u.TokenMember(): l.Field("token")}
	both := maps.Clone(state)
	maps.Copy(both, token)
	return []bodyDialect{
		{l.Field("state") + " instead of " + u.StateMember(), renamed(state)},
		{l.Field("token") + " instead of " + u.TokenMember(), renamed(token)},
		{l.Field("state") + " and " + l.Field("token") + " instead of " + u.StateMember() + " and " + u.TokenMember(), renamed(both)},
		{"upper-case statuses", p.moveBody(strings.ToUpper(to), expected)},
	}
}
