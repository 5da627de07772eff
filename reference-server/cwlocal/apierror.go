package cwlocal

import "fmt"

// The namespaces of error shapes: CloudWatch's own, and those of the framework
// in front of it.
const (
	cloudWatch        = "com.amazonaws.cloudwatch.v2010_08_01#"
	coralValidate     = "com.amazon.coral.validate#"
	coralService      = "com.amazon.coral.service#"
	coralAvailability = "com.amazon.coral.availability#"
)

// apiError is an error as a client sees it. Every error has two names: Code is
// the old one of the query protocol, Shape the qualified one of the others.
type apiError struct {
	Code     string
	Shape    string
	Status   int
	Message  string // "" is not sent
	Receiver bool   // the service's fault, not the sender's
}

func (e *apiError) Error() string { return e.Code + ": " + e.Message }

// fault is the Type of the query protocol.
func (e *apiError) fault() string {
	if e.Receiver {
		return "Receiver"
	}
	return "Sender"
}

// status is the HTTP status: a modelled 404 is only sent to clients that know
// the query protocol's errors, the others get 400.
func (e *apiError) status(queryErrors bool) int {
	if e.Status == 404 && !queryErrors {
		return 400
	}
	return e.Status
}

func invalidValue(format string, args ...any) *apiError {
	return &apiError{Code: "InvalidParameterValue", Shape: cloudWatch + "InvalidParameterValueException",
		Status: 400, Message: fmt.Sprintf(format, args...)}
}

func invalidCombination(format string, args ...any) *apiError {
	return &apiError{Code: "InvalidParameterCombination", Shape: cloudWatch + "InvalidParameterCombinationException",
		Status: 400, Message: fmt.Sprintf(format, args...)}
}

func missingParameter(format string, args ...any) *apiError {
	return &apiError{Code: "MissingParameter", Shape: cloudWatch + "MissingRequiredParameterException",
		Status: 400, Message: fmt.Sprintf(format, args...)}
}

func validation(format string, args ...any) *apiError {
	return &apiError{Code: "ValidationError", Shape: coralValidate + "ValidationException",
		Status: 400, Message: fmt.Sprintf(format, args...)}
}

// unsupported is the honest error for what CloudWatch can do and this cannot.
func unsupported(format string, args ...any) *apiError {
	return validation("%s is not supported by this local CloudWatch stand-in", fmt.Sprintf(format, args...))
}

func notFound() *apiError {
	return &apiError{Code: "ResourceNotFound", Shape: cloudWatch + "ResourceNotFound", Status: 404}
}

func invalidToken() *apiError {
	return &apiError{Code: "InvalidNextToken", Shape: cloudWatch + "InvalidNextToken", Status: 400,
		Message: "The NextToken is not one that was given out for this request."}
}

func limitExceeded(format string, args ...any) *apiError {
	return &apiError{Code: "LimitExceeded", Shape: cloudWatch + "LimitExceededFault", Status: 400,
		Message: fmt.Sprintf(format, args...)}
}

func malformed(format string, args ...any) *apiError {
	return &apiError{Code: "MalformedInput", Shape: coralService + "SerializationException", Status: 400,
		Message: fmt.Sprintf(format, args...)}
}

func tooLarge(format string, args ...any) *apiError {
	return &apiError{Code: "RequestEntityTooLarge", Shape: coralService + "RequestEntityTooLargeException",
		Status: 413, Message: fmt.Sprintf(format, args...)}
}

func unknownOperation(op string) *apiError {
	return &apiError{Code: "InvalidAction", Shape: coralService + "UnknownOperationException", Status: 400,
		Message: fmt.Sprintf("The operation %q is not implemented by this local CloudWatch stand-in.", op)}
}
