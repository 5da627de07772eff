package settings

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/occbench/occbench/internal/limit"
)

// DefaultFile is read when it lies in the working directory and --config does
// not name another.
const DefaultFile = "occbench.yaml"

// maxFile bounds the size of a settings file in bytes.
const maxFile = 1 << 20

// readFile returns the top-level keys of a settings file in order; nil without
// a file when none was named.
func readFile(path string, named bool) ([]*yaml.Node, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) && !named {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the settings file: %w", err)
	}
	defer f.Close()
	data, err := limit.ReadAll(f, maxFile)
	if err != nil {
		return nil, fmt.Errorf("reading the settings file %s: %w", path, err)
	}
	return parseTopLevel(path, data)
}

func parseTopLevel(path string, data []byte) ([]*yaml.Node, error) {
	var doc, more yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	err := decoder.Decode(&doc)
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err == nil && decoder.Decode(&more) == nil {
		return nil, fmt.Errorf("%s:%d: a second document begins, which would have no effect; put all settings into one", path,
			max(more.Line, 1))
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %s", path, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	root := doc.Content[0]
	if root.Kind == yaml.ScalarNode && root.Tag == "!!null" {
		return nil, nil
	}
	if root.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%s:%d: the file is a mapping of settings, e.g. `operators: 20`", path, root.Line)
	}
	return root.Content, nil
}

// fileReader sets what a settings file says.
type fileReader struct {
	path string
	into *Settings
	seen []string
	now  func() time.Time
}

func (r *fileReader) readKeys(nodes []*yaml.Node) error {
	for i := 0; i+1 < len(nodes); i += 2 {
		if err := r.readKey(nodes[i], nodes[i+1]); err != nil {
			return err
		}
	}
	return nil
}

func (r *fileReader) readKey(key, value *yaml.Node) error {
	where := fmt.Sprintf("%s:%d", r.path, key.Line)
	if err := r.refuseRepeat(where, key.Value); err != nil {
		return err
	}
	switch key.Value {
	case "gates":
		return readGates(r.path, value, &r.into.Gates)
	case "tolerate":
		return readTolerate(r.path, value, &r.into.Gates)
	case "confidence":
		return readConfidence(r.path, value, &r.into.Gates)
	}
	s, ok := findSetting(r.now, strings.ReplaceAll(key.Value, "_", "-"))
	if !ok || s.Name == "config" {
		return fmt.Errorf("%s: unknown key %q%s", where, key.Value, suggestKey(key.Value))
	}
	if s.Name != key.Value { // another spelling of the same
		if err := r.refuseRepeat(where, s.Name); err != nil {
			return err
		}
	}
	text, err := readScalar(value)
	if err != nil {
		return fmt.Errorf("%s: %s: %w", where, key.Value, err)
	}
	return r.into.set(s, text, Source{Kind: "file", Where: where})
}

// refuseRepeat refuses a key that occurs twice: one of the two would have no
// effect.
func (r *fileReader) refuseRepeat(where, key string) error {
	if slices.Contains(r.seen, key) {
		return fmt.Errorf("%s: %s is set twice", where, key)
	}
	r.seen = append(r.seen, key)
	return nil
}

// readScalar returns a value as the text a flag would carry; a list is joined with
// commas.
func readScalar(n *yaml.Node) (string, error) {
	switch n.Kind {
	case yaml.ScalarNode:
		return n.Value, nil
	case yaml.SequenceNode:
		var parts []string
		for _, c := range n.Content {
			if c.Kind != yaml.ScalarNode {
				return "", errors.New("a list of plain values is wanted")
			}
			parts = append(parts, c.Value)
		}
		return strings.Join(parts, ","), nil
	}
	return "", errors.New("a plain value is wanted")
}
