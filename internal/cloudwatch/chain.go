package cloudwatch

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/smithy-go/logging"
)

// chain reads region and credentials where every AWS tool does: environment,
// shared files, single sign-on, the machine's role.
func (a Access) chain(ctx context.Context) (aws.Config, error) {
	return config.LoadDefaultConfig(ctx, config.WithRegion(a.Region), config.WithSharedConfigProfile(a.Profile), config.WithRetryer(patient),
		config.WithLogger(logging.Nop{})) // it would write beside the result
}
