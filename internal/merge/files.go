package merge

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/occbench/occbench/internal/clocks"
	"github.com/occbench/occbench/internal/evidence"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/limit"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/stall"
)

// writeHistory merges the histories into a file.
func writeHistory(ctx context.Context, all []part, shifts []int64, path string) (err error) {
	sources := make([]history.Source, len(all))
	for i := range all {
		file, err := run.OpenFile(all[i].file(run.HistoryFile))
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }()
		sources[i] = history.Source{
			Reader: file, Name: file.Name(), Generator: all[i].Name, Shift: shifts[i], Cut: !all[i].IsCounted(),
		}
	}
	into, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, unwrapPathError(err))
	}
	defer func() { err = errors.Join(err, into.Close()) }()
	if err := history.Merge(ctx, into, sources); err != nil {
		return err
	}
	if err := into.Sync(); err != nil {
		return fmt.Errorf("writing %s: %w", path, unwrapPathError(err))
	}
	return nil
}

// sources returns the histories for the clocks. Where the generators ran on one
// machine its monotonic clock tells how their own are apart, else the wall clocks give
// a hint.
func (a *parts) sources() []clocks.Source {
	first := &a.parts[0]
	all := make([]clocks.Source, len(a.parts))
	for i := range a.parts {
		p := &a.parts[i]
		base := p.Base.UnixNano()
		if p.Boot != "" && p.Boot == first.Boot {
			base = first.Base.UnixNano() + p.Monotonic - first.Monotonic
		}
		path := p.file(run.HistoryFile)
		all[i] = clocks.Source{Generator: p.Name, Path: path, Base: base, Open: func() (io.ReadCloser, error) { return run.OpenFile(path) }}
	}
	return all
}

// writeClocks writes how the clocks relate, where there are several.
func writeClocks(bounds *clocks.Bounds, into run.Dir) error {
	if len(bounds.Generators) < 2 {
		return nil
	}
	return into.WriteJSON(run.ClocksFile, bounds)
}

// copyInputs takes over what a judgement needs beside the histories: the API file, where
// it does not come with the binary, the ids of the records, and the server's own account.
func (a *parts) copyInputs(into run.Dir) error {
	s := &a.parts[0].Spec
	for _, name := range []string{run.APIFile, run.RecordsFile, run.CloudWatchFile} {
		text, path, err := a.readInput(name)
		switch {
		case err != nil:
			return err
		case path == "" && name == run.APIFile && s.APIHash != "":
			return &Refusal{[]string{fmt.Sprintf("%s: it is missing, and the API %s does not come with occbench", a.parts[0].file(name),
				s.API)}}
		case path == "":
			continue
		case name == run.APIFile && hashText(text) != s.APIHash:
			return &Refusal{[]string{fmt.Sprintf("%s: it is not the API file of the run: its sha256 is %.12s…, and %.12s… is declared",
				path, hashText(text), s.APIHash)}}
		}
		if err := into.WriteFile(name, text); err != nil {
			return err
		}
		if name == run.APIFile {
			s.APICopy = into.File(name)
		}
	}
	return nil
}

// copyAsked takes over what was asked and made before the load, where the generators
// brought it along, and notes that it belongs to the run.
func (a *parts) copyAsked(into run.Dir, m *run.Manifest) error {
	for _, name := range []string{run.ProbeFile, run.SeedFile} {
		text, path, err := a.readInput(name)
		if err == nil && path != "" {
			err = into.WriteSealed(name, named{text, evidence.RunName(m)})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func hashText(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// readInput returns the file that the first generator which has it brought along.
func (a *parts) readInput(name string) (text []byte, path string, err error) {
	for i := range a.parts {
		path := a.parts[i].file(name)
		text, err := limit.ReadFile(path, run.MaxJSON)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		return text, path, err
	}
	return nil, "", nil
}

// named is an object of JSON with the name of the run that it belongs to.
type named struct {
	text []byte
	run  string
}

// MarshalJSON adds the name as the last member.
func (n named) MarshalJSON() ([]byte, error) {
	body, ok := bytes.CutSuffix(bytes.TrimSpace(n.text), []byte("}"))
	if !ok {
		return nil, errors.New("it is no object of JSON")
	}
	return fmt.Appendf(bytes.TrimSpace(body), ",\"run\":%q}", n.run), nil
}

// writeStalls writes what each generator knows of its own stalls.
func writeStalls(all []part, shifts []int64, into run.Dir) error {
	text := []byte(stall.MergedHeader + "\n")
	some := false
	for i := range all {
		file, err := run.OpenFile(all[i].file(run.StallsFile))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		var list stall.List
		err = errors.Join(stall.NewReader(file, file.Name()).ReadInto(&list), file.Close())
		if err != nil {
			return err
		}
		some = true
		text = list.AppendTo(text, shifts[i], all[i].Name)
	}
	if !some {
		return nil
	}
	return into.WriteFile(run.StallsFile, text)
}
