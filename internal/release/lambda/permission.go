package lambda

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/smithy-go"
)

// neverRevision is a revision that nothing has.
const neverRevision = "00000000-0000-0000-0000-000000000000"

// checkPermitted asks whether this caller may make the calls of a release, before the
// first of them changes anything. There is a dry run of UpdateFunctionCode alone;
// the others are asked for on a condition that cannot hold, and name nothing that
// they could change. Lambda looks at the permission before the condition.
func (p *Platform) checkPermitted(ctx context.Context) error {
	if _, err := callReadOnly(ctx, p, "GetFunctionConfiguration", p.api.GetFunctionConfiguration,
		&sdk.GetFunctionConfigurationInput{FunctionName: &p.o.Function}); err != nil {
		return err
	}
	never := aws.String(neverRevision)
	if err := tryPermission(ctx, p, "PublishVersion", p.api.PublishVersion,
		&sdk.PublishVersionInput{FunctionName: &p.o.Function, RevisionId: never, CodeSha256: never}); err != nil {
		return err
	}
	return tryPermission(ctx, p, "UpdateAlias", p.api.UpdateAlias,
		&sdk.UpdateAliasInput{FunctionName: &p.o.Function, Name: &p.o.Alias, RevisionId: never})
}

// tryPermission makes a call whose condition cannot hold. To be told so is the permission.
func tryPermission[In, Out any](ctx context.Context, p *Platform, name string, call operation[In, Out], in In) error {
	p.trace(name, in, "   (may it be made? its condition cannot hold)")
	_, err := call(ctx, in)
	var api smithy.APIError
	if errors.As(err, &api) && slices.Contains([]string{"PreconditionFailedException", "InvalidParameterValueException",
		"ResourceConflictException"}, api.ErrorCode()) {
		return nil
	}
	return p.explain(name, err)
}
