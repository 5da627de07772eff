package pipeline

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/seed"
)

// listKnownRecords returns the ids of the run's records for an API without a
// list: those that were just seeded, those of an earlier seeding, or those
// that the client would choose itself. The error is fs.ErrNotExist when
// nothing was seeded and the target chooses the ids.
func (p *Pipeline) listKnownRecords(by *api.API) ([]string, error) {
	if !seed.NeedsRoster(by) {
		return nil, nil
	}
	s, err := p.resolveSpec(latencies{})
	if err != nil {
		return nil, err
	}
	if p.made != nil {
		return p.made, nil
	}
	known, err := seed.ReadRoster(p.Settings.Out, by.Name, s.Target, s.Tag)
	switch {
	case err == nil:
		return known.IDs, nil
	case by.IDs == nil || !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%w; `occbench seed` makes them and keeps their ids", err)
	}
	var ids []string
	for n := range s.RecordsNeeded() {
		ids = append(ids, by.RecordID(s.Tag, n+1))
	}
	return ids, nil
}
