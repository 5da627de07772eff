package awsapi

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

// Service is a service of AWS as messages speak of it.
type Service struct {
	Name         string // such as CloudWatch
	Actions      string // the prefix of its actions in a policy, such as cloudwatch
	Policy       string // the page of the documentation that has the policy
	EndpointFlag string // the flag of its endpoint

	// Hint returns the next step after a refusal that only this service gives, and whether the settings are at
	// fault; "" where it knows none. It may be nil.
	Hint func(a Access, operation, code string) (next string, usage bool)
}

// Explain returns the error of a call of an operation, with its cause in short words and the next step; nil for nil.
// Of says which thing the call was about; it may be empty.
func (s Service) Explain(a Access, operation, of string, err error) error {
	if err == nil {
		return nil
	}
	doing := "asking " + s.Name + " for " + operation
	if of != "" {
		doing += " of " + of
	}
	words, next, usage := s.diagnose(a, operation, err)
	return &exit.Problem{Doing: doing, Cause: &reworded{words, err}, Next: next, Usage: usage}
}

// reworded is an error in short words; the error that it was lies beneath.
type reworded struct {
	words string
	err   error
}

func (r *reworded) Error() string { return r.words }
func (r *reworded) Unwrap() error { return r.err }

// diagnose returns the cause in words, the next step, and whether the settings are at fault.
func (s Service) diagnose(a Access, operation string, err error) (words, next string, usage bool) {
	var refused smithy.APIError
	var name *net.DNSError
	var answer *smithyhttp.ResponseError
	address := s.nameAddressSetting(a)
	switch {
	case errors.As(err, &refused):
		next, usage = s.suggestNext(a, operation, refused.ErrorCode())
		return strings.TrimSuffix(refused.ErrorCode()+": "+Clip(refused.ErrorMessage(), maxWords), ": "), next, usage
	case errors.Is(err, context.Canceled):
		return "interrupted", "", false
	case errors.Is(err, context.DeadlineExceeded):
		return "there was no answer in time", "check the network, a proxy and " + address, false
	case errors.As(err, &name):
		return "the host " + name.Name + " is unknown", "check " + address + " and the network", false
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing listens there", "check " + address, false
	case errors.As(err, &answer):
		return fmt.Sprintf("the answer (HTTP %d) is not from %s", answer.HTTPStatusCode(),
			s.Name), "check " + address + " and a proxy", false
	}
	return FindInnermost(err).Error(), "check " + address, false
}

// nameAddressSetting returns the setting that decides about the address of the service.
func (s Service) nameAddressSetting(a Access) string {
	if a.Endpoint != "" {
		return s.EndpointFlag + " " + a.Endpoint
	}
	return "--aws-region " + a.Region
}

// suggestNext returns the next step after the service refused an operation with a code.
func (s Service) suggestNext(a Access, operation, code string) (next string, usage bool) {
	if s.Hint != nil {
		if next, usage := s.Hint(a, operation, code); next != "" {
			return next, usage
		}
	}
	switch {
	case isThrottling(code):
		return s.Name + " throttles this account; wait a minute and ask again", false
	case strings.HasPrefix(code, "AccessDenied") || code == "UnauthorizedOperation" || code == "NotAuthorized":
		return fmt.Sprintf("the caller is not allowed to, and `aws sts get-caller-identity` says who that is; allow %s:%s (%s has the "+
			"policy)",
			s.Actions, operation, s.Policy), false
	case strings.HasPrefix(code, "ExpiredToken"):
		return "the credentials have expired; log in again (`aws sso login`)", false
	case code == "InvalidClientTokenId" || code == "UnrecognizedClientException" || code == "SignatureDoesNotMatch" ||
		code == "InvalidSignatureException":
		return "these credentials are not valid in region " + a.Region + "; check --aws-profile, --aws-region and this machine's " +
			"clock", false
	}
	return "", false
}

// IsThrottled reports whether a service asked for the call to be made again later.
func IsThrottled(err error) bool {
	var refused smithy.APIError
	return errors.As(err, &refused) && isThrottling(refused.ErrorCode())
}

func isThrottling(code string) bool {
	return strings.HasPrefix(code, "Throttl") || code == "RequestLimitExceeded" || code == "TooManyRequestsException"
}

// maxWords bounds what a message quotes of others, in characters.
const maxWords = 300

// FindInnermost returns the innermost error, short and on one line: the layers above it repeat the operation, the attempt
// and the request's id.
func FindInnermost(err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return &reworded{Clip(err.Error(), maxWords), err}
}

// Clip returns a text that others wrote on one line and of at most n characters.
func Clip(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
