package client

import (
	"context"
	"fmt"
	"maps"
	"net/http"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/history"
)

// Read reads one record into r, whose ID says which. The answer is Seen, or r has
// neither token nor state nor marker. An answer that there is no such record is
// Absent, as from a list that does not show it. The API has to have a read.
func (c *Client) Read(ctx context.Context, r *Record) Answer {
	mem := takeRoom()
	defer mem.release()
	v := mem.vars()
	v.ID, v.Date, v.Tag = r.ID, c.date, c.tag
	made, wired := c.wires.read.buildCall(v, mem)
	var err error
	if !wired {
		made, err = c.buildRead(ctx, r, v)
	}
	got, err := c.sendSigned(ctx, made, err, mem)
	a := startAnswer(&got, err)
	known := *r
	*r = Record{ID: r.ID}
	switch {
	case err != nil:
	case c.api.Read.IsMissing(mem.decoder(got.body), &mem.scratch, mem.response(&got), &mem.values):
		a.Outcome = history.Absent
		a.Err = fmt.Errorf("the target answered HTTP %d: there is no %s %s", got.status, c.api.Words.Record, history.EncodeText(r.ID))
	case got.status >= 400:
		a.Code = c.api.Update.Code(mem.decoder(got.body), &mem.scratch, mem.response(&got))
		a.Err = c.explainRoute(&got)
	default:
		c.readRecord(&a, r, known, &got, mem)
	}
	return a
}

// buildRead returns the request of a read, signed.
func (c *Client) buildRead(ctx context.Context, r *Record, v *api.Vars) (call, error) {
	made, err := c.buildCall(&c.api.Read.Request, v)
	if err != nil {
		return made, &unsigned{fmt.Errorf("building a read of %s %s: %w", c.api.Words.Record, history.EncodeText(r.ID), err)}
	}
	if made, err = c.signCall(ctx, made); err == nil && made.request.Method != http.MethodGet {
		header := maps.Clone(made.request.Header)
		header[repeatable] = nil // some APIs read by POST
		made.request.Header = header
	}
	return made, err
}

// readRecord reads the record from the body of an answer that is no refusal.
// known is what was seen of the record before.
func (c *Client) readRecord(a *Answer, r *Record, known Record, got *reply, mem *room) {
	v := mem.vars()
	v.ID = r.ID
	seen, err := c.api.Read.ReadSight(mem.decoder(got.body), &mem.scratch, mem.response(got), v)
	if err == nil {
		known.read(c.api, seen.Token, seen.Marker)
		if known.State = seen.State; !history.Recordable(seen.State) {
			known.State = ""
		}
		err = known.CheckUpdatable(c.api)
	}
	if err != nil {
		a.Err = fmt.Errorf("reading %s %s: %w", c.api.Words.Record, history.EncodeText(r.ID), err)
		return
	}
	*r, a.Outcome = known, history.Seen
}

// CheckUpdatable returns an error when a record that was read lacks what an
// update needs.
func (r *Record) CheckUpdatable(by *api.API) error {
	switch {
	case by.Counting && r.Token < 1:
		return fmt.Errorf("it shows no token that is an integer from 1")
	case !by.Counting && r.TokenText == "":
		return fmt.Errorf("it shows no token")
	case len(by.States.Names) > 0 && r.State == "":
		return fmt.Errorf("it shows no state")
	}
	return nil
}
