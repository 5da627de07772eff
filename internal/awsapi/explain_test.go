package awsapi

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/smithy-go"
)

// Every refusal and every failure of the way has its own words and its own next
// step, and a secret in neither.
func TestExplain(t *testing.T) {
	cloudWatch := Service{Name: "CloudWatch", Actions: "cloudwatch", Policy: "docs/cloudwatch.md", EndpointFlag: "--aws-endpoint"}
	refused := func(code string) error {
		return fmt.Errorf("operation error CloudWatch: %w", &smithy.GenericAPIError{Code: code, Message: "as the\nservice says it"})
	}
	tests := []struct {
		name     string
		err      error
		endpoint string
		words    []string
		later    bool
	}{
		{name: "access denied", err: refused("AccessDenied"), words: []string{"asking CloudWatch for GetMetricData: AccessDenied: as the service says it", "allow cloudwatch:GetMetricData"}},
		{name: "throttled", err: refused("Throttling"), words: []string{"throttles this account", "wait a minute"}, later: true},
		{name: "credentials of elsewhere", err: refused("InvalidClientTokenId"), words: []string{"not valid in region eu-cetral-1", "--aws-region", "clock"}},
		{name: "expired", err: refused("ExpiredToken"), words: []string{"have expired", "aws sso login"}},
		{name: "no such region", err: fmt.Errorf("dialing: %w", &net.DNSError{Name: "monitoring.eu-cetral-1.amazonaws.com", Err: "no such host"}), words: []string{"the host monitoring.eu-cetral-1.amazonaws.com is unknown", "check --aws-region eu-cetral-1"}},
		{name: "no such endpoint", err: &net.DNSError{Name: "cw.example.com"}, endpoint: "http://cw.example.com", words: []string{"check --aws-endpoint http://cw.example.com"}},
		{name: "no listener", err: fmt.Errorf("dial: %w", syscall.ECONNREFUSED), words: []string{"nothing listens there"}},
		{name: "hangs", err: fmt.Errorf("call: %w", context.DeadlineExceeded), words: []string{"no answer in time", "proxy"}},
		{name: "interrupted", err: fmt.Errorf("call: %w", context.Canceled), words: []string{"interrupted"}},
		{name: "something else", err: errors.New("tls: bad certificate"), words: []string{"tls: bad certificate", "check --aws-region"}},
	}
	seen := map[string]string{}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := cloudWatch.Explain(Access{Region: "eu-cetral-1", Endpoint: tt.endpoint}, "GetMetricData", "", tt.err)
			for _, w := range tt.words {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("%q lacks %q", err, w)
				}
			}
			if other, ok := seen[err.Error()]; ok {
				t.Errorf("the same words as for %s: %q", other, err)
			}
			seen[err.Error()] = tt.name
			if IsThrottled(err) != tt.later {
				t.Errorf("asking again later is %v", IsThrottled(err))
			}
		})
	}
	if cloudWatch.Explain(Access{}, "GetMetricData", "", nil) != nil {
		t.Error("no error is a problem")
	}
}
