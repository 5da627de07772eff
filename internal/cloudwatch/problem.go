package cloudwatch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/occbench/occbench/internal/exit"
)

// Problem is an error with the next step.
type Problem struct {
	Doing string // what was being done
	Cause error
	Next  string // what to do about it; may be empty
	Usage bool   // the settings are at fault
	Later bool   // the same call may succeed in a while
}

func (p *Problem) Error() string {
	text := fmt.Sprintf("%s: %v", p.Doing, p.Cause)
	if p.Next != "" {
		text += "; " + p.Next
	}
	return text
}

func (p *Problem) Unwrap() error { return p.Cause }

// ExitCode is that of a usage error, or of work that could not be done.
func (p *Problem) ExitCode() int {
	if p.Usage {
		return exit.BadUsage
	}
	return exit.Broken
}

// explain says what became of a call of an operation.
func (c *Client) explain(op string, err error) error {
	if err == nil {
		return nil
	}
	cause, next := c.diagnose(op, err)
	var api smithy.APIError
	later := errors.As(err, &api) && throttled(api.ErrorCode())
	return &Problem{Doing: "asking CloudWatch for " + op, Cause: cause, Next: next, Later: later}
}

func (c *Client) diagnose(op string, err error) (cause error, next string) {
	var api smithy.APIError
	var name *net.DNSError
	var answer *smithyhttp.ResponseError
	switch {
	case errors.As(err, &api):
		return refusal(api), c.afterRefusal(op, api.ErrorCode())
	case errors.Is(err, context.Canceled):
		return context.Canceled, "interrupted; ask again"
	case errors.Is(err, context.DeadlineExceeded):
		return errors.New("there was no answer in time"), "check the network, a proxy and " + c.where()
	case errors.As(err, &name):
		return fmt.Errorf("the host %s is unknown", name.Name), "check " + c.where() + " and the network"
	case errors.Is(err, syscall.ECONNREFUSED):
		return errors.New("nobody listens there"), "check " + c.where()
	case errors.As(err, &answer):
		return fmt.Errorf("the answer (HTTP %d) is not CloudWatch's", answer.HTTPStatusCode()), "check " + c.where() + " and a proxy"
	}
	return deepest(err), "check " + c.where()
}

// where names what decides about the address.
func (c *Client) where() string {
	if c.access.Endpoint != "" {
		return "--aws-endpoint " + c.access.Endpoint
	}
	return "--aws-region " + c.access.Region
}

func refusal(api smithy.APIError) error {
	text := api.ErrorCode()
	if m := strings.TrimSpace(api.ErrorMessage()); m != "" {
		text += ": " + clip(m, 300)
	}
	return errors.New(text)
}

func (c *Client) afterRefusal(op, code string) string {
	switch {
	case throttled(code):
		return "CloudWatch throttles this account; wait a minute and ask again"
	case strings.HasPrefix(code, "AccessDenied") || code == "UnauthorizedOperation" || code == "NotAuthorized":
		return fmt.Sprintf("the caller may not; allow cloudwatch:%s (docs/cloudwatch.md has the policy)", op)
	case strings.HasPrefix(code, "ExpiredToken"):
		return "the credentials have expired; log in again (`aws sso login`)"
	case code == "InvalidClientTokenId" || code == "UnrecognizedClientException" || code == "SignatureDoesNotMatch":
		return "these credentials are not valid in region " + c.access.Region + "; check --aws-profile, --aws-region and this machine's clock"
	}
	return ""
}

// passing reports whether an error may be gone at the next look.
func passing(err error) bool {
	var p *Problem
	return errors.Is(err, errIncomplete) || errors.As(err, &p) && p.Later
}

func throttled(code string) bool {
	return strings.HasPrefix(code, "Throttl") || code == "RequestLimitExceeded" || code == "TooManyRequestsException"
}

// deepest returns the innermost error: the layers above repeat the operation,
// the attempt and the request's id.
func deepest(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return errors.New(clip(err.Error(), 300))
		}
		err = inner
	}
}

// clip keeps a text that others wrote short and on one line.
func clip(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
