package probe

import (
	"context"
	"fmt"
)

// restore moves the cards back to where they stood, as far as legal steps lead
// there. Others may have moved them too, so a conflict is no reason to insist.
func (p *prober) restore(ctx context.Context) {
	for _, c := range p.cards {
		if err := p.bringHome(ctx, c); err != nil {
			p.warn("card %s was not put back in %s: %s", c.ID, c.home, err)
		}
	}
}

func (p *prober) bringHome(ctx context.Context, c *card) error {
	if err := p.refresh(ctx, c); err != nil {
		return err
	}
	if c.State == c.home {
		return nil
	}
	for _, next := range p.api.States.Route(c.State, c.home) {
		a := p.move(ctx, c.ID, next, c.Token)
		if !a.success() {
			return fmt.Errorf("the move from %s to %s was answered %s", c.State, next, a.words())
		}
		if err := p.refresh(ctx, c); err != nil {
			return err
		}
	}
	if c.State != c.home {
		return fmt.Errorf("it stands in %s", c.State)
	}
	return nil
}
