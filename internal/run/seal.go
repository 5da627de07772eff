package run

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"

	"github.com/cespare/xxhash/v2"
)

// HashText returns the hash with which files of a run refer to the content of
// other files. It detects a file that was edited or exchanged; it is no
// signature.
func HashText(text []byte) string { return sumText(xxhash.Sum64(text)) }

func sumText(hash uint64) string { return fmt.Sprintf("xxh64:%016x", hash) }

// SumFile returns the hash of a file of the run; "" where there is none.
func (d Dir) SumFile(name string) (string, error) {
	file, err := d.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	hash := xxhash.New()
	_, err = io.Copy(hash, file)
	if err = errors.Join(err, file.Close()); err != nil {
		return "", fmt.Errorf("reading %s: %w", d.File(name), trimCause(err))
	}
	return sumText(hash.Sum64()), nil
}

// sealed matches the last sealLength bytes of a file with a seal, which is its last
// member. A search through the whole file took longer than to decode it.
var sealed = regexp.MustCompile(`\A,\n  "seal": "(xxh64:[0-9a-f]{16})"\n}\n\z`)

const sealLength = len(",\n  \"seal\": \"xxh64:0123456789abcdef\"\n}\n")

// WriteSealed writes v as WriteJSON does, with the hash of all of it as its last
// member. v is an object that is not empty.
func (d Dir) WriteSealed(name string, v any) error {
	text, err := encodeIndented(v)
	if err != nil {
		return fmt.Errorf("writing %s: %w", d.File(name), err)
	}
	body := bytes.TrimSuffix(text, []byte("\n}\n"))
	return d.WriteFile(name, fmt.Appendf(body, ",\n  \"seal\": %q\n}\n", HashText(text)))
}

// ReadSealed reads a JSON file of the run, and reports whether it was changed
// since WriteSealed wrote it. A file without a seal, as earlier versions wrote
// them, was not.
func (d Dir) ReadSealed(name string, v any) (changed bool, err error) {
	if err := d.ReadJSON(name, v); err != nil {
		return false, err
	}
	text, err := readPlain(d.File(name))
	if err != nil {
		return false, err
	}
	body := text[:max(0, len(text)-sealLength)]
	if m := sealed.FindSubmatch(text[len(body):]); m != nil {
		return HashText(slices.Concat(body, []byte("\n}\n"))) != string(m[1]), nil
	}
	var unsealed struct {
		Seal string `json:"seal"`
	}
	err = json.Unmarshal(text, &unsealed)
	return unsealed.Seal != "", err // a seal that stands elsewhere was moved
}
