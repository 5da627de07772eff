package lambda

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/release"
)

// Stage makes an image the code of $LATEST and publishes it, unless the wanted
// version has it already.
func (p *Platform) Stage(ctx context.Context, w release.Wanted) (release.Version, error) {
	kept, err := p.findKept(ctx, w)
	if err != nil {
		return release.Version{}, err
	}
	now, err := p.getVersion(ctx, "")
	if err != nil {
		return release.Version{}, err
	}
	if w.Check {
		return p.checkCode(ctx, w, now, kept)
	}
	if now, err = p.update(ctx, w, now, kept); err != nil {
		return release.Version{}, err
	}
	if p.o.Dry {
		return p.predictVersion(ctx, w, kept)
	}
	if w.SHA256 != "" && findSHA(now) != w.SHA256 {
		return release.Version{}, &exit.Problem{Doing: "reading back the code of " + p.o.Function,
			Cause: fmt.Errorf("it is %s, not %s; the image was changed meanwhile, or another deployment was made", findSHA(now), w.SHA256)}
	}
	if kept != nil {
		return toVersion(kept), nil
	}
	return p.publish(ctx, now)
}

// findKept returns the wanted version if it is there, sound, and of the wanted code;
// else nil.
func (p *Platform) findKept(ctx context.Context, w release.Wanted) (*sdk.GetFunctionOutput, error) {
	if w.Version == "" {
		return nil, nil
	}
	out, err := p.getVersion(ctx, w.Version)
	if isMissing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if out.Configuration.State == types.StateFailed || findSHA(out) != w.SHA256 {
		return nil, nil
	}
	return out, nil
}

// readWanted reads the wanted image. Of a zip file without an address only the
// version itself has the code.
func (p *Platform) readWanted(ctx context.Context, w release.Wanted, now, kept *sdk.GetFunctionOutput) (source, error) {
	switch {
	case w.Image != "":
		return resolveImage(w.Image, now)
	case kept == nil:
		return source{}, &exit.Problem{Doing: "looking for the code of version " + w.Version,
			Cause: errors.New("the version is gone, and its zip file has no address in S3"),
			Next:  "deploy it again from where it was built"}
	}
	return p.download(ctx, kept, w.SHA256)
}

// checkCode asks Lambda whether it would take the code.
func (p *Platform) checkCode(ctx context.Context, w release.Wanted, now, kept *sdk.GetFunctionOutput) (release.Version, error) {
	var v release.Version
	if kept != nil {
		v.ID = w.Version
	}
	from, err := p.readWanted(ctx, w, now, kept)
	if err != nil {
		return v, err
	}
	in := &sdk.UpdateFunctionCodeInput{FunctionName: &p.o.Function, DryRun: true}
	from.setCode(in)
	out, err := callReadOnly(ctx, p, "UpdateFunctionCode", p.api.UpdateFunctionCode, in)
	if err != nil {
		return v, p.explainUnavailable(err, w, from, kept)
	}
	v.Image, v.SHA256 = from.String(), aws.ToString(out.CodeSha256)
	if w.Version != "" {
		return v, nil // on the way back UpdateAlias is the first call that changes anything
	}
	return v, p.checkPermitted(ctx)
}

// explainUnavailable adds the way on to the refusal of an image.
func (p *Platform) explainUnavailable(err error, w release.Wanted, from source, kept *sdk.GetFunctionOutput) error {
	var problem *exit.Problem
	var parameter *types.InvalidParameterValueException
	if !errors.As(err, &problem) || !errors.As(err, &parameter) {
		return err
	}
	problem.Doing = "looking for the image " + from.String()
	problem.Usage = w.Version == ""
	problem.Unchanged, problem.Next = true, listCommand(from)
	if kept != nil {
		problem.Next += fmt.Sprintf("; version %s itself is still there, and the alias alone can be given to it: `aws lambda update-alias "+
			"--function-name %s --name %s --function-version %s --routing-config AdditionalVersionWeights={}`",
			w.Version, p.o.Function, p.o.Alias, w.Version)
	}
	return problem
}

// listCommand is the command that shows which images there are.
func listCommand(from source) string {
	if from.bucket != "" {
		return fmt.Sprintf("see what is there: `aws s3api list-object-versions --bucket %s --prefix %s`", from.bucket, from.key)
	}
	name, _, _ := strings.Cut(from.image, "@")
	name = strings.TrimSuffix(name, ":"+ImageTag(name))
	_, repository, _ := strings.Cut(name, "/")
	return fmt.Sprintf("see what is there: `aws ecr list-images --repository-name %s`", repository)
}

// update makes the image the code of $LATEST, unless it is that already.
func (p *Platform) update(ctx context.Context, w release.Wanted, now, kept *sdk.GetFunctionOutput) (*sdk.GetFunctionOutput, error) {
	if now.Configuration.LastUpdateStatus == types.LastUpdateStatusInProgress {
		if err := p.awaitUpdated(ctx); err != nil && !errors.Is(err, errUpdate) {
			return nil, err
		}
		var err error
		if now, err = p.getVersion(ctx, ""); err != nil {
			return nil, err
		}
	}
	if w.SHA256 != "" && findSHA(now) == w.SHA256 && now.Configuration.LastUpdateStatus != types.LastUpdateStatusFailed {
		return now, nil
	}
	from, err := p.readWanted(ctx, w, now, kept)
	if err != nil {
		return nil, err
	}
	in := &sdk.UpdateFunctionCodeInput{FunctionName: &p.o.Function, RevisionId: now.Configuration.RevisionId}
	from.setCode(in)
	_, failed := callChanging(ctx, p, "UpdateFunctionCode", p.api.UpdateFunctionCode, in)
	if failed != nil && ctx.Err() != nil {
		return nil, failed
	}
	if failed == nil {
		if err := p.awaitUpdated(ctx); err != nil {
			return nil, err
		}
	}
	after, err := p.getVersion(ctx, "")
	if err != nil {
		return nil, errors.Join(failed, err)
	}
	if failed == nil {
		return after, nil
	}
	return p.resolveLost(ctx, failed, w, now, after)
}

// resolveLost settles a call that failed: the answer alone may be missing, and a second
// call with the same revision is refused because the first one was heard.
func (p *Platform) resolveLost(ctx context.Context, failed error, w release.Wanted, before,
	after *sdk.GetFunctionOutput) (*sdk.GetFunctionOutput, error) {
	if w.SHA256 == "" || findSHA(after) != w.SHA256 || findSHA(before) == w.SHA256 {
		return nil, failed
	}
	if err := p.awaitUpdated(ctx); err != nil {
		return nil, err
	}
	return p.getVersion(ctx, "")
}

// predictVersion returns what a dry run knows of the version that would be made.
func (p *Platform) predictVersion(ctx context.Context, w release.Wanted, kept *sdk.GetFunctionOutput) (release.Version, error) {
	if kept != nil {
		return toVersion(kept), nil
	}
	const id = "NEW"
	if _, err := callChanging(ctx, p, "PublishVersion", p.api.PublishVersion,
		&sdk.PublishVersionInput{FunctionName: &p.o.Function, CodeSha256: nilIfEmpty(w.SHA256)}); err != nil {
		return release.Version{}, err
	}
	if err := p.awaitActive(ctx, id); err != nil {
		return release.Version{}, err
	}
	p.trace("GetFunction", &sdk.GetFunctionInput{FunctionName: &p.o.Function, Qualifier: aws.String(id)},
		"   (not made: reads the version back)")
	return release.Version{ID: id, Image: w.Image, SHA256: w.SHA256}, nil
}

// publish makes a version of what $LATEST is, on the condition that it still is.
// The condition is the SHA alone: a revision is used up by the call itself, so
// that one whose answer was lost could not be made again.
func (p *Platform) publish(ctx context.Context, now *sdk.GetFunctionOutput) (release.Version, error) {
	out, err := callChanging(ctx, p, "PublishVersion", p.api.PublishVersion,
		&sdk.PublishVersionInput{FunctionName: &p.o.Function, CodeSha256: now.Configuration.CodeSha256})
	if err != nil {
		return release.Version{}, err
	}
	id := aws.ToString(out.Version)
	if err := p.awaitActive(ctx, id); err != nil {
		return release.Version{}, err
	}
	made, err := p.getVersion(ctx, id)
	if err != nil {
		return release.Version{}, err
	}
	if findSHA(made) != findSHA(now) {
		return release.Version{}, fmt.Errorf("publishing version %s of %s: its code is %s, not %s", id, p.o.Function, findSHA(made),
			findSHA(now))
	}
	return toVersion(made), nil
}
