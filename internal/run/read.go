package run

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
)

// MaxJSON is the size in bytes from which a JSON file of a run is refused
// unread.
const MaxJSON = 64 << 20

// ReadJSON reads a JSON file into v. Fields that v does not know are ignored:
// a later version may have added them. A file that says to be of a newer
// format (a number "format" at the top) is refused, since there the known
// fields may mean something else.
//
// Where the file's content is at fault, the error names the line.
func ReadJSON(path string, v any) error {
	text, err := readPlain(path)
	if err != nil {
		return err
	}
	return ParseJSON(path, text, v)
}

// ParseJSON is ReadJSON of a text that was read from a path.
func ParseJSON(path string, text []byte, v any) error {
	if newer := readFormat(text); newer > Format {
		reason := fmt.Sprintf("the file is of format %d, this occbench reads up to %d; use a newer occbench", newer, Format)
		return &fileError{path: path, reason: reason}
	}
	if err := json.Unmarshal(text, v); err != nil {
		return explainDecode(path, text, err)
	}
	return nil
}

// OpenFile opens a file for reading, wherever it lies, in the way of Dir.Open.
func OpenFile(path string) (*os.File, error) { return openPlain(path) }

// openPlain opens a regular file. It refuses everything else, because reading
// a pipe could wait for ever.
func openPlain(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is not a file")
	}
	var file *os.File
	if err == nil {
		file, err = os.Open(path)
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, trimCause(err))
	}
	return file, nil
}

func readPlain(path string) ([]byte, error) {
	file, err := openPlain(path)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(file, MaxJSON+1))
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, trimCause(err))
	}
	if len(text) > MaxJSON {
		return nil, &fileError{path: path, reason: fmt.Sprintf("the file is larger than %d MiB", MaxJSON>>20)}
	}
	return text, nil
}

// readFormat returns the format number in a text; 0 when there is none.
func readFormat(text []byte) int {
	var top struct {
		Format json.Number `json:"format"`
	}
	if err := json.Unmarshal(text, &top); err != nil {
		return 0 // the full reading finds the words
	}
	n, err := top.Format.Int64()
	if err != nil {
		return 0
	}
	return int(n)
}

// explainDecode returns the error of encoding/json with the file, the line and
// a reason in plain words.
func explainDecode(path string, text []byte, err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	var value *valueError
	var member *ValueError
	switch {
	case errors.As(err, &syntax):
		return newErrorAt(path, text, syntax.Offset-1, syntax.Error())
	case errors.As(err, &kind) && kind.Field != "":
		return newErrorAt(path, text, kind.Offset-1, fmt.Sprintf("%s is %s, want %s", kind.Field, kind.Value, NameJSONType(kind.Type)))
	case errors.As(err, &kind):
		return newErrorAt(path, text, kind.Offset-1, fmt.Sprintf("the file holds %s, want %s", kind.Value, NameJSONType(kind.Type)))
	case errors.As(err, &member):
		return newErrorAt(path, text, member.Offset(text), member.Reason)
	case errors.As(err, &value):
		return newErrorAt(path, text, int64(bytes.Index(text, []byte(strconv.Quote(value.value)))), value.reason)
	}
	return &fileError{path: path, reason: err.Error()}
}

// valueError is a string of JSON that has no meaning. Where it stands is found
// by its text, since encoding/json does not tell; the text itself may be
// secret and is left to the reason.
type valueError struct{ value, reason string }

func (e *valueError) Error() string { return e.reason }

// newErrorAt returns an error about the byte at an offset of a file.
func newErrorAt(path string, text []byte, offset int64, reason string) error {
	before := text[:min(max(offset, 0), int64(len(text)))]
	line := bytes.Count(before, []byte{'\n'}) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n')
	return &fileError{path: path, line: line, column: column, reason: reason}
}
