package doctor

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/auth"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/probe"
)

// newClientConfig returns the configuration of a client for the target, signed
// when that is configured and possible.
func (o *Options) newClientConfig(ctx context.Context) (client.Config, error) {
	s := o.Settings
	speaks, err := s.LoadAPI()
	if err != nil {
		return client.Config{}, err
	}
	cfg := client.Config{API: speaks, Target: s.Target, Date: s.Date, Timeout: max(o.limit()/3, 100*time.Millisecond),
		UpdateLimit: s.UpdateLimit, ListLimit: s.ListLimit}
	spec, err := o.spec()
	if err != nil {
		return cfg, err
	}
	signer, err := spec.Open(ctx, auth.Options{Now: o.Now})
	if err == nil && signer != nil {
		cfg.Sign, cfg.Hide = signer.Sign, signer.Hide
	}
	return cfg, err
}

// checkTarget probes the target with reads only.
func (o *Options) checkTarget(ctx context.Context) Line {
	cfg, err := o.newClientConfig(ctx)
	if err != nil {
		return failLine("see the line auth", "not asked: its requests cannot be signed")
	}
	at := client.Redact(cfg.Target)
	r, err := probe.Run(ctx, probe.Options{Target: cfg, Tag: o.Settings.Tag, Timeout: cfg.Timeout, Limit: o.limit(), ReadOnly: true})
	if err != nil {
		return failLine("check --target", "%v", err)
	}
	if r.Err() != nil && !o.Settings.IsGiven("target") && r.Build == "" {
		return skipLine("none is configured, so `occbench validate` starts the bundled server; nothing answers on %s, the address of "+
			"`occbench serve`", at)
	}
	if r.Err() != nil {
		return failLine("check the target from "+o.sourceOf("target"), "%s does not speak the API %s: %s", at, r.API, r.Reason)
	}
	tried, missing := listTried(&r)
	if len(tried) == 0 {
		return warnLine("`occbench seed` makes them, and `occbench probe` asks the rest",
			"%s answers, and nothing of the API %s could be tried: %s",
			at, r.API, missing)
	}
	words := fmt.Sprintf("%s answers as the API %s says where it was read (%s)%s", at, r.API, strings.Join(tried, ", "), describeTarget(&r))
	if missing != "" {
		words += "; " + missing
	}
	words += describeSeeding(cfg.API)
	if o.Allowed != nil {
		if err := o.Allowed(); err != nil {
			return warnLine("add --allow-host, or allow_hosts in occbench.yaml, when its records may be updated",
				"%s; a run would be refused: %v",
				words, err)
		}
	}
	if r.Verdict == probe.Deviant {
		return warnLine("`occbench probe` shows each line", "%s %s", at, r.Summary())
	}
	return okLine("%s", words)
}

// listTried returns the calls that were tried and that answered as the API
// file says, and why reading a single record was not tried; missing is empty
// when it was, or when the API has no such call.
func listTried(r *probe.Result) (tried []string, missing string) {
	for _, l := range r.Lines {
		switch {
		case l.State == probe.OK && (l.Name == "health" || l.Name == "list" || l.Name == "read"):
			tried = append(tried, l.Name)
		case l.State == probe.Unasked && l.Name == "read":
			missing = l.Detail
		}
	}
	return tried, missing
}

// describeSeeding says which records the API file can create and remove. It
// does not try it, because that would write.
func describeSeeding(a *api.API) string {
	switch {
	case a.Seed == nil:
		return "; its file has no `seed`, so that the records must be there"
	case a.Seed.Delete == nil:
		return "; `seed` of its file writes and was not tried, and it has no `delete`"
	}
	return "; `seed` of its file writes and was not tried"
}

// describeTarget returns what the target reports about itself.
func describeTarget(r *probe.Result) string {
	text := ""
	if r.Build != "" {
		text += ", build " + r.Build
	}
	if r.Store != "" {
		text += ", store " + r.Store
	}
	return text
}

// checkAuth checks whether requests can be authenticated as configured.
func (o *Options) checkAuth(ctx context.Context) Line {
	if o.Settings.Authentication().Scheme == auth.None {
		return skipLine("requests are sent without authentication; --auth changes that")
	}
	spec, err := o.spec()
	if err != nil {
		return failLine("change --auth or --target", "%v", err)
	}
	signer, err := spec.Open(ctx, auth.Options{Now: o.Now})
	if err != nil {
		return failLine("docs/auth.md tells the ways", "%v", err)
	}
	words := fmt.Sprintf("%s with %s", signer.Spec(), signer.DescribeOwner())
	if exposed := spec.DescribeExposure(o.Settings.Target); exposed != "" {
		return warnLine("use https://", "%s; %s", words, exposed)
	}
	return okLine("%s", words)
}

// Signatures are refused beyond the first, and a run's window in CloudWatch is
// off beyond the second.
const (
	signatureSkew = 5 * time.Minute
	windowSkew    = 2 * time.Second
)

// checkClock compares the clock of this machine with the target's. A Date
// header has full seconds, so a smaller difference is not visible.
func (o *Options) checkClock(ctx context.Context) Line {
	cfg, err := o.newClientConfig(ctx)
	if err != nil {
		return failLine("see the line auth", "not compared: requests cannot be signed")
	}
	client, err := client.New(cfg)
	if err != nil {
		return failLine("check --target", "%v", err)
	}
	defer client.CloseIdle()
	begin := o.Now()
	call, v := o.findCheapest(cfg)
	got, err := client.Send(ctx, call, v)
	if err != nil && !o.Settings.IsGiven("target") {
		return skipLine("there is no target to compare the clock with")
	}
	if err != nil {
		return failLine("see the line target", "not compared: the target gives no answer")
	}
	took := o.Now().Sub(begin)
	there, err := http.ParseTime(strings.TrimSpace(got.Header.Get("Date")))
	if err != nil {
		return warnLine("let the target send a Date header; CloudWatch's window of a run is the client's",
			"not compared: the target does not say its time")
	}
	return judgeClock(begin.Add(took/2).Sub(there.Add(time.Second/2)), took/2+time.Second/2,
		o.Settings.Authentication().Scheme == auth.SigV4)
}

// findCheapest returns the call of the API that costs the target least. Every
// answer has a Date, also one that refuses.
func (o *Options) findCheapest(cfg client.Config) (*api.Request, *api.Vars) {
	v := &api.Vars{Date: cfg.Date, Tag: o.Settings.Tag, ID: cfg.API.RecordID(o.Settings.Tag, 1)}
	switch {
	case cfg.API.Health != nil:
		return &cfg.API.Health.Request, v
	case cfg.API.Read != nil:
		if v.ID == "" {
			v.ID = "1"
		}
		return &cfg.API.Read.Request, v
	}
	return &cfg.API.List.Request, v
}

// judgeClock says what a difference means that may be off by so much; positive is
// this machine ahead. A target that takes its time is not behind.
func judgeClock(ahead, off time.Duration, signed bool) Line {
	words := fmt.Sprintf("this machine is %s ahead of the target", ahead.Round(time.Second))
	if ahead < 0 {
		words = fmt.Sprintf("this machine is %s behind the target", -ahead.Round(time.Second))
	}
	const fix = "set the clock by NTP (timedatectl set-ntp true)"
	switch {
	case ahead.Abs()-off > signatureSkew && signed:
		return failLine(fix, "%s, and AWS refuses signatures that are more than 5 min off", words)
	case ahead.Abs()-off > windowSkew:
		return warnLine(fix, "%s, so the server's metrics of a run lie beside its window", words)
	}
	return okLine("within %s of the target's", windowSkew)
}
