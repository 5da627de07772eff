package auth

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/occbench/occbench/internal/awsapi"
)

// Caller is the identity that sts:GetCallerIdentity reports.
type Caller struct {
	AccessKey string // its id, which is no secret
	Source    string // where the chain found it
	Region    string // of the chain; empty: it names none
	ARN       string
	Account   string
}

// Identify asks AWS whose credentials the chain has. Beside an error it returns what was found out before.
func Identify(ctx context.Context, region, profile string) (Caller, error) {
	var c Caller
	cfg, err := awsapi.LoadConfig(ctx, region, profile)
	if err != nil {
		return c, err
	}
	c.Region = cfg.Region
	found, err := awsapi.RetrieveCredentials(ctx, "asking AWS who the caller is", cfg.Credentials)
	if err != nil {
		return c, err
	}
	c.AccessKey, c.Source = found.AccessKeyID, found.Source
	if cfg.Region == "" {
		cfg.Region = "us-east-1" // anywhere: the answer is the same
	}
	out, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return c, fmt.Errorf("asking AWS who access key %s of %s is: %w", c.AccessKey, c.Source, awsapi.FindInnermost(err))
	}
	c.ARN, c.Account = aws.ToString(out.Arn), aws.ToString(out.Account)
	return c, nil
}

// Region returns the region of the chain, "" when it names none.
func Region(ctx context.Context, region, profile string) (string, error) {
	cfg, err := awsapi.LoadConfig(ctx, region, profile)
	if err != nil {
		return "", err
	}
	return cfg.Region, nil
}
