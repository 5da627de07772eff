package client

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/history"
)

// Update asks for one update: the record that was read with the token expected
// shall come to the state target. It is sent once.
//
// What an applied update names, and whether it is right, is for the checker. A
// conflict is what the API file calls one, and no other refusal is: some servers
// answer 409 to any error of their store, and that is no lost race.
func (c *Client) Update(ctx context.Context, id, target string, expected int64) Answer {
	u := c.BuildUpdate(ctx, id, target, expected)
	return u.Send(ctx)
}

// BuiltUpdate is an update that is signed and waits to be sent, once.
type BuiltUpdate struct {
	client  *Client
	id      string
	request *http.Request
	err     error // of building or signing
}

// BuildUpdate does everything of an update but to send it, so that Send is nothing
// else.
func (c *Client) BuildUpdate(ctx context.Context, id, target string, expected int64) BuiltUpdate {
	mem := enter()
	defer mem.leave()
	v := mem.vars()
	v.ID, v.To, v.Date = id, target, c.date
	v.Token = strconv.AppendInt(mem.token[:0], expected, 10)
	request, body, err := c.request(&c.api.Update.Request, v)
	if err != nil {
		return BuiltUpdate{
			client: c,
			id:     id,
			err:    &unsigned{fmt.Errorf("building an update of %s %s: %w", c.api.Words.Record, history.EncodeText(id), err)},
		}
	}
	request, err = c.signed(ctx, request, body)
	return BuiltUpdate{client: c, id: id, request: request, err: err}
}

// Send sends the update, as Update does.
func (u *BuiltUpdate) Send(ctx context.Context) Answer {
	mem := enter()
	defer mem.leave()
	got, err := u.client.sendSigned(ctx, u.request, u.err, mem)
	a := answer(&got, err)
	if err == nil {
		a.judge(u.client.api, u.id, &got, mem)
		if got.status >= 400 {
			a.Err = u.client.explainRoute(&got)
		}
	}
	return a
}

// judge says what an answer to an update means.
func (a *Answer) judge(by *api.API, id string, got *reply, mem *room) {
	v := mem.vars()
	v.ID = id
	judged := by.Update.Judge(mem.decoder(got.body), &mem.scratch, mem.response(got), v)
	a.Outcome, a.State, a.Code = judged.Outcome, judged.State, judged.Code
	if !history.Recordable(a.State) {
		a.State = ""
	}
	switch {
	case judged.Token == nil:
	case string(judged.Token) == "0":
		a.Token = 0 // it is what the answer says, and wrong
	default:
		a.Token = api.Integer(string(judged.Token))
	}
	if judged.Err != nil {
		a.Err = fmt.Errorf("reading the answer to an update of %s %s: %w", by.Words.Record, history.EncodeText(id), judged.Err)
	}
}
