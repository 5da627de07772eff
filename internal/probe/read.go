package probe

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
)

// askReads asks the reads that need no card.
func (p *prober) askReads(ctx context.Context) {
	a := p.ask(ctx, http.MethodGet, boardPath+"?date=tomorrow", nil)
	if !p.undecided("bad_date", a) {
		p.judgeRefusal("bad_date", a, http.StatusBadRequest, "validation_error", "")
	}
	p.askStats(ctx)
}

func (p *prober) askStats(ctx context.Context) {
	_, query, _ := strings.Cut(p.boardCall(), "?")
	a := p.ask(ctx, http.MethodGet, statsPath+"?"+query, nil)
	if p.undecided("stats", a) {
		return
	}
	var stats struct {
		Jobs   json.RawMessage            `json:"jobsToday"`
		OnPrem json.RawMessage            `json:"onPrem"`
		Counts map[string]json.RawMessage `json:"statusCounts"`
	}
	a.into(&stats)
	_, jobs := integer(stats.Jobs)
	_, onPrem := integer(stats.OnPrem)
	switch {
	case a.status != http.StatusOK:
		p.differs("stats", a, "it answers %s", a.words())
	case !jobs || !onPrem || stats.Counts == nil:
		p.differs("stats", a, "not all of jobsToday, onPrem and statusCounts are there")
	default:
		p.ok("stats", a)
	}
}

// askSingleCard asks for one of our cards by its id.
func (p *prober) askSingleCard(ctx context.Context) {
	c := p.cards[0]
	a := p.ask(ctx, http.MethodGet, cardPath(c.ID), nil)
	if p.undecided("single_card", a) {
		return
	}
	var got map[string]json.RawMessage
	a.into(&got)
	version, _ := integer(got["version"])
	switch {
	case a.status != http.StatusOK:
		p.differs("single_card", a, "it answers %s", a.words())
	case cardFault(&p.api.States, got) != "":
		p.differs("single_card", a, "%s", cardFault(&p.api.States, got))
	case text(got["id"]) != c.ID || version != c.Token:
		p.differs("single_card", a, "it shows card %s with version %d; the board, card %s with version %d", shown(string(got["id"])), version, c.ID, c.Token)
	default:
		p.ok("single_card", a)
	}
}

// judgeRefusal decides a line that wants a certain refusal, naming a field
// unless that is empty.
func (p *prober) judgeRefusal(name string, a answer, status int, code string, field string) {
	r := a.refusal()
	switch {
	case a.success():
		p.differs(name, a, "it was accepted (HTTP %d)", a.status)
	case a.status != status || r.Code != code:
		p.differs(name, a, "it is answered %s", a.words())
	case field != "" && !r.names(field):
		p.differs(name, a, "the refusal does not name %s", field)
	default:
		p.ok(name, a)
	}
}
