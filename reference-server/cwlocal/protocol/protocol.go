// Package protocol reads and writes CloudWatch's calls in the three wire formats that AWS clients speak: rpc-v2-cbor,
// awsJson 1.0 and awsQuery.
//
// It knows trees of values and nothing of what they mean. A parameter that an operation does not have is an error and
// is not skipped: a client that asks for what is ignored would believe the answer.
package protocol

import (
	"net/http"
	"strings"
)

// Service is CloudWatch's name in paths and targets.
const Service = "GraniteServiceVersion20100801"

// A protocol reads requests and writes answers in one wire format. It knows
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

// Of tells the protocol by what only it has. A request that has neither
// mark is answered as a query, the oldest of the three.
func Of(r *http.Request) Codec {
	switch {
	case r.Header.Get("Smithy-Protocol") == "rpc-v2-cbor":
		return cborProtocol{}
	case r.Header.Get("X-Amz-Target") != "":
		return jsonProtocol{}
	}
	return queryProtocol{}
}

// asksForQueryErrors tells whether the client wants the modelled status beside
// the old error code.
func asksForQueryErrors(r *http.Request) bool {
	return strings.EqualFold(r.Header.Get("X-Amzn-Query-Mode"), "true")
}
