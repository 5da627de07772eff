package lambda

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/occbench/occbench/internal/awsapi"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/limit"
	"github.com/occbench/occbench/internal/loopback"
)

// mostZip is the size in bytes that UpdateFunctionCode takes without S3.
const mostZip = 50 << 20

// addressLimit is how long the address of a zip file is good for.
const addressLimit = 10 * time.Minute

// download fetches the zip file of a version from where Lambda keeps it. The
// address is good for ten minutes and for any holder, so it is in no
// message.
func (p *Platform) download(ctx context.Context, from *sdk.GetFunctionOutput, want string) (source, error) {
	doing := "downloading the code of version " + aws.ToString(from.Configuration.Version)
	body, err := p.fetch(ctx, aws.ToString(from.Code.Location))
	if err != nil {
		return source{}, &exit.Problem{Doing: doing, Cause: err,
			Unchanged: true, Next: "try again, or deploy it again from where it was built"}
	}
	sum := sha256.Sum256(body)
	if got := base64.StdEncoding.EncodeToString(sum[:]); got != want {
		return source{}, &exit.Problem{Doing: doing, Cause: fmt.Errorf("its SHA is %s, not %s", got, want)}
	}
	return source{zip: body}, nil
}

func (p *Platform) fetch(ctx context.Context, address string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, addressLimit)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil || address == "" {
		return nil, errors.New("Lambda does not say where it is")
	}
	answer, err := loopback.NewClient().Do(r)
	if err != nil {
		return nil, awsapi.FindInnermost(err)
	}
	body, err := limit.ReadAll(answer.Body, mostZip)
	err = errors.Join(err, answer.Body.Close())
	switch {
	case err != nil:
		return nil, awsapi.FindInnermost(err)
	case answer.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("the answer is HTTP %d", answer.StatusCode)
	}
	return body, nil
}
