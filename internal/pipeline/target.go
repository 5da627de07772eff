package pipeline

import (
	"context"
	"fmt"

	"github.com/occbench/occbench/internal/auth"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/settings"
)

// newClientConfig returns the configuration of a client for the target, after
// checking that its host is allowed.
func (p *Pipeline) newClientConfig(ctx context.Context) (client.Config, error) {
	s := p.Settings
	if s.Target == "" {
		return client.Config{}, fmt.Errorf("no target: give --target or $URL")
	}
	if err := checkHost(s.Target, s.AllowHosts); err != nil {
		return client.Config{}, err
	}
	speaks, err := s.LoadAPI()
	if err != nil {
		return client.Config{}, err
	}
	cfg := client.Config{
		API:         speaks,
		Target:      s.Target,
		Date:        s.Date,
		Tag:         s.Tag,
		Timeout:     s.Timeout,
		UpdateLimit: s.UpdateLimit,
		ListLimit:   s.ListLimit,
	}
	if err := p.openSigner(ctx); err != nil {
		return client.Config{}, err
	}
	if p.signer != nil {
		cfg.Sign, cfg.Hide = p.signer.Sign, p.signer.Hide
	}
	return cfg, nil
}

// CheckTarget returns an error for a target that a run would refuse to load.
func CheckTarget(s *settings.Settings) error { return checkHost(s.Target, s.AllowHosts) }

// openSigner finds the secrets once: all requests of a process share a signer.
func (p *Pipeline) openSigner(ctx context.Context) error {
	spec := p.Settings.Authentication()
	if p.signer != nil || spec.Scheme == auth.None {
		return nil
	}
	spec, err := spec.FitTarget(p.Settings.Target)
	if err != nil {
		return err
	}
	spec = spec.WithDefaults(p.Settings.CloudWatch.Region, p.Settings.CloudWatch.Profile)
	if p.signer, err = spec.Open(ctx, auth.Options{Now: p.Now}); err != nil {
		return err
	}
	p.say("auth    %s, %s", p.signer.Spec(), p.signer.DescribeOwner())
	if words := spec.DescribeExposure(p.Settings.Target); words != "" {
		p.say("auth    ! %s", words)
	}
	if p.Settings.Browser > 0 {
		p.say("auth    ! people in browsers send what their page sends, which --auth does not sign")
	}
	return nil
}

// authSpec is how requests of the run are authenticated; "" is not at all. Where the
// API file has a preset, k6 is told that none is wanted.
func (p *Pipeline) authSpec() string {
	if p.signer != nil {
		return p.signer.Spec().String()
	}
	if by, err := p.Settings.LoadAPI(); err == nil && by.Auth != "" {
		return auth.Spec{}.String()
	}
	return ""
}

func (p *Pipeline) secrets() []string {
	if p.signer == nil {
		return nil
	}
	return p.signer.Secrets()
}
