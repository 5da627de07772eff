package pipeline

import (
	"fmt"

	"github.com/occbench/occbench/internal/shop"
)

// shop returns how the target is spoken to, once its host is allowed.
func (p *Pipeline) shop() (shop.Config, error) {
	s := p.Settings
	if s.Target == "" {
		return shop.Config{}, fmt.Errorf("no target: give --target or $URL")
	}
	if err := checkHost(s.Target, s.AllowHosts); err != nil {
		return shop.Config{}, err
	}
	return shop.Config{Target: s.Target, Date: s.Date, Timeout: s.Timeout}, nil
}
