package pipeline

import (
	"context"
	"io"

	"github.com/occbench/occbench/internal/apicheck"
)

// CheckAPI sends each call of the API file once to the target and shows them; id is a
// record that may be updated, where the file makes none.
func (p *Pipeline) CheckAPI(ctx context.Context, id string, out io.Writer) (apicheck.Result, error) {
	target, err := p.newClientConfig(ctx)
	if err != nil {
		return apicheck.Result{}, err
	}
	return apicheck.Run(ctx, apicheck.Options{Target: target, File: p.Settings.API, ID: id, Out: out, Now: p.Now})
}
