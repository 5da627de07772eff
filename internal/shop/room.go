package shop

import (
	"sync"

	"github.com/go-faster/jx"
)

// room is the memory of one call in flight: the body of its answer and what
// reads it. The body sent is not here: a transport may still be reading that
// when the call is over.
type room struct {
	buf []byte
	dec jx.Decoder
}

// rooms are shared by all operators, so that what is held follows the calls in
// flight and not the number of operators times the largest board.
var rooms = sync.Pool{New: func() any { return new(room) }}

// decoder returns a decoder of a body. jx's own pool is no good here: its
// decoders hold on to the last body they read.
func (r *room) decoder(body []byte) *jx.Decoder {
	r.dec.ResetBytes(body)
	return &r.dec
}

// keep takes over a body that outgrew the buffer.
func (r *room) keep(body []byte) {
	if cap(body) > cap(r.buf) {
		r.buf = body[:0]
	}
}
