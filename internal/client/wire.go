package client

import (
	"bytes"
	"net/http"
	"strconv"

	"github.com/occbench/occbench/internal/api"
)

// wire is a call of the API file in the form in which it goes over a line of a Direct: what
// is the same in all requests is written once, by net/http, and no request and no answer
// of its types is made. Nil where each request is another in more than its values: signed
// ones, and those over another transport.
type wire struct {
	call  *api.Request
	start string       // method and the path of the target
	head  string       // from the protocol to the last header that all requests share
	own   []api.Header // headers with a value for each request
	again bool         // a request does no harm when it arrives twice
	fixed []byte       // the whole request, where all are the same
}

// wires are the calls of a run.
type wires struct{ list, read, update *wire }

// appendRequest appends the bytes of a request; ok is false when net/http has
// to write it.
func (w *wire) appendRequest(dst []byte, v *api.Vars, mem *room) (text []byte, ok bool) {
	text, ok = w.call.AppendTarget(append(dst, w.start...), v)
	if !ok {
		return dst, false
	}
	text = append(text, w.head...)
	for i := range w.own {
		text = append(append(text, w.own[i].Name...), ": "...)
		from, err := len(text), error(nil)
		if text, err = w.own[i].Append(text, v); err != nil || len(bytes.TrimSpace(text[from:])) != len(text)-from {
			return dst, false
		}
		text = append(text, "\r\n"...)
	}
	switch {
	case w.call.HasBody():
		body, err := w.call.AppendBody(mem.sent[:0], v)
		if mem.sent = body; err != nil || len(body) == 0 {
			return dst, false
		}
		text = append(text, "Content-Length: "...)
		text = append(strconv.AppendInt(text, int64(len(body)), 10), "\r\n\r\n"...)
		return append(text, body...), true
	case w.call.Method == http.MethodPost || w.call.Method == http.MethodPut || w.call.Method == http.MethodPatch:
		text = append(text, "Content-Length: 0\r\n"...)
	}
	return append(text, "\r\n"...), true
}

// buildCall returns a request as bytes in the memory of the room; ok is false
// when net/http has to write it.
func (w *wire) buildCall(v *api.Vars, mem *room) (made call, ok bool) {
	switch {
	case w == nil:
		return call{}, false
	case w.fixed != nil:
		return call{wire: w, text: w.fixed}, true
	}
	text, ok := w.appendRequest(mem.out[:0], v, mem)
	if ok {
		mem.out = text
	}
	return call{wire: w, text: text}, ok
}

// head is the header of a plain answer: one of HTTP/1.1 with a body of a known length that
// says nothing about how the connection goes on.
type head struct {
	status     int
	from, size int // where its fields begin, and what it takes, in bytes
	body       int // length in bytes
}

// fields returns the fields of the header that a text begins with.
func (h *head) fields(text []byte) api.Fields { return text[h.from : h.size-2] }

var endOfHead = []byte("\r\n\r\n")

// readHead reads the header that a text begins with. ok is false for one that is not
// complete, or not plain: net/http knows all the others.
func readHead(text []byte) (h head, ok bool) {
	const version, code = "HTTP/1.1 ", len("HTTP/1.1 200")
	end := bytes.Index(text, endOfHead)
	if end < code || string(text[:len(version)]) != version {
		return h, false
	}
	first := bytes.Index(text, []byte("\r\n"))
	status, isNumber := parseDigits(text[len(version):code])
	if !isNumber || status < 200 || status > 599 || status == http.StatusNotModified ||
		first > code && text[code] != ' ' || !isPrintable(text[code:first]) {
		return h, false
	}
	h = head{status: status, from: first + 2, size: end + 4, body: -1}
	for rest := []byte(h.fields(text)); len(rest) > 0; {
		var line []byte
		line, rest, _ = bytes.Cut(rest, []byte("\r\n"))
		if !h.takeLine(line) {
			return h, false
		}
	}
	if h.status == http.StatusNoContent && h.body < 0 {
		h.body = 0
	}
	return h, h.body == 0 || h.body > 0 && h.status != http.StatusNoContent
}

// takeLine reads one line of a header and reports whether it is plain.
func (h *head) takeLine(line []byte) bool {
	colon := bytes.IndexByte(line, ':')
	if colon < 1 {
		return false
	}
	for _, b := range line[:colon] {
		if !(b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '-' || b == '_') {
			return false
		}
	}
	value := line[colon+1:]
	if !isPrintable(value) {
		return false
	}
	switch name := line[:colon]; {
	case len(name) == len("Content-Length") && bytes.EqualFold(name, []byte("Content-Length")):
		n, isNumber := parseDigits(bytes.Trim(value, " \t"))
		if !isNumber || h.body >= 0 {
			return false
		}
		h.body = n
	case bytes.EqualFold(name, []byte("Connection")):
		return bytes.EqualFold(bytes.Trim(value, " \t"), []byte("keep-alive"))
	case bytes.EqualFold(name, []byte("Transfer-Encoding")), bytes.EqualFold(name, []byte("Content-Encoding")),
		bytes.EqualFold(name, []byte("Trailer")):
		return false
	}
	return true
}

// isPrintable reports whether a text has no control characters but tabs.
func isPrintable(text []byte) bool {
	for _, b := range text {
		if b < ' ' && b != '\t' || b == 0x7f {
			return false
		}
	}
	return true
}

// parseDigits returns the number that a text of 1 to 9 digits is.
func parseDigits(text []byte) (n int, ok bool) {
	for _, b := range text {
		if b < '0' || b > '9' {
			return 0, false
		}
		n = 10*n + int(b-'0')
	}
	return n, len(text) > 0 && len(text) < 10
}
