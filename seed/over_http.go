package seed

import (
	"context"
	"fmt"
	"time"

	"github.com/occbench/occbench/internal/client"
)

// SeedOverHTTP makes sure that enough usable records exist, with the calls of the API
// file. Target's own date is ignored.
//
// A creation that may have had an effect is not repeated before the target was asked
// what became of it. Where records have neither names of ours nor a tag, one that was
// made without an answer stays unknown and is left behind. Two concurrent calls with
// the same tag see the same gap and may both fill it.
func SeedOverHTTP(ctx context.Context, target client.Config, o Options) (Result, error) {
	s, err := newSession(target, o, true)
	if err != nil {
		return Result{}, err
	}
	defer s.client.CloseIdle()
	began := time.Now()
	switch {
	case s.api.IDs != nil:
		err = s.fillNamed(ctx)
	default:
		err = s.fillCounted(ctx)
	}
	if err == nil {
		err = s.spread(ctx)
	}
	s.result.Millis = float64(time.Since(began)) / float64(time.Millisecond)
	if err != nil {
		return s.result, fmt.Errorf("seeding %s: %w", s.client, err)
	}
	return s.result, nil
}
