package probe

import (
	"context"
	"fmt"

	"github.com/occbench/occbench/internal/appointment"
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
	for _, next := range route(c.State, c.home) {
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

// route returns the shortest chain of legal steps between two statuses, nil
// when there is none: a search in breadth over five statuses.
func route(from, to appointment.Status) []appointment.Status {
	paths := [][]appointment.Status{{from}}
	for len(paths) > 0 && len(paths[0]) <= len(appointment.Statuses()) {
		path := paths[0]
		paths = paths[1:]
		at := path[len(path)-1]
		if at == to {
			return path[1:]
		}
		for _, next := range appointment.Statuses() {
			if appointment.Legal(at, next) {
				paths = append(paths, append(path[:len(path):len(path)], next))
			}
		}
	}
	return nil
}
