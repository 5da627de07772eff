package k6run

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/run"
)

// Traces say where the traces of a run go, and where its clock begins. A trace
// without a path is not left.
type Traces struct {
	History string
	Summary string
	Records string    // where the ids of the run's records stand; a file to read
	Stalls  string    // of k6 itself
	UX      string    // what the browsers saw
	Screens string    // folder of the screenshots
	Base    time.Time // zero of the run's clock; zero: the start of k6
}

// listParameters returns the environment variables of scenarios and of the
// extension, as NAME=value. It leaves out what is not declared, so that their
// defaults hold.
func (o *Options) listParameters() []string {
	env := o.Spec.K6Environ()
	add := func(name, value string) {
		if value != "" {
			env = append(env, name+"="+value)
		}
	}
	add(run.EnvHistory, o.Traces.History)
	add(run.EnvStalls, o.Traces.Stalls)
	add(run.EnvRecords, o.Traces.Records)
	add(run.EnvSummary, o.Traces.Summary)
	if !o.Traces.Base.IsZero() {
		add(run.EnvBase, strconv.FormatInt(o.Traces.Base.UnixNano(), 10))
	}
	if o.Spec.Browser > 0 {
		add(run.EnvUX, o.Traces.UX)
		add(run.EnvScreens, o.Traces.Screens)
		add(run.EnvBudgetMS, strconv.FormatInt(o.Spec.Budget.Milliseconds(), 10))
	}
	return env
}

// listSecrets returns what a log must never contain: the credentials of the
// target's URL, in all forms in which an error message may quote them. The
// longest comes first, so that a replacer does not leave a part of it.
func listSecrets(target string) []string {
	u, err := url.Parse(target)
	if err != nil || u.User == nil {
		return nil
	}
	secrets := []string{u.User.String()}
	if _, rest, found := strings.Cut(target, "//"); found {
		if raw, _, found := strings.Cut(rest, "@"); found {
			secrets = append(secrets, raw)
		}
	}
	if password, set := u.User.Password(); set && password != "" {
		secrets = append(secrets, password, url.QueryEscape(password), url.PathEscape(password))
	}
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) })
	return slices.Compact(secrets)
}
