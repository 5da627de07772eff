package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/go-faster/jx"

	"github.com/occbench/occbench/internal/appointment"
	"github.com/occbench/occbench/internal/history"
)

const cardsPath = "/api/admin/appointments/"

// Move asks for one move: the card that was read in version expected shall
// stand in target. It is sent once.
//
// A moved answer names this card, a status and a version; which ones, and
// whether they are right, is for the checker. A conflict is a 409 with the code
// version_conflict, and a 409 without it is rejected: some servers answer 409
// to any error of their store, and that is no lost race.
func (c *Client) Update(ctx context.Context, id string, target appointment.Status, expected int64) Answer {
	m := c.BuildUpdate(ctx, id, target, expected)
	return m.Send(ctx)
}

// BuiltMove is a move that is signed and waits to be sent, once.
type BuiltUpdate struct {
	client  *Client
	id      string
	request *http.Request
	err     error // of signing
}

// BuildMove does everything of a move but to send it, so that Send is nothing
// else.
func (c *Client) BuildUpdate(ctx context.Context, id string, target appointment.Status, expected int64) BuiltUpdate {
	body := appendMove(make([]byte, 0, 80), target, expected)
	request, err := c.signed(ctx, c.template(http.MethodPost, c.moveURL(id), body), body)
	return BuiltUpdate{client: c, id: id, request: request, err: err}
}

// Send sends the move, as Move does.
func (m *BuiltUpdate) Send(ctx context.Context) Answer {
	mem := enter()
	defer mem.leave()
	got, err := m.client.sendSigned(ctx, m.request, m.err, mem)
	a := answer(&got, err)
	switch {
	case err != nil:
	case got.status/100 == 2:
		a.acknowledge(m.id, mem.decoder(got.body))
	case got.status >= 400:
		a.refuse(mem.decoder(got.body))
		a.Err = m.client.explainRoute(&got)
	default:
		a.Err = unexpected(got.status)
	}
	return a
}

// appendMove writes the body of a move. Targets are statuses of the contract,
// which need no escaping.
func appendMove(b []byte, target appointment.Status, expected int64) []byte {
	b = append(b, `{"new_status":`...)
	b = strconv.AppendQuote(b, string(target))
	b = append(b, `,"expected_version":`...)
	b = strconv.AppendInt(b, expected, 10)
	return append(b, '}')
}

// moveURL keeps whatever an id holds within its segment of the path: ids come
// from the target, and one like ../../customers must not choose the call.
func (c *Client) moveURL(id string) *url.URL {
	u := c.base
	u.Path += cardsPath + id + "/move"
	if escaped := url.PathEscape(id); escaped != id {
		u.RawPath = c.base.Path + cardsPath + escaped + "/move"
	}
	return &u
}

// acknowledge reads a 2xx.
func (a *Answer) acknowledge(id string, body *jx.Decoder) {
	got, err := readMoved(body)
	a.Token, a.State = orNone(got.version), got.status
	if err == nil {
		err = got.promised(id)
	}
	if err != nil {
		a.Err = fmt.Errorf("reading the answer to a move of card %s: %w", history.EncodeText(id), err)
		return
	}
	a.Outcome = history.Applied
}

// promised returns what a 2xx lacks of what the checker has to rely on.
func (m *moved) promised(id string) error {
	switch {
	case m.refused:
		return errors.New("it says ok: false")
	case m.id == "":
		return errors.New("it names no appointment_id")
	case m.id != id:
		return fmt.Errorf("it is about card %q", m.id)
	case m.version == 0:
		return errors.New("it holds no version")
	case !m.status.Valid():
		return fmt.Errorf("it holds no status of the contract (%q)", m.status)
	}
	return nil
}

// refuse reads a 4xx or 5xx. A body that says nothing is fine: the status does.
func (a *Answer) refuse(body *jx.Decoder) {
	got := readRefusal(body)
	a.Code = got.code
	if got.status.Valid() {
		a.State = got.status
	}
	if a.Token = orNone(got.version); got.zero {
		a.Token = 0 // it is what the answer says, and wrong
	}
	if a.HTTP == http.StatusConflict && a.Code == string(appointment.VersionConflict) {
		a.Outcome = history.Conflict
	}
}
