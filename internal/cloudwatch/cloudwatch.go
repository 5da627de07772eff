// Package cloudwatch emits the move API's metrics to Amazon CloudWatch, pulls
// them back for a run, and keeps its alarms.
//
// Its opinion: an emitter never makes a request wait and never tells a lie about
// what it lost; a puller takes nothing for an answer that CloudWatch does not
// call complete; and a service that cannot be reached is named, with what to do next.
package cloudwatch

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudwatch"

	"github.com/occbench/occbench/internal/awsapi"
	"github.com/occbench/occbench/internal/exit"
)

// service is CloudWatch as messages speak of it.
var service = awsapi.Service{Name: "CloudWatch", Actions: "cloudwatch", Policy: "docs/cloudwatch.md", EndpointFlag: "--aws-endpoint"}

// Client is a connection to CloudWatch.
type Client struct {
	api    *sdk.Client
	access awsapi.Access
}

// Region returns the region that is asked.
func (c *Client) Region() string { return c.access.Region }

// Endpoint returns the base URL that was given instead of the region's.
func (c *Client) Endpoint() string { return c.access.Endpoint }

// Connect finds region and credentials. It does not call CloudWatch.
func Connect(ctx context.Context, a awsapi.Access) (*Client, error) {
	if err := checkEndpoint(a.Endpoint); err != nil {
		return nil, err
	}
	cfg, err := a.Config(ctx, service)
	if err != nil {
		return nil, err
	}
	backoff := 5 * time.Second
	if a.IsLocal() {
		backoff = 100 * time.Millisecond
	}
	cfg.Retryer = awsapi.MakeRetryer(backoff)
	a.Region = cfg.Region
	api := sdk.NewFromConfig(cfg, func(o *sdk.Options) {
		if a.Endpoint != "" {
			o.BaseEndpoint = aws.String(a.Endpoint)
		}
	})
	return &Client{api: api, access: a}, nil
}

// explain returns the error of a call of an operation; nil for nil.
func (c *Client) explain(operation string, err error) error {
	return service.Explain(c.access, operation, "", err)
}

// isTransient reports whether the same call may succeed when it is made again.
func isTransient(err error) bool { return errors.Is(err, errIncomplete) || awsapi.IsThrottled(err) }

// checkEndpoint returns an error unless the endpoint is a base URL or empty. A password in it would end up in files,
// so it is refused, and not quoted.
func checkEndpoint(endpoint string) error {
	if endpoint == "" {
		return nil
	}
	u, err := url.Parse(endpoint)
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "":
		return &exit.Problem{Doing: "reading --aws-endpoint", Cause: errors.New("it is not a URL such as http://127.0.0.1:4566"),
			Usage: true}
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return &exit.Problem{Doing: "reading --aws-endpoint", Cause: errors.New("credentials, a query or a fragment have no place in it"),
			Usage: true}
	}
	return nil
}
