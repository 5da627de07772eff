package shop

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
)

// bodyLimit is how large the body of an answer may be.
type bodyLimit struct {
	bytes    int64
	exceeded Trouble
}

func newBodyLimit(bytes int64, what, flag string) bodyLimit {
	return bodyLimit{bytes, Trouble(fmt.Sprintf("%s is larger than %s (%s)", what, Size(bytes), flag))}
}

// limitOf returns the limit of the answer to a request.
func (c *Client) limitOf(r *http.Request) bodyLimit {
	if r.Method == http.MethodGet {
		return c.list
	}
	return c.update
}

// Size writes a number of bytes in the largest unit that keeps it whole: 64 MiB.
func Size(bytes int64) string {
	units := []string{"bytes", "KiB", "MiB", "GiB"}
	i := 0
	for ; i < len(units)-1 && bytes > 0 && bytes%1024 == 0; i++ {
		bytes /= 1024
	}
	return fmt.Sprintf("%d %s", bytes, units[i])
}

// ParseSize reads a number of bytes as Size writes it, with or without the blank.
func ParseSize(text string) (int64, error) {
	number := strings.TrimRight(text, "BKMGibytes ")
	n, err := strconv.ParseInt(number, 10, 64)
	shift, known := map[string]int{"": 0, "B": 0, "bytes": 0, "KiB": 10, "MiB": 20, "GiB": 30}[strings.TrimSpace(text[len(number):])]
	if err != nil || !known || n < 1 || n > math.MaxInt64>>shift {
		return 0, fmt.Errorf("%q is not a size such as 64MiB", text)
	}
	return n << shift, nil
}
