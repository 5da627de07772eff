package pipeline

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/loopback"
)

// HostError refuses a target that was not allowed.
type HostError struct{ Host string }

func (e *HostError) Error() string {
	return fmt.Sprintf(
		"%s is not this machine, and a load test updates its records; to allow it: --allow-host %s, or allow_hosts: [%s] in occbench.yaml",
		e.Host,
		e.Host,
		e.Host,
	)
}

// ExitCode makes the refusal a matter of usage.
func (e *HostError) ExitCode() int { return exit.BadUsage }

// checkHost returns an error unless the target is this machine or its host is
// allowed. Names are not looked up: what an answer of the resolver says today
// it need not say when the load runs.
func checkHost(target string, allowed []string) error {
	u, err := url.Parse(target)
	if err != nil {
		return fmt.Errorf("reading the target: not a URL")
	}
	if loopback.IsHost(u.Hostname()) {
		return nil
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if slices.ContainsFunc(allowed, func(a string) bool { return strings.EqualFold(strings.TrimSuffix(a, "."), host) }) {
		return nil
	}
	return &HostError{Host: host}
}
