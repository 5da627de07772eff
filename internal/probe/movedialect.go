package probe

import (
	"context"
	"fmt"
	"net/http"
	"strings"
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
		body := moveBody(to, c.Token)
		for _, method := range []string{http.MethodPatch, http.MethodPut} {
			if reason := p.tryMethod(ctx, c, refused, method, body); reason != "" {
				return reason
			}
		}
		return ""
	}
	for _, d := range bodyDialects {
		a := p.ask(ctx, http.MethodPost, movePath(c.ID), d.body(to, c.Token))
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
	for _, path := range []string{movePath(c.ID), cardPath(c.ID)} {
		if a := p.ask(ctx, method, path, body); a.success() {
			return fmt.Sprintf("another dialect: moves are a %s %s, not a POST", method, path)
		}
	}
	return ""
}

// bodyDialects are the bodies of moves seen in the wild.
var bodyDialects = []struct {
	name string
	body func(to string, expected int64) []byte
}{
	{"status instead of new_status", func(to string, expected int64) []byte {
		return fmt.Appendf(nil, `{"status":%q,"expected_version":%d}`, to, expected)
	}},
	{"version instead of expected_version", func(to string, expected int64) []byte {
		return fmt.Appendf(nil, `{"new_status":%q,"version":%d}`, to, expected)
	}},
	{"status and version instead of new_status and expected_version", func(to string, expected int64) []byte {
		return fmt.Appendf(nil, `{"status":%q,"version":%d}`, to, expected)
	}},
	{"upper-case statuses", func(to string, expected int64) []byte {
		return moveBody(strings.ToUpper(to), expected)
	}},
}
