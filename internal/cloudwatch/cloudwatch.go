// Package cloudwatch emits the move API's metrics to Amazon CloudWatch, pulls
// them back for a run, and keeps its alarms.
//
// Its opinion: an emitter never makes a request wait and never tells a lie about
// what it lost; a puller takes nothing for an answer that CloudWatch does not
// call complete; and whoever cannot be reached is named, with what to do next.
package cloudwatch

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudwatch"

	"github.com/occbench/occbench/internal/loopback"
)

// Access says how CloudWatch is reached. The zero Access is the standard chain:
// environment, shared files, single sign-on, the machine's role.
type Access struct {
	Region   string // empty: what the chain says
	Profile  string // of the shared files; empty: what the chain says
	Endpoint string // another base URL; empty: the region's
}

// credentialLimit bounds the search for credentials: on a machine that is not
// Amazon's, its metadata address answers nobody.
const credentialLimit = 10 * time.Second

// localRegion is the region of an endpoint on this machine when none is given.
const localRegion = "us-east-1"

// Client is a connection to CloudWatch.
type Client struct {
	api    *sdk.Client
	access Access
}

// Region returns the region that is asked.
func (c *Client) Region() string { return c.access.Region }

// Endpoint returns the base URL that was given instead of the region's.
func (c *Client) Endpoint() string { return c.access.Endpoint }

// Connect finds region and credentials. It does not call CloudWatch.
func Connect(ctx context.Context, a Access) (*Client, error) {
	cfg, err := a.config(ctx)
	if err != nil {
		return nil, err
	}
	a.Region = cfg.Region
	api := sdk.NewFromConfig(cfg, func(o *sdk.Options) {
		if a.Endpoint != "" {
			o.BaseEndpoint = aws.String(a.Endpoint)
		}
	})
	return &Client{api: api, access: a}, nil
}

func (a Access) config(ctx context.Context) (aws.Config, error) {
	if a.Endpoint != "" {
		if err := checkEndpoint(a.Endpoint); err != nil {
			return aws.Config{}, err
		}
	}
	if a.Local() {
		return a.dummy(), nil
	}
	ctx, cancel := context.WithTimeout(ctx, credentialLimit)
	defer cancel()
	cfg, err := a.chain(ctx)
	if err != nil {
		return cfg, &Problem{Doing: "reading the AWS configuration", Next: "check --aws-profile and the files in ~/.aws", Cause: deepest(err)}
	}
	if cfg.Region == "" {
		return cfg, &Problem{Doing: "connecting to CloudWatch", Cause: errors.New("no region is known"), Next: "give --aws-region or $AWS_REGION"}
	}
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		return cfg, &Problem{Doing: "connecting to CloudWatch", Cause: fmt.Errorf("no credentials were found: %w", deepest(err)),
			Next: "log in (`aws sso login`), or give --aws-profile or the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"}
	}
	return cfg, nil
}

// dummy is the configuration for an endpoint of this machine. It takes any
// credentials, so it does not get the user's.
func (a Access) dummy() aws.Config {
	region := a.Region
	if region == "" {
		region = localRegion
	}
	return aws.Config{Region: region, Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""), Retryer: brief,
		HTTPClient: loopback.Client()}
}

// Local reports whether the endpoint is on this machine.
func (a Access) Local() bool { return loopback.IsURL(a.Endpoint) }

// checkEndpoint refuses what is no base URL. A password in it would end up in
// files, so it is refused too, unquoted.
func checkEndpoint(endpoint string) error {
	u, err := url.Parse(endpoint)
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "":
		return &Problem{Doing: "reading --aws-endpoint", Cause: errors.New("it is not a URL such as http://127.0.0.1:4566"), Usage: true}
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return &Problem{Doing: "reading --aws-endpoint", Cause: errors.New("credentials, a query or a fragment have no place in it"), Usage: true}
	}
	return nil
}

// attempts is how often a call is tried.
const attempts = 6

// patient tries again what CloudWatch asks to be tried again.
func patient() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts, o.MaxBackoff = attempts, 5*time.Second })
}

// brief is patient with an endpoint of this machine, which nobody need be spared.
func brief() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts, o.MaxBackoff = attempts, 100*time.Millisecond })
}
