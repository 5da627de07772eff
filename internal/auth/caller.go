package auth

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/logging"
)

// Caller is whom AWS takes us for.
type Caller struct {
	AccessKey string // its id, which is no secret
	Source    string // where the chain found it
	Region    string // of the chain; empty: it names none
	ARN       string
	Account   string
}

// Identify asks AWS who the credentials of the chain are. Beside an error, what
// was found out before it is returned.
func Identify(ctx context.Context, region, profile string) (Caller, error) {
	var c Caller
	cfg, err := chain(ctx, region, profile)
	if err != nil {
		return c, fmt.Errorf("reading the AWS configuration: %s", clip(err.Error()))
	}
	c.Region = cfg.Region
	found, err := cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return c, noCredentials(err)
	}
	c.AccessKey, c.Source = found.AccessKeyID, found.Source
	if cfg.Region == "" {
		cfg.Region = "us-east-1" // anywhere: the answer is the same
	}
	out, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return c, fmt.Errorf("asking AWS who access key %s of %s is: %s", c.AccessKey, c.Source, clip(deepest(err).Error()))
	}
	c.ARN, c.Account = aws.ToString(out.Arn), aws.ToString(out.Account)
	return c, nil
}

// Region returns the region of the chain, "" when it names none.
func Region(ctx context.Context, region, profile string) (string, error) {
	cfg, err := chain(ctx, region, profile)
	if err != nil {
		return "", fmt.Errorf("reading the AWS configuration: %s", clip(err.Error()))
	}
	return cfg.Region, nil
}

// chain is AWS's standard configuration, without a log: it would write beside the
// result.
func chain(ctx context.Context, region, profile string, more ...func(*config.LoadOptions) error) (aws.Config, error) {
	return config.LoadDefaultConfig(ctx, append(more, config.WithRegion(region), config.WithSharedConfigProfile(profile), config.WithLogger(logging.Nop{}))...)
}
