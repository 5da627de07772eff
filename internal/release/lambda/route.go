package lambda

import (
	"context"
	"errors"

	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/occbench/occbench/internal/release"
)

// Route shifts the alias, on the condition that no other caller does so at the same
// time. When the call fails, a look decides: its answer alone may be missing.
func (p *Platform) Route(ctx context.Context, t release.Traffic) error {
	alias, err := p.getAlias(ctx)
	if err != nil {
		return err
	}
	if toTraffic(alias) == t {
		return nil
	}
	_, failed := callChanging(ctx, p, "UpdateAlias", p.api.UpdateAlias, &sdk.UpdateAliasInput{
		FunctionName: &p.o.Function, Name: &p.o.Alias, FunctionVersion: &t.Version, RevisionId: alias.RevisionId,
		RoutingConfig: toWeights(t),
	})
	if failed == nil || ctx.Err() != nil {
		return failed
	}
	if alias, err = p.getAlias(ctx); err != nil {
		return errors.Join(failed, err)
	}
	if toTraffic(alias) == t {
		return nil
	}
	return failed
}

// toWeights is always sent: what is left out stays as it is, and an old canary
// would go on serving.
func toWeights(t release.Traffic) *types.AliasRoutingConfiguration {
	w := map[string]float64{}
	if t.Canary != "" {
		w[t.Canary] = t.Share
	}
	return &types.AliasRoutingConfiguration{AdditionalVersionWeights: w}
}
