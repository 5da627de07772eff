package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/occbench/occbench/internal/client"
)

// explainUnreachable says why a call has no answer, in words that name the next step,
// and whether asking anything else is pointless.
func explainUnreachable(err error) (reason string, final bool) {
	var trouble client.Trouble
	if errors.As(err, &trouble) {
		return client.MakePrintable(trouble.Error()), false
	}
	if reason := explainTLS(err); reason != "" {
		return reason, true
	}
	var name *net.DNSError
	if errors.As(err, &name) {
		return fmt.Sprintf("the host %s cannot be found: %s", client.MakePrintable(name.Name), client.MakePrintable(name.Err)), true
	}
	if errors.Is(err, syscall.ECONNREFUSED) {
		return fmt.Sprintf("nothing listens there (connection refused); is the server running? %s", client.MakePrintable(err.Error())), true
	}
	var dial *net.OpError
	if errors.As(err, &dial) && dial.Op == "dial" {
		return fmt.Sprintf("it cannot be connected to: %s", client.MakePrintable(err.Error())), true
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Sprintf("it accepts connections and does not answer: %s", client.MakePrintable(err.Error())), false
	}
	if strings.Contains(err.Error(), "malformed HTTP") {
		return fmt.Sprintf("what answers there does not speak HTTP: %s", client.MakePrintable(err.Error())), true
	}
	return fmt.Sprintf("it gives no complete answer: %s", client.MakePrintable(err.Error())), false
}

// explainTLS returns what is wrong with the TLS of a target, or "".
func explainTLS(err error) string {
	var (
		plain     tls.RecordHeaderError
		alert     tls.AlertError
		verify    *tls.CertificateVerificationError
		authority x509.UnknownAuthorityError
		host      x509.HostnameError
		invalid   x509.CertificateInvalidError
	)
	switch {
	case errors.As(err, &plain), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return "it does not speak TLS; is the target meant to begin with http://?"
	case errors.As(err, &host):
		return fmt.Sprintf("its certificate is for another host: %s", client.MakePrintable(host.Error()))
	case errors.As(err, &authority):
		return fmt.Sprintf("its certificate is signed by an authority this machine does not trust: %s",
			client.MakePrintable(authority.Error()))
	case errors.As(err, &invalid):
		return fmt.Sprintf("its certificate is not valid: %s", client.MakePrintable(invalid.Error()))
	case errors.As(err, &verify), errors.As(err, &alert), strings.Contains(err.Error(), "tls: "):
		return fmt.Sprintf("the TLS handshake fails: %s", client.MakePrintable(err.Error()))
	}
	return ""
}
