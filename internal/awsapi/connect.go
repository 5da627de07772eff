// Package awsapi connects to services of AWS, and says in words why a call failed and what to do next.
//
// Its opinion: an endpoint on this machine never sees the user's credentials, a search for credentials has an end,
// and an error of a cloud names the setting that would change it.
package awsapi

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go/logging"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/loopback"
)

// Access says how a service is reached. The zero Access is the standard chain: environment, shared files, single
// sign-on, the machine's role.
type Access struct {
	Region   string // empty: what the chain says
	Profile  string // of the shared files; empty: what the chain says
	Endpoint string // another base URL; empty: the region's
}

// CredentialLimit bounds a search for credentials: outside Amazon's machines, their metadata address never answers.
const CredentialLimit = 10 * time.Second

// localRegion is the region of an endpoint on this machine when none is given.
const localRegion = "us-east-1"

// logIn is the next step where credentials are missing.
const logIn = "log in (`aws sso login`), or give --aws-profile or the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"

// IsLocal reports whether the endpoint is on this machine.
func (a Access) IsLocal() bool { return loopback.IsURL(a.Endpoint) }

// Config finds region and credentials for calls of s. It does not call s.
func (a Access) Config(ctx context.Context, s Service) (aws.Config, error) {
	if a.IsLocal() {
		return aws.Config{Region: cmp.Or(a.Region, localRegion), HTTPClient: loopback.NewClient(),
			Credentials: credentials.NewStaticCredentialsProvider("local", "local", "")}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, CredentialLimit)
	defer cancel()
	cfg, err := LoadConfig(ctx, a.Region, a.Profile)
	if err != nil {
		return cfg, err
	}
	doing := "connecting to " + s.Name
	if cfg.Region == "" {
		return cfg, &exit.Problem{Doing: doing, Cause: errors.New("no region is known"), Next: "give --aws-region or $AWS_REGION",
			Usage: true}
	}
	_, err = RetrieveCredentials(ctx, doing, cfg.Credentials)
	return cfg, err
}

// LoadConfig returns AWS's standard configuration. It has no log, which would write beside the result.
func LoadConfig(ctx context.Context, region, profile string, more ...func(*config.LoadOptions) error) (aws.Config, error) {
	cfg, err := config.LoadDefaultConfig(ctx, append(more, config.WithRegion(region), config.WithSharedConfigProfile(profile),
		config.WithLogger(logging.Nop{}))...)
	if err != nil {
		return cfg, &exit.Problem{Doing: "reading the AWS configuration", Cause: FindInnermost(err),
			Next: "check the profile and the files in ~/.aws", Usage: true}
	}
	return cfg, nil
}

// RetrieveCredentials returns the credentials of a provider, at most CredentialLimit later.
func RetrieveCredentials(ctx context.Context, doing string, from aws.CredentialsProvider) (aws.Credentials, error) {
	ctx, cancel := context.WithTimeout(ctx, CredentialLimit)
	defer cancel()
	found, err := from.Retrieve(ctx)
	if err == nil {
		return found, nil
	}
	cause := fmt.Errorf("no credentials were found: %w", FindInnermost(err))
	if errors.Is(err, context.DeadlineExceeded) {
		cause = fmt.Errorf("no credentials were found within %s", CredentialLimit)
	}
	return found, &exit.Problem{Doing: doing, Cause: cause, Next: logIn}
}

// MakeRetryer returns a maker of retryers that try a call up to six times, at most backoff apart.
func MakeRetryer(backoff time.Duration) func() aws.Retryer {
	return func() aws.Retryer {
		return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts, o.MaxBackoff = 6, backoff })
	}
}
