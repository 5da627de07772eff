// Package auth produces the signature of a request: AWS Signature Version 4, a
// bearer token, or headers of any name.
//
// Its opinion: a secret never stands in a flag, a file or a manifest. A Spec
// says where the secret is (a variable, or AWS's own chain of credentials) and
// can be shown; a Signer holds it, and takes it out of whatever a
// target sends back.
package auth

import (
	"strings"

	"github.com/occbench/occbench/internal/exit"
)

// Spec says how requests are authenticated. The zero Spec is not at all.
type Spec struct {
	Scheme  Scheme
	Service string   // SigV4; empty: For tells it
	Region  string   // SigV4; empty: For tells it, or the chain
	Profile string   // SigV4: of the shared files; empty: what the chain says
	Headers []Header // Bearer and Headers
}

// Scheme is a way to authenticate.
type Scheme uint8

// The schemes.
const (
	None    Scheme = iota
	SigV4          // Authorization: AWS4-HMAC-SHA256 …
	Bearer         // Authorization: Bearer …
	Headers        // headers of the user's
)

// Header is a header whose value is a variable's.
type Header struct {
	Name     string
	Variable string
	prefix   string // before the value
}

// String writes a spec as Parse reads it.
func (s Spec) String() string {
	switch s.Scheme {
	case SigV4:
		var options []string
		for _, o := range []struct{ name, value string }{{"service", s.Service}, {"region", s.Region}, {"profile", s.Profile}} {
			if o.value != "" {
				options = append(options, o.name+"="+o.value)
			}
		}
		return strings.TrimSuffix("sigv4:"+strings.Join(options, ","), ":")
	case Bearer:
		return "bearer:env=" + s.Headers[0].Variable
	case Headers:
		var parts []string
		for _, h := range s.Headers {
			parts = append(parts, h.Name+"=env:"+h.Variable)
		}
		return "header:" + strings.Join(parts, ",")
	}
	return "none"
}

// Error is a configuration that cannot work.
type Error struct{ words string }

func (e *Error) Error() string { return e.words }

// ExitCode is that of a usage error.
func (e *Error) ExitCode() int { return exit.BadUsage }
