package pipeline

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/wait"
)

// InUseError refuses a board whose cards others are moving: each run would take
// the moves of the other for the work of a broken server.
type InUseError struct {
	Tag   string
	Moved []string // the cards and what became of their versions, in words
}

func (e *InUseError) Error() string {
	named := e.Moved[:min(len(e.Moved), 5)]
	text := strings.Join(named, ", ")
	if more := len(e.Moved) - len(named); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return fmt.Sprintf(
		"others are moving the cards tagged %s: within a second, without this run, %s; use cards of your own with another --tag, "+
			"wait for the other run to end, or say --shared-board, which judges only what holds whatever others do",
		client.TagWord(e.Tag),
		text,
	)
}

// The time between the two looks, and how much of it is over when the run makes
// itself seen.
const (
	lookApart = time.Second
	knockAt   = 9 * lookApart / 10
)

// refuseInUse looks at the cards of the run twice and returns an error when one
// that this process left alone moved in between. Only versions that rose count: a
// broken server changes statuses by itself, and shows old versions.
//
// Two runs that begin together both look at quiet cards. With knock, a run that
// has seen nothing move for most of the time therefore moves one card there and
// back just before its last look, so that the other one sees it.
func (p *Pipeline) refuseInUse(ctx context.Context, own []string, knock bool) error {
	if p.Settings.SharedBoard {
		return nil
	}
	target, err := p.shop(ctx)
	if err != nil {
		return err
	}
	caller, err := client.New(target)
	if err != nil {
		return err
	}
	defer caller.CloseIdle()
	before := p.tagged(ctx, caller)
	if len(before) == 0 {
		return nil // the stages that need cards say so
	}
	look := func(after time.Duration) error {
		if err := wait.For(ctx, after); err != nil {
			return err
		}
		if moved := risen(before, p.tagged(ctx, caller), own); len(moved) > 0 {
			return &InUseError{Tag: p.Settings.Tag, Moved: moved}
		}
		return nil
	}
	if !knock {
		return look(lookApart)
	}
	if err := look(knockAt); err != nil {
		return err
	}
	own = append(slices.Clone(own), moveThereAndBack(ctx, caller, before))
	return look(lookApart - knockAt)
}

// tagged returns the cards of the run; none where the board cannot be read.
func (p *Pipeline) tagged(ctx context.Context, caller *client.Client) []client.Record {
	board := client.List{Tags: true}
	caller.List(ctx, &board)
	return slices.DeleteFunc(board.Records, func(c client.Record) bool { return !client.Tagged(c.Tag, p.Settings.Tag) })
}

// risen says of which cards the version rose between two looks.
func risen(before, after []client.Record, own []string) []string {
	versions := map[string]int64{}
	for _, c := range before {
		versions[c.ID] = c.Token
	}
	var moved []string
	for _, c := range after {
		if was, ok := versions[c.ID]; ok && c.Token > was && was > 0 && !slices.Contains(own, c.ID) {
			moved = append(moved, fmt.Sprintf("card %.40q went from version %d to %d", c.ID, was, c.Token))
		}
	}
	return moved
}

// moveThereAndBack moves a card of random choice and returns its id; what becomes
// of the moves is for the run to judge.
func moveThereAndBack(ctx context.Context, caller *client.Client, cards []client.Record) string {
	c := cards[rand.IntN(len(cards))]
	to := caller.API().States.Onward(c.State)
	if to == "" || c.Token < 1 {
		return c.ID
	}
	if a := caller.Update(ctx, c.ID, to, c.Token); a.OK() {
		caller.Update(ctx, c.ID, c.State, a.Token)
	}
	return c.ID
}
