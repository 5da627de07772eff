package lambda

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"

	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/smithy-go"

	"github.com/occbench/occbench/internal/release"
)

// explain says what became of a call.
func (p *Platform) explain(name string, err error) error {
	if err == nil {
		return nil
	}
	cause, next, usage := p.diagnose(name, err)
	return &release.Problem{Doing: "asking Lambda for " + name + " of " + p.o.Function, Cause: &refusal{cause, err}, Next: next, Usage: usage}
}

// refusal is a cause in short words; what it was lies beneath.
type refusal struct {
	words string
	err   error
}

func (r *refusal) Error() string { return r.words }
func (r *refusal) Unwrap() error { return r.err }

func (p *Platform) diagnose(name string, err error) (words, next string, usage bool) {
	var api smithy.APIError
	var host *net.DNSError
	switch {
	case errors.As(err, &api):
		next, usage = p.afterRefusal(name, api.ErrorCode())
		return clip(api.ErrorCode()+": "+api.ErrorMessage(), 300), next, usage
	case errors.Is(err, context.Canceled):
		return "interrupted", "", false
	case errors.Is(err, context.DeadlineExceeded):
		return "there was no answer in time", "check the network, a proxy and " + p.where(), false
	case errors.As(err, &host):
		return "the host " + host.Name + " is unknown", "check " + p.where() + " and the network", false
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nobody listens there", "check " + p.where(), false
	}
	return deepest(err).Error(), "check " + p.where(), false
}

// where names what decides about the address.
func (p *Platform) where() string {
	if p.o.Endpoint != "" {
		return "--lambda-endpoint " + p.o.Endpoint
	}
	return "--aws-region " + p.o.Region
}

func (p *Platform) afterRefusal(name, code string) (next string, usage bool) {
	switch {
	case strings.HasPrefix(code, "AccessDenied"):
		return fmt.Sprintf("the caller may not, and `aws sts get-caller-identity` says who that is; allow lambda:%s (docs/release.md has the policy)", name), false
	case strings.HasPrefix(code, "ExpiredToken"):
		return "the credentials have expired; log in again (`aws sso login`)", false
	case code == "InvalidClientTokenId" || code == "UnrecognizedClientException" || code == "SignatureDoesNotMatch" || code == "InvalidSignatureException":
		return "these credentials are not valid in region " + p.o.Region + "; check --aws-profile, --aws-region and this machine's clock", false
	case code == "TooManyRequestsException":
		return "Lambda throttles this account; wait a minute", false
	case code == "ResourceConflictException":
		return "another update of the function is under way", false
	case code == "PreconditionFailedException":
		return "somebody else has changed it at the same time", false
	case code == "ResourceNotFoundException" && name == "GetFunction":
		return "nothing was changed; check --function and --aws-region: `aws lambda list-functions --region " + p.o.Region + "`", true
	}
	return "", false
}

// missing reports whether an error says that something does not exist.
func missing(err error) bool {
	var gone *types.ResourceNotFoundException
	return errors.As(err, &gone)
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
