package probe

import (
	"context"
	"time"

	"github.com/occbench/occbench/internal/client"
)

// Options say what to ask, and of whom.
type Options struct {
	Target client.Config // its date is the list's; its timeout is replaced by Timeout
	Tag    string        // whose records may be updated; default load
	Known  []string      // ids of records of ours, where neither a name nor a tag tells them
	// Provide makes at least so many usable records exist and returns their ids, where
	// they are known. It is called once, after the target proved readable, when there
	// are too few; nil, or an error of it, leaves the lines that need records unasked.
	// It is a func because what makes records stands beside this package and not
	// below it.
	Provide func(ctx context.Context, records int) (ids []string, err error)
	// ReadOnly leaves everything unasked that would update a record.
	ReadOnly bool
	Racers   int           // simultaneous racers of a race; default 8
	Rounds   int           // races run; an even number brings the record home; default 24
	Samples  int           // updates and reads timed; default 6
	Timeout  time.Duration // of each call; default 5 s
	Limit    time.Duration // of the whole probe; default 60 s
}

func (o Options) withDefaults() Options {
	if o.Tag == "" {
		o.Tag = "load"
	}
	o.Racers = orDefault(o.Racers, 8)
	o.Rounds = orDefault(o.Rounds, 24)
	o.Samples = orDefault(o.Samples, 6)
	o.Timeout = orDefault(o.Timeout, 5*time.Second)
	o.Limit = orDefault(o.Limit, 60*time.Second)
	return o
}

func orDefault[T int | time.Duration](v, otherwise T) T {
	if v <= 0 {
		return otherwise
	}
	return v
}
