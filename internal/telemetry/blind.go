package telemetry

import (
	"fmt"
	"slices"
	"strings"
)

// ExplainBlind says why a rule can never fire; "" when it can.
func (r Rule) ExplainBlind(published []Identity) string {
	if words := r.findUnpublished(published); words != "" && r.tellFilling() == "" {
		return words
	}
	for _, l := range r.Lines {
		if words := l.describeOtherUnit(); words != "" {
			return words
		}
	}
	return r.findOutOfReach()
}

// findUnpublished names the first metric of a rule that is not published.
func (r Rule) findUnpublished(published []Identity) string {
	for _, m := range r.Metrics() {
		if !m.IsAmong(published) {
			return fmt.Sprintf("%s is not published in %s; %s", m, m.Namespace, listElsewhere(m, published))
		}
	}
	return ""
}

// tellFilling says what a rule takes in place of data that is missing; "" is nothing.
func (r Rule) tellFilling() string {
	if r.Missing == "breaching" {
		return "missing data counts as bad (breaching), so it is in ALARM all the time"
	}
	for _, l := range r.Lines {
		if strings.Contains(strings.ToUpper(l.Expression), "FILL") {
			return "its expression fills in for that, so it judges the filler"
		}
	}
	return ""
}

// findFilled finds an alarm on a metric that is not published which fires, or not,
// for what stands in for it.
func (r Rule) findFilled(published []Identity) string {
	words, filler := r.findUnpublished(published), r.tellFilling()
	if words == "" || filler == "" {
		return ""
	}
	return words + "; " + filler
}

// emitted are the units in which the move API publishes. CloudWatch keeps the
// values of different units apart and converts none.
var emitted = map[string]string{Conflicts: "Count", Latency: "Milliseconds"}

func (l Line) describeOtherUnit() string {
	unit := emitted[l.Metric.Name]
	if l.Unit == "" || unit == "" || l.Unit == unit {
		return ""
	}
	return fmt.Sprintf("it asks for %s in %s, but it is published in %s, and CloudWatch does not convert", l.Metric.Name, l.Unit, unit)
}

// listElsewhere says which metrics of that name there are.
func listElsewhere(m Identity, published []Identity) string {
	var same, names []string
	for _, p := range published {
		if p.Namespace != m.Namespace {
			continue
		}
		if p.Name == m.Name {
			same = append(same, p.Dimensions.String())
		} else if !slices.Contains(names, p.Name) {
			names = append(names, p.Name)
		}
	}
	switch {
	case len(same) > 0:
		return "published are the dimensions " + joinFew(same) + ", and a metric is its exact set of dimensions"
	case len(names) > 0:
		return "published there are " + joinFew(names)
	}
	return "nothing is published there: check --namespace, --aws-region and the emitter"
}
