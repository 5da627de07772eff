package client

import (
	"context"
	"fmt"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/history"
)

// Attempt is one update as it is asked for: the record that was read with a token
// shall come to a state, or just be written where the API has no states.
type Attempt struct {
	ID        string
	From, To  string // states; empty where the API has none
	Token     int64  // that was read, where tokens count
	TokenText string // that was read, where tokens are opaque
	Marker    string // a word that is unique to this attempt; empty where the API has no place for one
}

// Update sends an attempt, once.
//
// What an applied update names, and whether it is right, is for the checker. Only
// what the API file calls a conflict is one: some servers
// answer 409 to any error of their store, and that is no lost race.
func (c *Client) Update(ctx context.Context, attempt *Attempt) Answer {
	mem := takeRoom()
	defer mem.release()
	u := BuiltUpdate{client: c, attempt: *attempt}
	var wired bool
	if u.call, wired = c.wires.update.buildCall(u.vars(mem), mem); !wired {
		u = c.BuildUpdate(ctx, attempt)
	}
	u.call.update = true
	return u.send(ctx, mem)
}

// BuiltUpdate is an update that is signed and waits to be sent, once.
type BuiltUpdate struct {
	client  *Client
	attempt Attempt
	call    call
	err     error // of building or signing
}

// BuildUpdate does everything of an update but to send it, so that Send is nothing
// else.
func (c *Client) BuildUpdate(ctx context.Context, attempt *Attempt) BuiltUpdate {
	mem := takeRoom()
	defer mem.release()
	u := BuiltUpdate{client: c, attempt: *attempt}
	u.call, u.err = c.buildCall(&c.api.Update.Request, u.vars(mem))
	if u.err != nil {
		u.err = &unsigned{fmt.Errorf("building an update of %s %s: %w", c.api.Words.Record, history.EncodeText(attempt.ID), u.err)}
		return u
	}
	u.call.update = true
	u.call, u.err = c.signCall(ctx, u.call)
	return u
}

// vars returns the values that the request is made with, and its answer judged by.
func (u *BuiltUpdate) vars(mem *room) *api.Vars {
	v, a := mem.vars(), &u.attempt
	v.ID, v.From, v.To, v.Marker, v.Date, v.Tag = a.ID, a.From, a.To, a.Marker, u.client.date, u.client.tag
	mem.token = a.appendToken(mem.token[:0])
	v.Token = mem.token
	return v
}

// Send sends the update, as Update does.
func (u *BuiltUpdate) Send(ctx context.Context) Answer {
	mem := takeRoom()
	defer mem.release()
	return u.send(ctx, mem)
}

func (u *BuiltUpdate) send(ctx context.Context, mem *room) Answer {
	got, err := u.client.sendSigned(ctx, u.call, u.err, mem)
	a := startAnswer(&got, err)
	if err == nil {
		a.judge(u.client.api, u.vars(mem), &got, mem)
		if got.status >= 400 {
			a.Err = u.client.explainRoute(&got)
		}
	}
	return a
}

// judge says what an answer to an update means.
func (a *Answer) judge(by *api.API, v *api.Vars, got *reply, mem *room) {
	judged := by.Update.Judge(mem.decoder(got.body), &mem.scratch, mem.response(got), v)
	a.Outcome, a.State, a.Code = judged.Outcome, judged.State, judged.Code
	if !history.Recordable(a.State) {
		a.State = ""
	}
	a.read(by, judged.Token)
	if judged.Err != nil {
		a.Err = fmt.Errorf("reading the answer to an update of %s %s: %w", by.Words.Record, history.EncodeText(v.ID), judged.Err)
	}
}
