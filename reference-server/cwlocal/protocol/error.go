package protocol

import "fmt"

// The namespaces of error shapes: CloudWatch's own, and those of the framework
// in front of it.
const (
	CloudWatch        = "com.amazonaws.cloudwatch.v2010_08_01#"
	coralValidate     = "com.amazon.coral.validate#"
	CoralService      = "com.amazon.coral.service#"
	CoralAvailability = "com.amazon.coral.availability#"
)

// Error is an error as a client sees it. Every error has two names: Code is
// the old one of the query protocol, Shape the qualified one of the others.
type Error struct {
	Code     string
	Shape    string
	Status   int
	Message  string // "" is not sent
	Receiver bool   // the service's fault, not the sender's
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Fault is the Type of the query protocol.
func (e *Error) Fault() string {
	if e.Receiver {
		return "Receiver"
	}
	return "Sender"
}

// HTTPStatus is the HTTP status: a modelled 404 is only sent to clients that know
// the query protocol's errors, the others get 400.
func (e *Error) HTTPStatus(queryErrors bool) int {
	if e.Status == 404 && !queryErrors {
		return 400
	}
	return e.Status
}

func InvalidValue(format string, args ...any) *Error {
	return &Error{Code: "InvalidParameterValue", Shape: CloudWatch + "InvalidParameterValueException",
		Status: 400, Message: fmt.Sprintf(format, args...)}
}

func InvalidCombination(format string, args ...any) *Error {
	return &Error{Code: "InvalidParameterCombination", Shape: CloudWatch + "InvalidParameterCombinationException",
		Status: 400, Message: fmt.Sprintf(format, args...)}
}

func MissingParameter(format string, args ...any) *Error {
	return &Error{Code: "MissingParameter", Shape: CloudWatch + "MissingRequiredParameterException",
		Status: 400, Message: fmt.Sprintf(format, args...)}
}

// ValidationError returns the error for a request that breaks a rule of the API.
func ValidationError(format string, args ...any) *Error {
	return &Error{Code: "ValidationError", Shape: coralValidate + "ValidationException",
		Status: 400, Message: fmt.Sprintf(format, args...)}
}

// UnsupportedError returns the error for a feature that CloudWatch has and this server does not.
func UnsupportedError(format string, args ...any) *Error {
	return ValidationError("%s is not supported by this local CloudWatch stand-in", fmt.Sprintf(format, args...))
}

func NotFound() *Error {
	return &Error{Code: "ResourceNotFound", Shape: CloudWatch + "ResourceNotFound", Status: 404}
}

func invalidToken() *Error {
	return &Error{Code: "InvalidNextToken", Shape: CloudWatch + "InvalidNextToken", Status: 400,
		Message: "The NextToken is not one that was given out for this request."}
}

func LimitExceeded(format string, args ...any) *Error {
	return &Error{Code: "LimitExceeded", Shape: CloudWatch + "LimitExceededFault", Status: 400,
		Message: fmt.Sprintf(format, args...)}
}

func newMalformed(format string, args ...any) *Error {
	return &Error{Code: "MalformedInput", Shape: CoralService + "SerializationException", Status: 400,
		Message: fmt.Sprintf(format, args...)}
}

func tooLarge(format string, args ...any) *Error {
	return &Error{Code: "RequestEntityTooLarge", Shape: CoralService + "RequestEntityTooLargeException",
		Status: 413, Message: fmt.Sprintf(format, args...)}
}

func UnknownOperation(op string) *Error {
	return &Error{Code: "InvalidAction", Shape: CoralService + "UnknownOperationException", Status: 400,
		Message: fmt.Sprintf("The operation %q is not implemented by this local CloudWatch stand-in.", op)}
}

// encodeError is an error as JSON and CBOR have it. CloudWatch leaves the
// message out when there is none.
func encodeError(err *Error) Object {
	tree := Object{{"__type", err.Shape}}
	if err.Message != "" {
		tree = append(tree, member{"message", err.Message})
	}
	return tree
}
