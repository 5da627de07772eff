package blobs

import (
	"context"
	"errors"
	"time"

	"github.com/aws/smithy-go"
	transport "github.com/aws/smithy-go/transport/http"
	"github.com/cenkalti/backoff/v5"
	"gocloud.dev/gcerrors"
)

// tries is how often a file is sent or got: 0.5, 1, 2 and 4 seconds lie between them, a
// half more or less. The SDK repeats each of its requests too (AWS_MAX_ATTEMPTS, 3).
const tries = 5

// firstPause is the time between the first two tries.
var firstPause = 500 * time.Millisecond

// tryTimeout returns how long one try to transfer a file may take: a server that hangs does not
// answer at all.
func tryTimeout(size int64) time.Duration {
	const slowest = 256 << 10 // bytes in a second
	return time.Minute + time.Duration(size/slowest)*time.Second
}

// retryTransfer calls do, which transfers so many bytes, until it succeeds, fails for good, or has
// been tried often enough.
func retryTransfer(ctx context.Context, size int64, do func(context.Context) error) error {
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval, pauses.Multiplier = firstPause, 2
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		ctx, cancel := context.WithTimeoutCause(ctx, tryTimeout(size), errSlow)
		defer cancel()
		err := do(ctx)
		if errors.Is(err, context.DeadlineExceeded) {
			err = context.Cause(ctx)
		}
		if err != nil && isFinal(err) {
			err = backoff.Permanent(err)
		}
		return struct{}{}, err
	}, backoff.WithBackOff(pauses), backoff.WithMaxTries(tries), backoff.WithMaxElapsedTime(0))
	if permanent := new(backoff.PermanentError); errors.As(err, &permanent) {
		err = permanent.Unwrap() // at the last try
	}
	return err
}

// errSlow says that a try took too long.
var errSlow = errors.New("the server took too long")

// isFinal reports whether the same request would get the same answer again.
func isFinal(err error) bool {
	switch gcerrors.Code(err) {
	case gcerrors.NotFound, gcerrors.PermissionDenied, gcerrors.InvalidArgument, gcerrors.FailedPrecondition, gcerrors.Unimplemented:
		return true
	}
	if errors.Is(err, errOther) || errors.Is(err, errRefused) {
		return true
	}
	status := findStatus(err)
	return status >= 400 && status < 500 && status != 408 && status != 425 && status != 429
}

// findStatus returns the status of the answer that err is about; 0: there was none.
func findStatus(err error) int {
	if answer := new(transport.ResponseError); errors.As(err, &answer) {
		return answer.HTTPStatusCode()
	}
	return 0
}

// isNoBucket reports whether there is no bucket of that name.
func isNoBucket(err error) bool {
	answer := smithy.APIError(nil)
	return errors.As(err, &answer) && answer.ErrorCode() == "NoSuchBucket"
}

// suggestRemedy returns what to do about an error; "" where the error says so itself.
func suggestRemedy(err error) string {
	if isNoBucket(err) {
		return "make the bucket first, in that region"
	}
	switch findStatus(err) {
	case 404:
		return "check the bucket, the endpoint and the credentials"
	case 401, 403:
		return "check the credentials and that they may get, put and list objects of the bucket"
	case 301, 400:
		return "check the region and the endpoint"
	}
	return ""
}
