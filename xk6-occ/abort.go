package occ

import (
	"errors"

	"go.k6.io/k6/v2/errext"

	"github.com/occbench/occbench/internal/run"
)

// errAborted ends a call in which the test was aborted. It is never thrown: a
// script could catch it and go on.
var errAborted = errors.New("the test is being aborted")

// abort ends the whole test in order, as exec.test.abort() of a script does:
// every VU ends its turn, teardown and summary follow.
func (i *instance) abort(reason error) error {
	i.complain(reason)
	i.vu.Runtime().Interrupt(&errext.InterruptError{Reason: errext.AbortTest + ": " + reason.Error()})
	return errAborted
}

// complain says once per process that the history is not whole. The process that
// started k6 reads it from k6's log, because the disk may be full, and knows it by
// the field.
func (i *instance) complain(reason error) {
	if i.run.recording.failed.CompareAndSwap(false, true) {
		i.vu.State().Logger.WithField(run.LogHistory, true).Error(reason)
	}
}
