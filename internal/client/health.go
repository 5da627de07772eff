package client

import (
	"context"
	"errors"
	"fmt"

	"github.com/occbench/occbench/internal/api"
)

// Build asks whether the server is well, and which build it is; empty where it
// does not say. An error means that it is not well, or could not be asked.
func (c *Client) Build(ctx context.Context) (string, error) {
	if c.api.Health == nil {
		return "", errors.New("the API file has no health call")
	}
	got, err := c.Send(ctx, &c.api.Health.Request, &api.Vars{Date: c.date})
	if err != nil {
		return "", err
	}
	mem := takeRoom()
	defer mem.release()
	build, err := c.api.Health.ReadBuild(
		mem.decoder(got.Body),
		&mem.scratch,
		&api.Response{Status: got.Status, Header: got.Header, Body: got.Body},
	)
	if err != nil {
		return build, fmt.Errorf("asking the health of %s: %w", c, err)
	}
	return build, nil
}
