package settings

import (
	"errors"
	"fmt"
	"net"

	"github.com/occbench/occbench/internal/loopback"
)

// CloudWatch says where the metrics and alarms of the move API are.
type CloudWatch struct {
	Region    string // empty: what the AWS configuration says
	Profile   string // of the AWS configuration; empty: its default
	Endpoint  string // base URL; empty: the region's own
	Namespace string
	Stage     string // the dimension Environment
	Function  string // of AWS Lambda; empty: the target is none
}

// CloudWatchGiven reports whether anybody said where the metrics of a target
// are. A profile alone says who asks, not what.
func (s *Settings) CloudWatchGiven() bool {
	for _, name := range []string{"aws-region", "aws-endpoint", "namespace", "stage", "function"} {
		if s.Given(name) {
			return true
		}
	}
	return false
}

func textNotEmpty(field func(*Settings) *string) parser {
	return func(s *Settings, v string) error {
		if v == "" {
			return errors.New("it is empty")
		}
		*field(s) = v
		return nil
	}
}

// parseLoopback takes an address of this machine: the endpoint checks nobody's
// credentials.
func parseLoopback(s *Settings, v string) error {
	host, _, err := net.SplitHostPort(v)
	if err != nil {
		return fmt.Errorf("%q is not an address such as 127.0.0.1:0", v)
	}
	if !loopback.Is(host) {
		return fmt.Errorf("%q is not an address of this machine such as 127.0.0.1:0; the endpoint asks nobody who he is", v)
	}
	s.LocalAddr = loopback.Address(v)
	return nil
}
