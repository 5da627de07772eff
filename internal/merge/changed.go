package merge

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"sync"

	"github.com/occbench/occbench/internal/generator"
	"github.com/occbench/occbench/internal/run"
)

// listChanged says which files are not those that their generator wrote. A generator that
// was killed has not said which these are.
func (a *parts) listChanged(Options) []string {
	found := make([][]string, len(a.parts))
	var all sync.WaitGroup
	for i := range a.parts {
		all.Go(func() { found[i] = a.parts[i].listChanged() })
	}
	all.Wait()
	return slices.Concat(found...)
}

func (p *part) listChanged() []string {
	var wrong []string
	if p.Sums[run.HistoryFile] == "" && !p.isKilled() {
		wrong = append(wrong, fmt.Sprintf("%s: its %s names no sha256 of %s", p.dir, generator.ManifestFile, run.HistoryFile))
	}
	for _, name := range slices.Sorted(maps.Keys(p.Sums)) {
		sum, whole, err := sumFile(p.file(name))
		switch {
		case err != nil:
			wrong = append(wrong, err.Error())
		case sum == p.Sums[name]:
		case name == run.HistoryFile && !whole:
			wrong = append(wrong, fmt.Sprintf("%s: it is cut off within its last line", p.file(name)))
		default:
			wrong = append(wrong, fmt.Sprintf("%s: it is not the file that generator %s wrote: its sha256 is %.12s…, and %.12s… in %s",
				p.file(name), p.Name, sum, p.Sums[name], generator.ManifestFile))
		}
	}
	return wrong
}

// sumFile returns the hash of a file, and whether its last line is whole.
func sumFile(path string) (sum string, whole bool, err error) {
	file, err := run.OpenFile(path)
	if err != nil {
		return "", false, err
	}
	defer func() { _ = file.Close() }()
	hash := sha256.New()
	if _, err := io.CopyBuffer(hash, file, make([]byte, 1<<20)); err != nil {
		return "", false, fmt.Errorf("reading %s: %w", path, err)
	}
	return hex.EncodeToString(hash.Sum(nil)), endsLine(file), nil
}

// endsLine reports whether a file ends in a line's end.
func endsLine(file *os.File) bool {
	var last [1]byte
	info, err := file.Stat()
	if err != nil || info.Size() == 0 {
		return false
	}
	_, err = file.ReadAt(last[:], info.Size()-1)
	return err == nil && last[0] == '\n'
}
