package lambda

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/occbench/occbench/internal/awsapi"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/wait"
)

// errUpdate is wrapped by the error of an update that Lambda gave up.
var errUpdate = errors.New("the update failed")

// awaitUpdated waits until the last update of $LATEST has succeeded.
func (p *Platform) awaitUpdated(ctx context.Context) error {
	return p.wait(ctx, "", "the update to succeed", func(c *sdk.GetFunctionConfigurationOutput) (bool, error) {
		switch c.LastUpdateStatus {
		case types.LastUpdateStatusFailed:
			return false, fmt.Errorf("%w: %s %s", errUpdate, c.LastUpdateStatusReasonCode,
				awsapi.Clip(aws.ToString(c.LastUpdateStatusReason), 300))
		case types.LastUpdateStatusInProgress:
			return false, nil
		}
		return true, nil
	})
}

// awaitActive waits until a version can serve. Inactive can: Lambda wakes it up.
func (p *Platform) awaitActive(ctx context.Context, id string) error {
	return p.wait(ctx, id, "version "+id+" to become active", func(c *sdk.GetFunctionConfigurationOutput) (bool, error) {
		switch c.State {
		case types.StateFailed:
			return false, fmt.Errorf("it failed: %s %s", c.StateReasonCode, awsapi.Clip(aws.ToString(c.StateReason), 300))
		case types.StatePending:
			return false, nil
		}
		return true, nil
	})
}

// wait asks again and again until it is done, failed, or too late.
func (p *Platform) wait(ctx context.Context, id, what string, done func(*sdk.GetFunctionConfigurationOutput) (bool, error)) error {
	if p.o.Dry {
		p.trace("GetFunctionConfiguration", map[string]string{"FunctionName": p.o.Function, "Qualifier": id},
			"   (not made: waits for "+what+")")
		return nil
	}
	doing := "waiting for " + what
	limit := time.Now().Add(p.o.Limit)
	for {
		out, err := callReadOnly(ctx, p, "GetFunctionConfiguration", p.api.GetFunctionConfiguration,
			&sdk.GetFunctionConfigurationInput{FunctionName: &p.o.Function, Qualifier: nilIfEmpty(id)})
		if err != nil {
			return err
		}
		ok, err := done(out)
		switch {
		case err != nil:
			return &exit.Problem{Doing: doing, Cause: err}
		case ok:
			return nil
		case time.Now().After(limit):
			return &exit.Problem{Doing: doing, Cause: fmt.Errorf("it is still not there after %s (--update-timeout)", p.o.Limit)}
		case wait.For(ctx, p.o.Poll) != nil:
			return &exit.Problem{Doing: doing, Cause: ctx.Err()}
		}
	}
}
