package pipeline

import (
	"bytes"
	"path/filepath"

	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/trend"
	"github.com/occbench/occbench/reports/html"
)

// indexFile lists all runs of a folder.
const indexFile = "index.html"

// WriteIndex writes the list of a folder's runs beside them and returns its
// path; empty for a folder without runs, which is not ours to write to.
func WriteIndex(folder string, r trend.Report) (path string, err error) {
	if len(r.Runs) == 0 {
		return "", nil
	}
	var page bytes.Buffer
	if err := html.Trend(&page, r); err != nil {
		return "", err
	}
	path = filepath.Join(folder, indexFile)
	return path, run.WriteFile(path, page.Bytes())
}

// updateIndex adds a new run to the list of the runs of its folder.
func (p *Pipeline) updateIndex() error {
	r, err := trend.Read(p.Settings.Out)
	if err != nil {
		return err
	}
	_, err = WriteIndex(p.Settings.Out, r)
	return err
}
