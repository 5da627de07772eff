package auth

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"
)

// Signer authenticates the requests of a process; there is one per process,
// shared by all operators.
type Signer struct {
	spec   Spec
	sign   func(r *http.Request, body []byte) error
	who    string
	hidden hidden
}

// Options are a Signer's access to the environment and the clock.
type Options struct {
	Getenv func(string) (string, bool) // os.LookupEnv
	Now    func() time.Time            // time.Now
}

// Open finds the secrets of a spec. The signer of the zero Spec is nil.
func (s Spec) Open(ctx context.Context, o Options) (*Signer, error) {
	if o.Getenv == nil {
		o.Getenv = os.LookupEnv
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	switch s.Scheme {
	case None:
		return nil, nil
	case SigV4:
		return s.openSigV4(ctx, o.Now)
	}
	return s.openHeaders(o.Getenv)
}

// Sign authenticates a request. It is the last to touch it, and signs the body
// that will be sent. Any number of goroutines may call it.
func (s *Signer) Sign(r *http.Request, body []byte) error { return s.sign(r, body) }

// Hide overwrites the secrets in a text with x: a target may quote the request
// it refuses, and AWS quotes the session token.
func (s *Signer) Hide(text []byte) { s.hidden.cover(text) }

// Secrets returns what must not be written anywhere, in the forms in which a
// message may quote it.
func (s *Signer) Secrets() []string { return s.hidden.list() }

// Spec returns the spec with everything that was found out: another process that
// opens it signs alike.
func (s *Signer) Spec() Spec { return s.spec }

// DescribeOwner returns in words whose secret it is, without the secret.
func (s *Signer) DescribeOwner() string { return s.who }

func (s Spec) openHeaders(getenv func(string) (string, bool)) (*Signer, error) {
	values := make([]string, len(s.Headers))
	signer := &Signer{spec: s}
	var variables, secrets []string
	for i, h := range s.Headers {
		value, set := getenv(h.Variable)
		switch {
		case !set || value == "":
			return nil, &Error{fmt.Sprintf("--auth %s: the variable %s is not set; export it in this shell, or in the secrets of the "+
				"CI job", s,
				h.Variable)}
		case value != strings.TrimSpace(value) || !httpguts.ValidHeaderFieldValue(value):
			return nil, &Error{fmt.Sprintf("--auth %s: the value of %s has blanks around it, or a character that no header can carry, "+
				"such as a "+
				"line break; set it anew", s, h.Variable)}
		}
		values[i] = h.prefix + value
		variables, secrets = append(variables, "$"+h.Variable), append(secrets, value)
	}
	signer.hidden.set(secrets...)
	headers := s.Headers
	signer.who = strings.Join(variables, ", ")
	signer.sign = func(r *http.Request, _ []byte) error {
		for i, h := range headers {
			r.Header.Set(h.Name, values[i])
		}
		return nil
	}
	return signer, nil
}
