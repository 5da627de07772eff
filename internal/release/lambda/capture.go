package lambda

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/release"
)

// Capture reads alias, the version it points to, and $LATEST.
func (p *Platform) Capture(ctx context.Context) (release.Capture, error) {
	next, err := p.getVersion(ctx, "")
	if err != nil {
		return release.Capture{}, err
	}
	alias, err := p.getAlias(ctx)
	if err != nil {
		return release.Capture{}, err
	}
	live, err := p.getVersion(ctx, aws.ToString(alias.FunctionVersion))
	if err != nil {
		return release.Capture{}, err
	}
	c := release.Capture{
		Function: strings.TrimSuffix(aws.ToString(next.Configuration.FunctionArn), ":"+latest), Alias: p.o.Alias,
		Live: toVersion(live), Named: aws.ToString(live.Code.ImageUri), Next: toVersion(next), Traffic: toTraffic(alias),
	}
	c.Unfit = p.tellUnfit(c)
	if p.o.NeedURL {
		c.URL, err = p.findURL(ctx)
	}
	return c, err
}

// tellUnfit says why no release can begin from here.
func (p *Platform) tellUnfit(c release.Capture) string {
	update := fmt.Sprintf("`aws lambda update-alias --function-name %s --name %s --function-version", p.o.Function, p.o.Alias)
	switch {
	case c.Live.ID == "":
		return fmt.Sprintf("alias %s points to $LATEST, whose code changes under it, so there is no version to go back to; "+
			"publish one, `aws lambda publish-version --function-name %s`, and point the alias to it, %s N`",
			p.o.Alias, p.o.Function, update)
	case c.Traffic.Canary != "":
		return fmt.Sprintf("alias %s divides its traffic between versions %s and %s, so neither is what is live; first "+
			"run `occbench rollback`, or give it all to one, %s %s --routing-config AdditionalVersionWeights={}`",
			p.o.Alias, c.Traffic.Version, c.Traffic.Canary, update, c.Traffic.Version)
	}
	return ""
}

// getVersion asks Lambda for a version of the function; "" is $LATEST.
func (p *Platform) getVersion(ctx context.Context, id string) (*sdk.GetFunctionOutput, error) {
	out, err := callReadOnly(ctx, p, "GetFunction", p.api.GetFunction,
		&sdk.GetFunctionInput{FunctionName: &p.o.Function, Qualifier: nilIfEmpty(id)})
	if err != nil {
		return nil, err
	}
	if out.Configuration == nil || out.Code == nil {
		return nil, &exit.Problem{Doing: "asking Lambda for GetFunction of " + p.o.Function,
			Cause: errors.New("the answer says neither which code nor which configuration it has")}
	}
	return out, nil
}

// getAlias asks Lambda for the alias.
func (p *Platform) getAlias(ctx context.Context) (*sdk.GetAliasOutput, error) {
	out, err := callReadOnly(ctx, p, "GetAlias", p.api.GetAlias, &sdk.GetAliasInput{FunctionName: &p.o.Function, Name: &p.o.Alias})
	var problem *exit.Problem
	if isMissing(err) && errors.As(err, &problem) {
		problem.Usage = true
		problem.Unchanged, problem.Next = true, fmt.Sprintf("check --alias (and --preview), or make it and let the callers call it: "+
			"`aws lambda "+
			"create-alias --function-name %s --name %s --function-version N`", p.o.Function, p.o.Alias)
	}
	return out, err
}

// findURL returns the function URL of the alias; "" when it has none. It is asked for
// once: on the way back nothing may depend on it.
func (p *Platform) findURL(ctx context.Context) (string, error) {
	if p.found != nil {
		return *p.found, nil
	}
	out, err := callReadOnly(ctx, p, "GetFunctionUrlConfig", p.api.GetFunctionUrlConfig,
		&sdk.GetFunctionUrlConfigInput{FunctionName: &p.o.Function, Qualifier: &p.o.Alias})
	if err != nil && !isMissing(err) {
		return "", err
	}
	found := ""
	if err == nil {
		found = strings.TrimRight(aws.ToString(out.FunctionUrl), "/")
	}
	p.found = &found
	return found, nil
}

func toTraffic(alias *sdk.GetAliasOutput) release.Traffic {
	t := release.Traffic{Version: aws.ToString(alias.FunctionVersion)}
	if alias.RoutingConfig != nil {
		for id, share := range alias.RoutingConfig.AdditionalVersionWeights {
			t.Canary, t.Share = id, share // Lambda allows one
		}
	}
	return t
}

// toVersion is a version in the words of a release. Where its code came from is
// told by digest, since a tag may mean something else tomorrow.
func toVersion(out *sdk.GetFunctionOutput) release.Version {
	v := release.Version{ID: aws.ToString(out.Configuration.Version), Image: findOrigin(out).String(), SHA256: findSHA(out)}
	if v.ID == latest {
		v.ID = ""
	}
	return v
}

// findOrigin returns where the code came from; nothing for a zip file of which Lambda
// keeps a copy and no address.
func findOrigin(out *sdk.GetFunctionOutput) source {
	if s3 := out.Code.ResolvedS3Object; s3 != nil && aws.ToString(s3.S3Bucket) != "" {
		return source{bucket: aws.ToString(s3.S3Bucket), key: aws.ToString(s3.S3Key), object: aws.ToString(s3.S3ObjectVersion)}
	}
	if image := aws.ToString(out.Code.ResolvedImageUri); image != "" {
		return source{image: image}
	}
	return source{image: aws.ToString(out.Code.ImageUri)}
}

// findSHA returns the SHA-256 of the code; the digest of the image where Lambda
// gives no other.
func findSHA(out *sdk.GetFunctionOutput) string {
	if s := aws.ToString(out.Configuration.CodeSha256); s != "" {
		return s
	}
	_, digest, _ := strings.Cut(aws.ToString(out.Code.ResolvedImageUri), "@sha256:")
	return digest
}
