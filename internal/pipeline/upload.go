package pipeline

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/occbench/occbench/internal/blobs"
	"github.com/occbench/occbench/internal/run"
)

// Upload carries a run directory to the place that the settings name, into a folder of
// its name. A run that did not arrive has failed. What an interrupt ended is carried
// too.
func (p *Pipeline) Upload(ctx context.Context, dir run.Dir, m *run.Manifest) error {
	if p.Settings.Upload == "" {
		return nil
	}
	to, err := blobs.ParsePlace(p.Settings.Upload)
	if err != nil {
		return err
	}
	to = to.Join(filepath.Base(dir.Path()))
	if err := blobs.Upload(context.WithoutCancel(ctx), dir.Path(), to); err != nil {
		m.State, m.Reason = run.Failed, err.Error()
		return errors.Join(err, dir.WriteManifest(*m))
	}
	p.say("upload  %s", to)
	return nil
}
