package client

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// decodeBody returns the body of an answer as it was before it was coded. Requests
// ask for identity; some gateways compress all the same. What is read of a body
// stays limited, so a small one that unpacks to a huge one does no harm.
func decodeBody(resp *http.Response) (io.Reader, error) {
	codings := resp.Header["Content-Encoding"]
	if len(codings) == 0 {
		return resp.Body, nil
	}
	coding := strings.ToLower(strings.TrimSpace(strings.Join(codings, ",")))
	unpacked, err := openUnpacker(coding, bufio.NewReader(resp.Body))
	if err != nil {
		return nil, explainCoding(coding, err)
	}
	if unpacked == nil {
		return resp.Body, nil
	}
	return &unpacking{unpacked, coding}, nil
}

// openUnpacker returns the reader that decodes a content coding; nil for a
// coding that changes nothing.
func openUnpacker(coding string, body *bufio.Reader) (io.Reader, error) {
	if coding == "" || coding == "identity" {
		return nil, nil
	}
	start, err := body.Peek(2)
	if len(start) == 0 {
		return nil, err // nothing is coded nothing
	}
	switch coding {
	case "gzip", "x-gzip":
		return gzip.NewReader(body)
	case "deflate": // RFC 9110 means zlib's format; some send the bare stream
		if len(start) == 2 && start[0]&0x0f == 8 && (int(start[0])<<8|int(start[1]))%31 == 0 {
			return zlib.NewReader(body)
		}
		return flate.NewReader(body), nil
	}
	return nil, Trouble(fmt.Sprintf("the answer is compressed (Content-Encoding: %.40q), which was not asked for and cannot be read",
		coding))
}

// unpacking tells a body that is not what its header says from a connection that
// ended.
type unpacking struct {
	io.Reader
	coding string
}

func (u *unpacking) Read(p []byte) (int, error) {
	n, err := u.Reader.Read(p)
	return n, explainCoding(u.coding, err)
}

func explainCoding(coding string, err error) error {
	var bad flate.CorruptInputError
	for _, known := range []error{gzip.ErrHeader, gzip.ErrChecksum, zlib.ErrHeader, zlib.ErrChecksum, zlib.ErrDictionary} {
		if errors.Is(err, known) || errors.As(err, &bad) {
			return Trouble(fmt.Sprintf("the answer says Content-Encoding: %s and is none", coding))
		}
	}
	return err
}

// readBody reads a body to its end, which is what makes its connection fit for
// the next request, and closes it. The body lies in the room.
func readBody(ctx context.Context, resp *http.Response, mem *room, limit bodyLimit) ([]byte, error) {
	// Everything has been read or is of no use: a failure to close takes
	// nothing away.
	defer func() { _ = resp.Body.Close() }()
	body := mem.startBody(resp.ContentLength)
	if resp.StatusCode == http.StatusSwitchingProtocols {
		return body, nil // what follows is no body, and might never end
	}
	from, err := decodeBody(resp)
	for err == nil {
		if len(body) == cap(body) {
			if body, err = mem.growBody(ctx, body, limit.bytes); err != nil {
				break
			}
		}
		var n int
		n, err = from.Read(body[len(body):cap(body)])
		if body = body[:len(body)+n]; int64(len(body)) > limit.bytes {
			err = limit.exceeded
		}
	}
	if err == io.EOF {
		return body, nil
	}
	return body[:0], err
}
