package auth

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/occbench/occbench/internal/loopback"
)

// hosts are those of AWS that name their service and their region.
var hosts = []struct {
	host    *regexp.Regexp
	service string
}{
	{regexp.MustCompile(`^[^.]+\.lambda-url\.([a-z0-9-]+)\.on\.aws$`), "lambda"},
	{regexp.MustCompile(`^[^.]+\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$`), "execute-api"},
}

// defaultService is that of a function URL, behind whatever name it stands.
const defaultService = "lambda"

// FitTarget fits a spec to a target: the host of an AWS service tells the service and
// the region. It refuses what contradicts the host, and a target that carries
// credentials of its own.
func (s Spec) FitTarget(target string) (Spec, error) {
	if s.Scheme == None {
		return s, nil
	}
	u, err := url.Parse(target)
	if err != nil {
		return s, &Error{"reading the target: not a URL"}
	}
	if u.User != nil {
		return s, &Error{"the target carries a user, and --auth authenticates too; give one of them"}
	}
	if s.Scheme == SigV4 {
		return s.fitHost(strings.TrimSuffix(strings.ToLower(u.Hostname()), "."))
	}
	return s, nil
}

func (s Spec) fitHost(host string) (Spec, error) {
	for _, known := range hosts {
		m := known.host.FindStringSubmatch(host)
		if m == nil {
			continue
		}
		if s.Service != "" && s.Service != known.service || s.Region != "" && s.Region != m[1] {
			return s, &Error{fmt.Sprintf("--auth %s does not fit the target: its host is of service %s in region %s, and a signature for "+
				"another is refused; leave both out", s, known.service, m[1])}
		}
		s.Service, s.Region = known.service, m[1]
	}
	if s.Service == "" {
		s.Service = defaultService
	}
	return s, nil
}

// WithDefaults fills in a region and a profile where the spec has none.
func (s Spec) WithDefaults(region, profile string) Spec {
	if s.Scheme == SigV4 {
		s.Region, s.Profile = cmp.Or(s.Region, region), cmp.Or(s.Profile, profile)
	}
	return s
}

// DescribeExposure says that a target would get the secret over an open line; "" when it
// does not.
func (s Spec) DescribeExposure(target string) string {
	u, err := url.Parse(target)
	if err != nil || u.Scheme != "http" || s.Scheme != Bearer && s.Scheme != Headers {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	if loopback.IsHost(host) {
		return ""
	}
	return fmt.Sprintf("the secret of --auth %s goes to %s unencrypted; use https://", s, host)
}
