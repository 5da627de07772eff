package settings

import (
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Release says how a build is brought live.
type Release struct {
	Alias              string  // of the Lambda function
	Endpoint           string  // base URL of Lambda; empty: the region's own
	Preview            string  // alias at which a version is validated before Alias gets it; empty: none
	Canary             float64 // share of the traffic for a first validation, 0–1; 0: all at once
	ExpectBuild        string  // what the new build calls itself; empty: the tag
	AcceptInconclusive bool
	Dir                string        // of the release files
	UpdateTimeout      time.Duration // for the platform to take the code
}

// parseCanary takes a share of the traffic in per cent. A bare number is
// refused: 10 could be 10 % or ten times.
func parseCanary(s *Settings, v string) error {
	number, percent := strings.CutSuffix(v, "%")
	share, err := strconv.ParseFloat(number, 64)
	if !percent || err != nil || !(share > 0 && share < 100) {
		return refuse(Shape{Kind: Text}, "%q is not a share above 0%% and below 100%% such as 10%%", v)
	}
	s.Release.Canary = share / 100
	return nil
}

// parseEndpoint takes where a service of AWS is instead of the region's.
func parseEndpoint(field func(*Settings) *string) parser {
	return func(s *Settings, v string) error {
		u, err := url.Parse(v)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			return refuse(Shape{Kind: Text}, "the value is not a base URL such as http://127.0.0.1:4566, without credentials")
		}
		*field(s) = strings.TrimRight(v, "/")
		return nil
	}
}
