package protocol

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
)

// maxBody is how many bytes a request may have, before and after it is
// unpacked. AWS publishes the 1 MB without saying which it means; what fits
// here fits there.
const maxBody = 1 << 20

// ReadBody returns the body of r, unpacked.
func ReadBody(r *http.Request) ([]byte, *Error) {
	body, err := readLimited(r.Body)
	if err != nil {
		return nil, err
	}
	switch encoding := r.Header.Get("Content-Encoding"); encoding {
	case "", "identity":
		return body, nil
	case "gzip":
		return unpackBody(body)
	default:
		return nil, newMalformed("The content encoding %q is not gzip.", encoding)
	}
}

func unpackBody(body []byte) ([]byte, *Error) {
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, newMalformed("The body is not gzip: %v.", err)
	}
	return readLimited(z)
}

func readLimited(r io.Reader) ([]byte, *Error) {
	body, err := io.ReadAll(io.LimitReader(r, maxBody+1))
	if len(body) > maxBody {
		return nil, tooLarge("The request is larger than 1 MB.")
	}
	if err != nil {
		return nil, newMalformed("The body cannot be read: %v.", err)
	}
	return body, nil
}
