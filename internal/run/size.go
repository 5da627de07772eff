package run

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// FormatSize writes a number of bytes in the largest unit that keeps it whole: 64 MiB.
func FormatSize(bytes int64) string {
	units := []string{"bytes", "KiB", "MiB", "GiB"}
	i := 0
	for ; i < len(units)-1 && bytes > 0 && bytes%1024 == 0; i++ {
		bytes /= 1024
	}
	return fmt.Sprintf("%d %s", bytes, units[i])
}

// parseSize reads a number of bytes as FormatSize writes it, with or without the
// blank.
func parseSize(text string) (int64, error) {
	number := strings.TrimRight(text, "BKMGibytes ")
	n, err := strconv.ParseInt(number, 10, 64)
	shift, known := map[string]int{"": 0, "B": 0, "bytes": 0, "KiB": 10, "MiB": 20, "GiB": 30}[strings.TrimSpace(text[len(number):])]
	if err != nil || !known || n < 1 || n > math.MaxInt64>>shift {
		return 0, fmt.Errorf("%q is not a size such as 64MiB", text)
	}
	return n << shift, nil
}

// newSizeCodec returns the codec of a number of bytes from 1 KiB to 1 GiB.
func newSizeCodec() Codec[int64] {
	return Codec[int64]{
		Shape: Shape{Kind: Text},
		Parse: func(text string) (int64, error) {
			n, err := parseSize(text)
			if err == nil && (n < 1<<10 || n > 1<<30) {
				err = fmt.Errorf("%q is not a size from 1KiB to 1GiB", text)
			}
			return n, err
		},
		Write: func(n int64) string {
			if n <= 0 {
				return ""
			}
			return strings.ReplaceAll(FormatSize(n), " ", "")
		},
	}
}
