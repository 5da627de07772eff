package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/operator"
	"github.com/occbench/occbench/internal/wait"
)

// InUseError refuses a list whose records others are updating: each run would take
// the updates of the other for the work of a broken server.
type InUseError struct {
	Tag     string
	Updated []string // the records and what became of their versions, in words
}

func (e *InUseError) Error() string {
	named := e.Updated[:min(len(e.Updated), 5)]
	text := strings.Join(named, ", ")
	if more := len(e.Updated) - len(named); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return fmt.Sprintf(
		"others are updating the records tagged %s: within a second, without this run, %s; use records of your own with another --tag, "+
			"wait for the other run to end, or say --shared-records, which judges only what holds whatever others do",
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

// refuseInUse looks at the records of the run twice and returns an error when one
// that this process left alone was updated in between. Only versions that rose count: a
// broken server changes statuses by itself, and shows old versions.
//
// Two runs that begin together both look at quiet records. With knock, a run that
// has seen no update for most of the time therefore updates one record there and
// back just before its last look, so that the other one sees it.
func (p *Pipeline) refuseInUse(ctx context.Context, own []string, knock bool) error {
	if p.Settings.SharedRecords {
		return nil
	}
	target, err := p.newClientConfig(ctx)
	if err != nil {
		return err
	}
	caller, err := client.New(target)
	if err != nil {
		return err
	}
	defer caller.CloseIdle()
	known, err := p.listKnownRecords(caller.API())
	if errors.Is(err, fs.ErrNotExist) {
		return nil // the stages that need records say so
	}
	if err != nil {
		return err
	}
	survey := func() []client.Record { return operator.Survey(ctx, caller, p.Settings.Tag, known) }
	before := survey()
	if len(before) == 0 {
		return nil // the stages that need records say so
	}
	look := func(after time.Duration) error {
		if err := wait.For(ctx, after); err != nil {
			return err
		}
		if updated := listChanged(caller.API(), before, survey(), own); len(updated) > 0 {
			return &InUseError{Tag: p.Settings.Tag, Updated: updated}
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

// listChanged returns which records were written between two reads: their
// version rose or, where tokens are opaque, their marker changed. An opaque
// token without a marker says nothing: it may change without a write, as a
// weak ETag does that becomes strong.
func listChanged(by *api.API, before, after []client.Record, own []string) []string {
	was := map[string]client.Record{}
	for _, r := range before {
		was[r.ID] = r
	}
	var updated []string
	for _, r := range after {
		old, known := was[r.ID]
		switch {
		case !known || slices.Contains(own, r.ID):
		case by.Counting && r.Token > old.Token && old.Token > 0:
			updated = append(updated, fmt.Sprintf("%s %.40q went from version %d to %d", by.Words.Record, r.ID, old.Token, r.Token))
		case r.Marker != old.Marker:
			updated = append(updated, fmt.Sprintf("%s %.40q, last written by %.40q, was written by %.40q", by.Words.Record, r.ID,
				old.Marker, r.Marker))
		}
	}
	return updated
}

// moveThereAndBack updates a record of random choice, back to its state where the
// API has states, and returns its id; what becomes of the updates is for the run to
// judge.
func moveThereAndBack(ctx context.Context, caller *client.Client, records []client.Record) string {
	r := records[rand.IntN(len(records))]
	states := &caller.API().States
	m := client.Attempt{ID: r.ID, From: r.State, To: states.FindOnward(r.State), Token: r.Token, TokenText: r.TokenText,
		Marker: newMarker()}
	if m.To == "" && len(states.Names) > 0 || r.Token < 1 && r.TokenText == "" {
		return r.ID
	}
	a := caller.Update(ctx, &m)
	if told := a.Token > 0 || a.TokenText != ""; a.OK() && told && m.To != "" {
		caller.Update(ctx, &client.Attempt{ID: r.ID, From: m.To, To: r.State, Token: a.Token, TokenText: a.TokenText, Marker: newMarker()})
	}
	return r.ID
}

// newMarker returns a word that no attempt of a run has.
func newMarker() string { return "knock-" + strconv.FormatUint(rand.Uint64(), 36) }
