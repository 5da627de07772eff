package lambda

import (
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/occbench/occbench/internal/awsapi"
)

// service is Lambda as messages speak of it.
var service = awsapi.Service{Name: "Lambda", Actions: "lambda", Policy: "docs/release.md", EndpointFlag: "--lambda-endpoint",
	Hint: suggestNext}

// suggestNext returns the next step after a refusal that Lambda alone gives, and whether the settings are at fault.
func suggestNext(a awsapi.Access, operation, code string) (next string, usage bool) {
	switch {
	case code == "ResourceConflictException":
		return "another update of the function is under way", false
	case code == "PreconditionFailedException":
		return "it was changed by another caller at the same time", false
	case code == "ResourceNotFoundException" && operation == "GetFunction":
		return "check --function and --aws-region: `aws lambda list-functions --region " + a.Region + "`", true
	}
	return "", false
}

// explain returns the error of a call of an operation; nil for nil.
func (p *Platform) explain(operation string, err error) error {
	return service.Explain(p.o.access(), operation, p.o.Function, err)
}

// isMissing reports whether an error says that something does not exist.
func isMissing(err error) bool {
	var gone *types.ResourceNotFoundException
	return errors.As(err, &gone)
}
