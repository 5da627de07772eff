package blobs

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// sumsFile names every other file of a folder that was carried, with its SHA-256, as
// sha256sum writes and checks it. It is written last.
const sumsFile = "SHA256SUMS"

// sums are the hashes of files by their paths, in hexadecimal.
type sums map[string]string

// text returns the content of sumsFile.
func (s sums) text() []byte {
	var b bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(s)) {
		fmt.Fprintf(&b, "%s  %s\n", s[name], name)
	}
	return b.Bytes()
}

// parseSums reads the content of a sumsFile.
func parseSums(text []byte) (sums, error) {
	all := sums{}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		sum, name, found := strings.Cut(lines.Text(), "  ")
		if raw, err := hex.DecodeString(sum); !found || err != nil || len(raw) != 32 || !isSafeKey(name) {
			return nil, fmt.Errorf("%s: line %d is no SHA-256 and name of a file", sumsFile, n)
		}
		all[name] = sum
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", sumsFile, err)
	}
	return all, nil
}

// compare returns how the files that are there differ from those that should be.
func (s sums) compare(there sums) error {
	for _, name := range slices.Sorted(maps.Keys(s)) {
		switch sum, found := there[name]; {
		case !found:
			return fmt.Errorf("%s is missing, which %s names", name, sumsFile)
		case sum != s[name]:
			return fmt.Errorf("%s has the SHA-256 %s, and %s names %s", name, sum, sumsFile, s[name])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(there)) {
		if _, found := s[name]; !found {
			return fmt.Errorf("%s is there, which %s does not name", name, sumsFile)
		}
	}
	return nil
}
