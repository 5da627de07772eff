package k6run

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// Generator is how one k6 of a divided load ended.
type Generator struct {
	Result
	Name string
	Dir  string
	Run  string // id of the run

	Segment, Sequence string // of the load, as k6 is told them

	Err error // it could not be run at all; then Result says so too
}

// RunDivided is Run with n processes, each of which plays a segment of the load and
// leaves a directory of its own in a folder. They begin together, when the last of
// them is ready, and when one ends early the others end in order. The error says that no
// load could be made at all.
func RunDivided(ctx context.Context, o Options, n int, folder, run string) ([]Generator, error) {
	o.setDefaults()
	parts, err := o.split(n, folder, run)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	all := make([]Generator, n)
	var running errgroup.Group
	for i := range parts {
		g := &all[i]
		own := parts[i].segment
		g.Name, g.Dir, g.Run = own.name(), parts[i].Dir, own.run
		g.Segment, g.Sequence = own.bounds()
		running.Go(func() error {
			if g.Result, g.Err = Run(ctx, parts[i]); g.Err != nil {
				g.State, g.Reason, g.Exit = Failed, g.Err.Error(), -1
			}
			if g.State != Complete {
				cancel(&siblingError{g.Name, g.State})
			}
			return nil
		})
	}
	if err := resumeAll(ctx, parts); err != nil {
		cancel(err)
	} else if o.Begun != nil {
		o.Begun()
	}
	_ = running.Wait() // each generator has its own error
	return markFailed(ctx, all), findUsageError(all)
}

// siblingError ends the generators of a run of which another one ended early.
type siblingError struct {
	name  string
	state State
}

func (e *siblingError) Error() string {
	if e.state == Interrupted {
		return "generator " + e.name + " was interrupted"
	}
	return "generator " + e.name + " failed"
}

// silentError ends a run of which a generator does not begin.
type silentError struct {
	name string
	why  error
}

func (e *silentError) Error() string {
	return "generator " + e.name + " did not begin: " + e.why.Error()
}

// markFailed turns a generator that did not begin into a failed one: k6 itself
// was only told to end.
func markFailed(ctx context.Context, all []Generator) []Generator {
	var silent *silentError
	if errors.As(context.Cause(ctx), &silent) {
		for i := range all {
			if g := &all[i]; g.Name == silent.name && g.State != Failed {
				g.State, g.Reason = Failed, silent.why.Error()
			}
		}
	}
	return all
}

// findUsageError returns the first error about the arguments, or nil when
// there is none.
func findUsageError(all []Generator) error {
	for i := range all {
		var wrong *UsageError
		if errors.As(all[i].Err, &wrong) {
			return all[i].Err
		}
	}
	return nil
}

// resumeAll waits until every k6 is ready, and lets all of them begin.
func resumeAll(ctx context.Context, parts []Options) error {
	waiting, stop := context.WithTimeout(ctx, parts[0].Ready)
	defer stop()
	for _, step := range []func(context.Context, *Options) error{waitReady, resumeK6} {
		var together errgroup.Group
		for i := range parts {
			s := &parts[i].segment
			together.Go(func() error {
				err := step(waiting, &parts[i])
				if err == nil || ctx.Err() != nil {
					return nil // why the others end is known already
				}
				return &silentError{s.name(), err}
			})
		}
		if err := together.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// lookReady is how often it is looked whether a k6 is ready.
const lookReady = 50 * time.Millisecond

// statusPaused is k6's number for a run whose operators are made and that waits
// (lib.ExecutionStatusPausedBeforeRun).
const statusPaused = 4

// status is k6's own status.
type status struct {
	Data struct {
		Attributes struct {
			Status int  `json:"status"`
			Paused bool `json:"paused"`
		} `json:"attributes"`
	} `json:"data"`
}

// waitReady waits until k6 has made its operators and is paused.
func waitReady(ctx context.Context, o *Options) error {
	s := &o.segment
	for {
		said, err := callStatus(ctx, s, http.MethodGet, nil)
		if err == nil && said.Data.Attributes.Status == statusPaused {
			return nil
		}
		select {
		case <-ctx.Done():
			if err == nil {
				return fmt.Errorf("k6 was not ready within %s, as its REST API on %s says", o.Ready, s.address)
			}
			return fmt.Errorf("k6's REST API on %s did not answer within %s (%w)", s.address, o.Ready, err)
		case <-time.After(lookReady):
		}
	}
}

// resumeK6 tells k6 to go on.
func resumeK6(ctx context.Context, o *Options) error {
	s := &o.segment
	said, err := callStatus(ctx, s, http.MethodPatch,
		strings.NewReader(`{"data":{"type":"status","id":"default","attributes":{"paused":false}}}`))
	if err == nil && said.Data.Attributes.Paused {
		err = fmt.Errorf("k6's REST API on %s still says that it is paused", s.address)
	}
	return err
}

// localAPI asks a k6 of this machine, and no proxy.
var localAPI = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 5 * time.Second}

func callStatus(ctx context.Context, s *segment, method string, body io.Reader) (said status, err error) {
	request, err := http.NewRequestWithContext(ctx, method, "http://"+s.address+"/v1/status", body)
	if err != nil {
		return said, err
	}
	answer, err := localAPI.Do(request)
	if err != nil {
		return said, err
	}
	if answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("it answers %s", answer.Status)
	} else {
		err = json.NewDecoder(io.LimitReader(answer.Body, 1<<16)).Decode(&said)
	}
	return said, errors.Join(err, answer.Body.Close())
}
