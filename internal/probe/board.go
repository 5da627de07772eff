package probe

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
)

// askBoard asks for the board, which decides whether there is anything to talk
// about: a board that the client cannot read ends the probe.
func (p *prober) askBoard(ctx context.Context) {
	a := p.ask(ctx, http.MethodGet, p.boardCall(), nil)
	if a.err != nil {
		reason, _ := unreachable(a.err)
		p.refuse("%s", reason)
		return
	}
	reason := foreignBoard(p.api, &a)
	if words := p.client.UnknownRoute(a.status, a.header, a.body); words != "" {
		reason = "it refuses the board: " + words
	}
	if reason != "" {
		p.differs("board", a, "%s", reason)
		p.result.Lines[rowIndex("board")].Severity = Fatal
		p.refuse("%s", reason)
		return
	}
	cols := readColumns(a.Data)
	p.judgeBoard(a, cols)
	p.judgeCards(a, cols)
	p.checkClient(ctx, a)
}

func (p *prober) boardCall() string { return p.path(&p.api.List.Request, &api.Vars{}) }

// checkClient makes sure that what looks like a board can be read by the client
// that a run uses.
func (p *prober) checkClient(ctx context.Context, a answer) {
	var board client.List
	seen := p.client.List(ctx, &board)
	if seen.OK() || a.err != nil || ctx.Err() != nil {
		return
	}
	err := printable(seen.Failure().Error())
	p.differs("board", a, "it cannot be read: %s", err)
	p.result.Lines[rowIndex("board")].Severity = Fatal
	p.refuse("its board cannot be read: %s", err)
}

// column is one column of the board, cards as they came.
type column struct {
	name  string
	cards []map[string]json.RawMessage
}

// readColumns reads what of the board is an object of columns with items, in
// the order of the names.
func readColumns(data json.RawMessage) []column {
	var board struct {
		Columns map[string]json.RawMessage `json:"columns"`
	}
	if json.Unmarshal(data, &board) != nil {
		return nil
	}
	var cols []column
	for _, name := range slices.Sorted(maps.Keys(board.Columns)) {
		cols = append(cols, column{name: name, cards: readItems(board.Columns[name])})
	}
	return cols
}

// readItems returns the cards of a column; a row that is no object is a card
// without fields.
func readItems(raw json.RawMessage) []map[string]json.RawMessage {
	var col struct {
		Items []json.RawMessage `json:"items"`
	}
	if json.Unmarshal(raw, &col) != nil {
		return nil
	}
	cards := make([]map[string]json.RawMessage, len(col.Items))
	for i, item := range col.Items {
		if json.Unmarshal(item, &cards[i]) != nil {
			cards[i] = nil
		}
	}
	return cards
}

// judgeBoard decides the line about the five columns.
func (p *prober) judgeBoard(a answer, cols []column) {
	have := map[string]bool{}
	var foreign, missing []string
	for _, c := range cols {
		s := c.name
		have[s] = true
		if !p.api.States.Valid(s) {
			foreign = append(foreign, c.name)
		}
	}
	for _, s := range p.api.States.Names {
		if !have[s] {
			missing = append(missing, s)
		}
	}
	switch {
	case len(missing) > 0:
		p.differs("board", a, "columns that are not there: %s", strings.Join(missing, ", "))
	case len(foreign) > 0:
		p.differs("board", a, "columns the contract does not know: %s", strings.Join(foreign, ", "))
	case a.OK == nil || !*a.OK:
		p.differs("board", a, "the envelope does not say ok: true")
	default:
		p.ok("board", a)
	}
}

// judgeCards decides the line about the shape of cards, by the first that
// differs. Without a card on the board the line is not asked.
func (p *prober) judgeCards(a answer, cols []column) {
	seen := 0
	for _, c := range cols {
		for _, card := range c.cards {
			if seen++; seen == 1 {
				p.ok("card_shape", a)
			}
			if wrong := cardFault(&p.api.States, card); wrong != "" {
				p.differs("card_shape", a, "in column %s: %s", c.name, wrong)
				return
			}
		}
	}
	if seen == 0 {
		p.settle("card_shape", Unasked, "", a, "the board has no card")
	}
}

// cardFault says in what a card differs from the contract, or "".
func cardFault(states *api.States, card map[string]json.RawMessage) string {
	id := string(bytes.TrimSpace(card["id"]))
	version, ok := integer(card["version"])
	status := text(card["status"])
	switch {
	case text(card["id"]) == "":
		return fmt.Sprintf("id %s is not a string", shown(id))
	case !ok || version < 1:
		return fmt.Sprintf("card %s has version %s, which is not an integer from 1", shown(id), shown(string(card["version"])))
	case bytes.ContainsAny(card["version"], ".eE"):
		return fmt.Sprintf(
			"card %s has version %s, which is %d and not written as an integer",
			shown(id),
			shown(string(card["version"])),
			version,
		)
	case !states.Valid(status):
		return fmt.Sprintf("card %s has status %s, which the contract does not know", shown(id), shown(string(card["status"])))
	}
	return ""
}

// shown returns a value of the target for a sentence.
func shown(raw string) string {
	if raw == "" {
		return "(absent)"
	}
	return excerpt([]byte(raw))
}
