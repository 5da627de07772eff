package cwlocal

import (
	"net/http"
	"strings"
)

// serviceName is CloudWatch's name in paths and targets.
const serviceName = "GraniteServiceVersion20100801"

// A protocol reads requests and writes answers in one wire format. It knows
// trees and nothing of what they mean.
type protocol interface {
	// operation names what is asked, and its parameters.
	decode(r *http.Request, body []byte) (op string, tree map[string]any, err *apiError)
	// encode returns the body that says tree; a nil tree is the answer of an
	// operation that has none.
	encode(op, requestID string, tree object) []byte
	// encodeError returns the body that says err.
	encodeError(requestID string, err *apiError) []byte
	// headers sets what every answer carries.
	headers(h http.Header)
	// queryErrors tells whether the client of r knows the query protocol's errors.
	queryErrors(r *http.Request) bool
}

// protocolOf tells the protocol by what only it has. A request that has neither
// mark is answered as a query, the oldest of the three.
func protocolOf(r *http.Request) protocol {
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
