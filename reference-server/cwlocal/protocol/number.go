package protocol

import (
	"strconv"
	"strings"
	"time"
)

// FormatDecimal returns a number as CloudWatch writes it: with a fraction even when it is whole,
// so that clients that tell the two apart read a float.
func FormatDecimal(f float64) string {
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if len(s) > 21 {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// toEpochSeconds returns an instant as JSON and CBOR have it: seconds since 1970, to the
// millisecond.
func toEpochSeconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1e3 }
