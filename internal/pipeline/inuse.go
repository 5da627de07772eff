package pipeline

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/appointment"
	"github.com/occbench/occbench/internal/shop"
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
	return fmt.Sprintf("others are moving the cards tagged %s: within a second, without this run, %s; use cards of your own with another --tag, "+
		"wait for the other run to end, or say --shared-board, which judges only what holds whatever others do", shop.Tag(e.Tag), text)
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
	client, err := shop.New(target)
	if err != nil {
		return err
	}
	defer client.CloseIdle()
	before := p.tagged(ctx, client)
	if len(before) == 0 {
		return nil // the stages that need cards say so
	}
	look := func(after time.Duration) error {
		if err := wait.For(ctx, after); err != nil {
			return err
		}
		if moved := risen(before, p.tagged(ctx, client), own); len(moved) > 0 {
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
	own = append(slices.Clone(own), moveThereAndBack(ctx, client, before))
	return look(lookApart - knockAt)
}

// tagged returns the cards of the run; none where the board cannot be read.
func (p *Pipeline) tagged(ctx context.Context, client *shop.Client) []shop.Card {
	board := shop.Board{Notes: true}
	client.Board(ctx, &board)
	return slices.DeleteFunc(board.Cards, func(c shop.Card) bool { return !shop.Tagged(c.Notes, p.Settings.Tag) })
}

// risen says of which cards the version rose between two looks.
func risen(before, after []shop.Card, own []string) []string {
	versions := map[string]int64{}
	for _, c := range before {
		versions[c.ID] = c.Version
	}
	var moved []string
	for _, c := range after {
		if was, ok := versions[c.ID]; ok && c.Version > was && was > 0 && !slices.Contains(own, c.ID) {
			moved = append(moved, fmt.Sprintf("card %.40q went from version %d to %d", c.ID, was, c.Version))
		}
	}
	return moved
}

// detours are legal steps that lead back.
var detours = map[appointment.Status]appointment.Status{
	appointment.Scheduled:  appointment.InProgress,
	appointment.InProgress: appointment.Ready,
	appointment.Ready:      appointment.InProgress,
	appointment.NoShow:     appointment.Scheduled,
}

// moveThereAndBack moves a card of random choice and returns its id; what becomes
// of the moves is for the run to judge.
func moveThereAndBack(ctx context.Context, client *shop.Client, cards []shop.Card) string {
	c := cards[rand.IntN(len(cards))]
	to, ok := detours[c.Status]
	if !ok || c.Version < 1 {
		return c.ID
	}
	if a := client.Move(ctx, c.ID, to, c.Version); a.OK() {
		client.Move(ctx, c.ID, c.Status, a.Version)
	}
	return c.ID
}
