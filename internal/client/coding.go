package client

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// plain returns the body of an answer as it was before it was coded. Requests
// ask for identity; some gateways compress all the same. What is read of a body
// stays limited, so a small one that unpacks to a huge one does no harm.
func plain(resp *http.Response) (io.Reader, error) {
	codings := resp.Header["Content-Encoding"]
	if len(codings) == 0 {
		return resp.Body, nil
	}
	coding := strings.ToLower(strings.TrimSpace(strings.Join(codings, ",")))
	unpacked, err := unpack(coding, bufio.NewReader(resp.Body))
	if err != nil {
		return nil, corrupt(coding, err)
	}
	if unpacked == nil {
		return resp.Body, nil
	}
	return &unpacking{unpacked, coding}, nil
}

// unpack returns the reader of a coding; nil for one that changes nothing.
func unpack(coding string, body *bufio.Reader) (io.Reader, error) {
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
	return nil, Trouble(fmt.Sprintf("the answer is compressed (Content-Encoding: %.40q), which was not asked for and cannot be read", coding))
}

// unpacking tells a body that is not what its header says from a connection that
// ended.
type unpacking struct {
	io.Reader
	coding string
}

func (u *unpacking) Read(p []byte) (int, error) {
	n, err := u.Reader.Read(p)
	return n, corrupt(u.coding, err)
}

func corrupt(coding string, err error) error {
	var bad flate.CorruptInputError
	for _, known := range []error{gzip.ErrHeader, gzip.ErrChecksum, zlib.ErrHeader, zlib.ErrChecksum, zlib.ErrDictionary} {
		if errors.Is(err, known) || errors.As(err, &bad) {
			return Trouble(fmt.Sprintf("the answer says Content-Encoding: %s and is none", coding))
		}
	}
	return err
}
