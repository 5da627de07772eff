package client

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/go-faster/jx"

	"github.com/occbench/occbench/internal/api"
)

// room is the memory of one call in flight: the body of its answer and what
// reads it. The body sent is not here, but for a request that is wired: a transport may
// still be reading that when the call is over.
type room struct {
	buf      []byte // of this room alone
	reserved int64  // of reserve
	largest  bool   // the body lies in the largest buffer
	body     []byte // where the body lies
	dec      jx.Decoder

	// What reads and fills by the API file, for one call at a time.
	scratch api.Scratch
	answer  api.Response
	values  api.Vars
	token   []byte
	limit   deadline // of the call

	out, sent []byte // a request that is wired, and its body
}

// response returns an answer as the API file is asked about it.
func (r *room) response(got *reply) *api.Response {
	r.answer = api.Response{Status: got.status, Header: got.header, Fields: got.fields, Body: got.body}
	return &r.answer
}

// vars returns the values of a request, none set.
func (r *room) vars() *api.Vars {
	r.values = api.Vars{}
	return &r.values
}

// rooms are shared by all operators, so that what is held follows the calls in
// flight and not the number of operators times the largest board.
var rooms = sync.Pool{New: func() any { return new(room) }}

// Bodies that outgrow ownBody share a reserve, in the whole process. One that
// finds the reserve used up waits for the one buffer that may grow to the limit:
// twenty endless bodies cost that limit once.
const (
	ownBody     int64 = 2 << 20
	reserveSize int64 = 16 << 20
)

var (
	reserve atomic.Int64 // bytes in use
	largest = make(chan []byte, 1)
)

func init() { largest <- nil }

func takeRoom() *room { return rooms.Get().(*room) }

// release returns the room to the pool. The body in it must not be used any
// more.
func (r *room) release() {
	reserve.Add(-r.reserved)
	if r.largest {
		largest <- r.body[:0]
	}
	if int64(cap(r.buf)) > ownBody {
		r.buf = nil
	}
	r.reserved, r.largest, r.body = 0, false, nil
	r.dec.ResetBytes(nil)
	r.scratch.Forget()
	r.answer, r.values, r.limit = api.Response{}, api.Vars{}, deadline{}
	rooms.Put(r)
}

// decoder returns a decoder of a body. jx's own pool is no good here: its
// decoders hold on to the last body they read.
func (r *room) decoder(body []byte) *jx.Decoder {
	r.dec.ResetBytes(body)
	return &r.dec
}

// startBody returns an empty body with room for an announced length. It does
// not believe a large one: a header costs its sender nothing.
func (r *room) startBody(announced int64) []byte {
	size := min(max(announced+1, 512), believed)
	if int64(cap(r.buf)) < size {
		r.buf = make([]byte, 0, size)
	}
	r.body = r.buf[:0]
	return r.body
}

// believed is the most that an announced length makes room for.
const believed = 1 << 20

// widenText returns a text in a buffer of the room of at least the given size.
func (r *room) widenText(text []byte, size int) []byte {
	if cap(text) < size {
		r.buf = append(make([]byte, 0, size+size/4), text...)
		text = r.buf
	}
	r.body = text
	return text
}

// growBody returns a full body with room for more of it, up to one byte beyond
// the limit. It returns the error of a context that ended while the largest
// buffer was in use.
func (r *room) growBody(ctx context.Context, body []byte, limit int64) ([]byte, error) {
	size := min(2*int64(cap(body)), limit+1)
	var next []byte
	if size <= ownBody || r.takeReserve(size-r.reserved) {
		r.buf = make([]byte, 0, size)
		next = r.buf
	} else {
		if by, only := ctx.(*deadline); only {
			armed, cancel := by.newContext()
			defer cancel()
			ctx = armed
		}
		select {
		case next = <-largest:
			r.largest = true
		case <-ctx.Done():
			return body, ctx.Err()
		}
		if int64(cap(next)) <= limit {
			next = make([]byte, 0, limit+1)
		}
	}
	r.body = append(next[:0], body...)
	return r.body, nil
}

// takeReserve takes bytes of the reserve and reports whether it had them.
func (r *room) takeReserve(bytes int64) bool {
	if reserve.Add(bytes) > reserveSize {
		reserve.Add(-bytes)
		return false
	}
	r.reserved += bytes
	return true
}
