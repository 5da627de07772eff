// Package protocol reads and writes CloudWatch's calls in the three wire formats that AWS clients speak: rpc-v2-cbor,
// awsJson 1.0 and awsQuery.
//
// It knows trees of values and nothing of what they mean. A parameter that an operation does not have is an error and
// is not skipped: a client that asks for what is ignored would believe the answer.
package protocol

import (
	"net/http"
)

// DetectCodec returns the protocol of a request, by the header that only this protocol has. A
// request without one is answered as a query, the oldest of the three.
func DetectCodec(r *http.Request) Codec {
	switch {
	case r.Header.Get("Smithy-Protocol") == "rpc-v2-cbor":
		return cborProtocol{}
	case r.Header.Get("X-Amz-Target") != "":
		return jsonProtocol{}
	}
	return queryProtocol{}
}
