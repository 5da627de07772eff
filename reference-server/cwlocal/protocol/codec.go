package protocol

import (
	"net/http"
	"strings"
)

// Service is CloudWatch's name in paths and targets.
const Service = "GraniteServiceVersion20100801"

// Codec reads requests and writes answers in one wire format. It knows
// trees and nothing of what they mean.
type Codec interface {
	// operation names what is asked, and its parameters.
	Decode(r *http.Request, body []byte) (op string, tree map[string]any, err *Error)
	// Encode returns the body that says tree; a nil tree is the answer of an
	// operation that has none.
	Encode(op, requestID string, tree Object) []byte
	// EncodeError returns the body that says err.
	EncodeError(requestID string, err *Error) []byte
	// Headers sets what every answer carries.
	Headers(h http.Header)
	// QueryErrors tells whether the client of r knows the query protocol's errors.
	QueryErrors(r *http.Request) bool
}

// asksForQueryErrors tells whether the client wants the modelled status beside
// the old error code.
func asksForQueryErrors(r *http.Request) bool {
	return strings.EqualFold(r.Header.Get("X-Amzn-Query-Mode"), "true")
}
