package doctor

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/auth"
	"github.com/occbench/occbench/internal/cloudwatch"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/telemetry"
)

// checkCredentials asks AWS whose credentials are in use, when anything that
// is configured needs them.
func (o *Options) checkCredentials(ctx context.Context) Line {
	if !o.isAWSNeeded() {
		return skipLine("nothing that is configured needs AWS credentials")
	}
	who, err := auth.Identify(ctx, o.Settings.CloudWatch.Region, o.profile())
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return failLine("check the network, a proxy, and $AWS_ENDPOINT_URL_STS", "AWS does not answer")
	case err != nil:
		return newErrorLine(err, "log in (`aws sso login`), or check the profile and the variables AWS_…")
	}
	return okLine("%s, access key %s of %s", who.ARN, who.AccessKey, who.Source)
}

// checkRegion returns the line about the region whose metrics are read and for
// which requests are signed.
func (o *Options) checkRegion(ctx context.Context) Line {
	if !o.isAWSNeeded() {
		return skipLine("nothing that is configured needs a region")
	}
	chain, err := auth.Region(ctx, o.Settings.CloudWatch.Region, o.profile())
	if err != nil {
		return newErrorLine(err, "check the profile and the files in ~/.aws")
	}
	spec, err := o.spec()
	if err != nil {
		return failLine("change --auth or --target", "%v", err)
	}
	target := spec.Region
	if target == "" {
		target = chain
	}
	switch signed := spec.Scheme == auth.SigV4; {
	case chain == "" && (!signed || target == ""):
		return failLine("give --aws-region or $AWS_REGION", "no region is known")
	case signed && o.Settings.HasCloudWatch() && chain != "" && chain != target:
		return warnLine("give --aws-region when the metrics are where the target is",
			"the target is in %s, its metrics are looked for in %s", target, chain)
	case signed:
		return okLine("%s, for signatures", target)
	}
	return okLine("%s, from %s", chain, o.sourceOf("aws-region"))
}

// checkMetrics asks CloudWatch which dimension sets are published.
func (o *Options) checkMetrics(ctx context.Context) Line {
	if !o.Settings.HasCloudWatch() {
		return skipLine("CloudWatch is not configured; --aws-region, --namespace or --stage say where metrics are")
	}
	client, err := cloudwatch.Connect(ctx, o.access())
	if err != nil {
		return failLine("see the lines credentials and region", "%v", err)
	}
	source := o.source()
	published, err := client.ListPublished(ctx, source.Namespace)
	if err != nil {
		return newErrorLine(err, "docs/cloudwatch.md has the policy that reading needs")
	}
	want := []telemetry.Identity{source.Metric(telemetry.Latency), source.Metric(telemetry.Conflicts)}
	for _, m := range want {
		if why := (telemetry.Rule{Lines: []telemetry.Line{{Metric: m}}}).ExplainBlind(published); why != "" {
			return failLine("check --stage, --namespace, --aws-region and the emitter; a move publishes both metrics", "%s", why)
		}
	}
	return okLine("%s publishes %s", source.Namespace, listDimensionSets(published))
}

// newErrorLine returns the line of an error, with the next step that the error
// names or, where it names none, the given one.
func newErrorLine(err error, next string) Line {
	var p *exit.Problem
	if errors.As(err, &p) && p.Next != "" {
		return failLine(p.Next, "%s: %v", p.Doing, p.Cause)
	}
	return failLine(next, "%v", err)
}

// checkPermissions makes every call that a pull makes, for one minute of
// metrics.
func (o *Options) checkPermissions(ctx context.Context) Line {
	if !o.Settings.HasCloudWatch() {
		return skipLine("nothing that is configured needs permissions of AWS")
	}
	client, err := cloudwatch.Connect(ctx, o.access())
	if err != nil {
		return failLine("see the line metrics", "not asked: CloudWatch cannot be reached")
	}
	if err := client.CheckPermissions(ctx, o.source(), o.Now()); err != nil {
		return newErrorLine(err, "docs/cloudwatch.md has the policy that reading needs")
	}
	return okLine("metrics and alarms may be read; writing is not tried")
}

// listDimensionSets lists the metrics by name, with the dimension sets that each really has.
func listDimensionSets(published []telemetry.Identity) string {
	byName := map[string][]string{}
	for _, m := range published {
		byName[m.Name] = append(byName[m.Name], m.Dimensions.String())
	}
	var parts []string
	for name, dims := range byName {
		slices.Sort(dims)
		if len(dims) > 4 {
			dims = append(dims[:4], "and more")
		}
		parts = append(parts, name+" "+strings.Join(dims, " "))
	}
	slices.Sort(parts)
	if len(parts) > 6 {
		parts = append(parts[:6], "and more")
	}
	return strings.Join(parts, ", ")
}
