package client

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"net/textproto"
	"strings"

	"github.com/occbench/occbench/internal/api"
)

// call is a request that waits to be sent, and what it is for.
type call struct {
	request *http.Request // nil: it is wired
	wire    *wire
	text    []byte // of a request that is wired
	body    []byte
	update  bool // else it only reads, whatever its method: some APIs read by POST
}

// reply is an answer as it came, with the times of the call in ns of the
// client's clock. end is history.None unless the answer is complete, or the
// request was not sent.
type reply struct {
	status     int
	header     http.Header // nil: the fields hold it
	fields     api.Fields  // of a request that was wired
	body       []byte
	start, end int64
}

// get returns the first value of a header; nil where there is none. The name is in
// canonical form.
func (r *reply) get(name string) []byte {
	if r.header == nil {
		return r.fields.Get(name)
	}
	if values := r.header[name]; len(values) > 0 {
		return []byte(values[0])
	}
	return nil
}

// headers returns all headers.
func (r *reply) headers() http.Header {
	if r.header != nil {
		return r.header
	}
	in := textproto.NewReader(bufio.NewReader(io.MultiReader(bytes.NewReader(r.fields), strings.NewReader("\r\n"))))
	header, _ := in.ReadMIMEHeader() // a plain header can be read
	return http.Header(header)
}
