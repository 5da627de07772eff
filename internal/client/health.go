package client

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// Health is what a server says of itself.
type Health struct {
	Status  string `json:"status"`
	Service string `json:"service"`
	Version string `json:"version"` // the build
	Store   string `json:"store"`
}

// Health asks whether the server and its store are well. An error means that
// they are not, or that they could not be asked. A server that names its build
// only in the header X-App-Version is understood.
func (c *Client) Health(ctx context.Context) (Health, error) {
	got, err := c.Do(ctx, http.MethodGet, "/healthz", nil)
	if err != nil {
		return Health{}, err
	}
	if got.Status != http.StatusOK {
		return Health{}, fmt.Errorf("asking the health of %s: the target answered HTTP %d", c, got.Status)
	}
	var body struct {
		Data Health `json:"data"`
	}
	if err := json.Unmarshal(got.Body, &body); err != nil {
		return Health{}, fmt.Errorf("asking the health of %s: reading the answer: %w", c, err)
	}
	h := body.Data
	if h.Version == "" {
		h.Version = got.Header.Get("X-App-Version")
	}
	if h.Status != "ok" {
		return h, fmt.Errorf("asking the health of %s: its status is %q, want \"ok\"", c, h.Status)
	}
	return h, nil
}
