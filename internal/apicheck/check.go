// Package apicheck sends each call of an API file once to a target and shows request,
// answer and what was read at each place: the debugger of an API file.
//
// It makes one record of its own and touches no other. What differs from the file is a
// sentence with the line of the file that says otherwise.
package apicheck

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/exit"
)

// Run sends the calls of a file in the order in which a load meets them: health, seed,
// read, list, update, stale update, delete. An error says that the target could not be
// asked, or that there is no record to ask about.
func Run(ctx context.Context, o Options) (Result, error) {
	if o.Target.API.Seed == nil && o.ID == "" {
		return Result{}, exit.Usagef("the file has no `seed`, so the check makes no record; name one that may be updated by --id")
	}
	word := strconv.FormatUint(rand.Uint64()>>32|1<<32, 36)
	o.Target.Tag = "check-" + word
	asked, err := client.New(o.Target)
	if err != nil {
		return Result{}, err
	}
	defer asked.CloseIdle()
	s := &session{
		Options: o, client: asked, api: o.Target.API,
		vars: &api.Vars{ID: o.ID, Tag: o.Target.Tag, Date: o.Target.Date, Number: 1},
		word: word,
	}
	if err := s.setSlot(); err != nil {
		return Result{}, err
	}
	if err := s.run(ctx); err != nil {
		return s.result, fmt.Errorf("checking API file %s against %s: %w", o.File, asked, err)
	}
	return s.result, nil
}

func (s *session) run(ctx context.Context) error {
	if err := s.health(ctx); err != nil {
		return err
	}
	if err := s.makeRecord(ctx); err != nil {
		return err
	}
	err := s.updateRecord(ctx)
	if s.made {
		if e := s.remove(ctx); err == nil {
			err = e
		}
	}
	return err
}

// updateRecord reads and updates the record.
func (s *session) updateRecord(ctx context.Context) error {
	if s.vars.ID == "" {
		return s.list(ctx)
	}
	readable, err := s.read(ctx)
	if err != nil {
		return err
	}
	if err := s.list(ctx); err != nil || !readable {
		return err
	}
	return s.update(ctx)
}
