// Package protocol reads and writes CloudWatch's calls in the three wire formats that AWS clients speak: rpc-v2-cbor,
// awsJson 1.0 and awsQuery.
//
// It knows trees of values and nothing of what they mean. A parameter that an operation does not have is an error and
// is not skipped: a client that asks for what is ignored would believe the answer.
package protocol

import (
	"net/http"
)

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
