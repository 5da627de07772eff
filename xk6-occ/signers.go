package occ

import (
	"context"
	"sync"

	"github.com/occbench/occbench/internal/auth"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/run"
)

// signers are those of the process, one for each way to authenticate, which all
// VUs share: a signer keeps the key it derived, and credentials are fetched
// once. Secrets come from the environment of k6 itself: what is given with -e
// stands in the list of processes.
type signers struct {
	mu     sync.Mutex
	bySpec map[string]*auth.Signer
}

// authenticate makes a client sign its requests, when the parameters say how.
func (s *signers) authenticate(ctx context.Context, p *run.Spec, cfg *client.Config) error {
	spec, err := auth.Choose(p.Auth, cfg.API.Auth)
	if err == nil {
		spec, err = spec.FitTarget(p.Target)
	}
	if err != nil {
		return err
	}
	signer, err := s.open(ctx, spec)
	if err == nil && signer != nil {
		cfg.Sign, cfg.Hide = signer.Sign, signer.Hide
	}
	return err
}

func (s *signers) open(ctx context.Context, spec auth.Spec) (*auth.Signer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if signer, open := s.bySpec[spec.String()]; open {
		return signer, nil
	}
	signer, err := spec.Open(ctx, auth.Options{})
	if err != nil {
		return nil, err
	}
	if s.bySpec == nil {
		s.bySpec = map[string]*auth.Signer{}
	}
	s.bySpec[spec.String()] = signer
	return signer, nil
}
