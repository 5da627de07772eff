package seed

import (
	"context"
	"strings"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
)

// tally is what one look at the board says.
type tally struct {
	tagged  int // cards with the tag
	usable  int // of these, with a version and a legal move left
	unknown int // of these, with a status that the contract does not know
	created int // cards of this session, acknowledged or not
	hidden  int // cards of this session that were acknowledged and are not on the board
	odd     int // rows with the tag and without an id that can be recorded
}

// look counts the cards on the board. Reading has no effect, so it is tried
// again until it succeeds or Options.Attempts are used up.
func (s *session) look(ctx context.Context) (tally, error) {
	board := client.List{Tags: true}
	for attempt := 1; ; attempt++ {
		answer := s.client.List(ctx, &board)
		if answer.OK() {
			return s.count(&board), nil
		}
		if !passing(answer.Outcome) || attempt == s.opts.Attempts {
			return tally{}, answer.Failure()
		}
		if err := sleep(ctx, s.pause(attempt, answer.RetryAfter)); err != nil {
			return tally{}, err
		}
	}
}

// passing reports whether a read with this outcome is worth another try.
func passing(o history.Outcome) bool {
	return o == history.Throttled || o == history.ServerError || o == history.NoAnswer
}

func (s *session) count(board *client.List) tally {
	t := tally{odd: board.UnusableWith(s.opts.Tag)}
	shown := 0
	for _, card := range board.Records {
		if !client.Tagged(card.Tag, s.opts.Tag) {
			continue
		}
		t.tagged++
		if !s.client.API().States.Final(card.State) && card.Token > 0 {
			t.usable++
		}
		if !s.client.API().States.Valid(card.State) {
			t.unknown++
		}
		switch {
		case s.acked[card.ID]:
			shown++
		case strings.Contains(card.Tag, s.batch):
			t.created++
		}
	}
	t.created += len(s.acked)
	t.hidden = len(s.acked) - shown
	return t
}
