// Package lambda is AWS Lambda as a platform for releases: published versions
// behind an alias.
//
// Its opinion: $LATEST is where a build is assembled and never where it serves,
// so an alias on it is refused; a condition (a revision, a SHA) goes with every
// call that takes one; and an answer that was lost is settled by looking, not by
// calling again and hoping.
package lambda

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/occbench/occbench/internal/awsapi"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/release"
)

// Name is the platform's name in release files.
const Name = "lambda"

// latest is the version whose code can be changed.
const latest = "$LATEST"

// Options say which function is released, and how it is reached. Without region
// and profile the standard chain decides: environment, shared files, single
// sign-on, the machine's role.
type Options struct {
	Function string // name or ARN
	Alias    string // what the callers call
	Region   string
	Profile  string
	Endpoint string // base URL instead of the region's; one of this machine gets no real credentials
	NeedURL  bool   // Capture finds the alias's function URL

	Limit   time.Duration // for an update to succeed; 5 min when 0
	Poll    time.Duration // between two looks; 1 s when 0
	Backoff time.Duration // the longest pause before a throttled call is made again; 5 s when 0
	Answer  time.Duration // for the answer of one attempt of a call; 2 min when 0, enough to send 50 MiB
	HTTP    aws.HTTPClient

	Dry   bool                             // calls that change something are only printed
	Trace func(format string, args ...any) // is told every call; may be nil
}

// Platform is a function and its alias.
type Platform struct {
	api   *sdk.Client
	o     Options
	found *string // the alias's function URL, once it was asked for
}

var _ release.Platform = (*Platform)(nil)

// Connect finds region and credentials. It does not call Lambda.
func Connect(ctx context.Context, o Options) (*Platform, error) {
	if o.Function == "" {
		return nil, &exit.Problem{Doing: "connecting to Lambda", Cause: errors.New("no function is named"), Next: "give --function or $FN",
			Usage: true}
	}
	o.setDefaults()
	cfg, err := o.access().Config(ctx, service)
	if err != nil {
		return nil, err
	}
	o.Region = cfg.Region
	cfg.Retryer = awsapi.MakeRetryer(o.Backoff)
	api := sdk.NewFromConfig(cfg, func(s *sdk.Options) {
		if o.Endpoint != "" {
			s.BaseEndpoint = aws.String(o.Endpoint)
		}
		// The SDK's own client would wait for an answer for ever.
		s.HTTPClient = awshttp.NewBuildableClient().WithTimeout(o.Answer)
		if o.HTTP != nil {
			s.HTTPClient = o.HTTP
		}
	})
	return &Platform{api: api, o: o}, nil
}

func (o *Options) setDefaults() {
	for _, f := range []struct {
		field *time.Duration
		value time.Duration
	}{{&o.Limit, 5 * time.Minute}, {&o.Poll, time.Second}, {&o.Backoff, 5 * time.Second}, {&o.Answer, 2 * time.Minute}} {
		if *f.field <= 0 {
			*f.field = f.value
		}
	}
	if o.Region == "" {
		o.Region = RegionOf(o.Function)
	}
}

// access returns how Lambda is reached.
func (o *Options) access() awsapi.Access {
	return awsapi.Access{Region: o.Region, Profile: o.Profile, Endpoint: o.Endpoint}
}

// RegionOf returns the region in the ARN of a function; "" for a name.
func RegionOf(function string) string {
	if parts := strings.Split(function, ":"); len(parts) >= 7 && parts[0] == "arn" {
		return parts[3]
	}
	return ""
}

// IsSameFunction reports whether a name or an ARN, which may lack its beginning
// (123456789012:function:shop), means the function of an ARN.
func IsSameFunction(function, arn string) bool {
	return function == arn || function != "" && strings.HasSuffix(arn, ":"+function)
}
