package protocol

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"hash/fnv"
	"strings"
)

const (
	ScanDescending = "TimestampDescending"
	ScanAscending  = "TimestampAscending"
)

func IsValidScan(scan string) bool {
	return scan == "" || scan == ScanDescending || scan == ScanAscending
}

// NewEnumError returns CloudWatch's error for a word that is not one of those allowed.
func NewEnumError(value, path string, allowed ...string) *Error {
	return ValidationError("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: "+
		"Member must satisfy enum value set: [%s]", value, path, strings.Join(allowed, ", "))
}

// NewPageToken says where the next page of a request begins. It holds the
// request's digest: a token used with another request is refused.
func NewPageToken(request any, position ...int64) *string {
	b := digestRequest(request)
	for _, p := range position {
		b = binary.AppendVarint(b, p)
	}
	token := base64.RawURLEncoding.EncodeToString(b)
	return &token
}

// ResumePage returns the n numbers of a request's token, nil without a token.
func ResumePage(request any, token string, n int) ([]int64, *Error) {
	if token == "" {
		return nil, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(token)
	want := digestRequest(request)
	if err != nil || len(b) < len(want) || string(b[:len(want)]) != string(want) {
		return nil, invalidToken()
	}
	b = b[len(want):]
	position := make([]int64, n)
	for i := range position {
		value, size := binary.Varint(b)
		if size <= 0 {
			return nil, invalidToken()
		}
		position[i], b = value, b[size:]
	}
	if len(b) > 0 || position[0] < 0 {
		return nil, invalidToken()
	}
	return position, nil
}

// digestRequest tells requests apart; the request's own NextToken must be empty.
func digestRequest(request any) []byte {
	text, err := json.Marshal(request)
	if err != nil { // inputs hold no NaN: those are refused before
		text = []byte(err.Error())
	}
	h := fnv.New64a()
	h.Write(text) // never fails, see hash.Hash
	return h.Sum(nil)
}
