package auth

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// grammar ends every refusal. What was given is never repeated: it
// may be the secret itself.
const grammar = "want none, sigv4[:service=lambda,region=eu-central-1,profile=NAME], bearer:env=VARIABLE or header:NAME=env:VARIABLE; " +
	"what was given is not repeated here, in case it is a secret: secrets stand in variables and never in a value"

// maxSpec is the length in bytes that a spec may have.
const maxSpec = 1024

// Parse reads a spec: none, sigv4[:OPTION=VALUE,…], bearer:env=VARIABLE or
// header:NAME=env:VARIABLE[,NAME=env:VARIABLE…].
func Parse(text string) (Spec, error) {
	scheme, rest, more := strings.Cut(text, ":")
	var spec Spec
	err := errors.New("the way to authenticate is unknown")
	switch {
	case len(text) > maxSpec:
		err = errors.New("it is too long")
	case text == "none" || text == "":
		return Spec{}, nil
	case scheme == "sigv4":
		spec, err = parseSigV4(rest, more)
	case scheme == "bearer":
		spec, err = parseBearer(rest)
	case scheme == "header":
		spec, err = parseHeaders(rest)
	}
	if err != nil {
		return Spec{}, fmt.Errorf("%w; %s", err, grammar)
	}
	return spec, nil
}

// word matches the names of services, regions and profiles.
var word = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)

func parseSigV4(rest string, more bool) (Spec, error) {
	s := Spec{Scheme: SigV4}
	if !more {
		return s, nil
	}
	fields := map[string]*string{"service": &s.Service, "region": &s.Region, "profile": &s.Profile}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(part, "=")
		field := fields[name]
		switch {
		case field == nil:
			return s, errors.New("an option of sigv4 is neither service, region nor profile")
		case *field != "":
			return s, fmt.Errorf("the option %s stands there twice", name)
		case !word.MatchString(value):
			return s, fmt.Errorf("the %s is not a word of letters, digits, - and _", name)
		}
		*field = value
	}
	return s, nil
}

func parseBearer(rest string) (Spec, error) {
	name, found := strings.CutPrefix(rest, "env=")
	if !found {
		return Spec{}, errors.New("a bearer token is named by the variable that holds it")
	}
	h := Header{Name: "Authorization", Variable: name, prefix: "Bearer "}
	return Spec{Scheme: Bearer, Headers: []Header{h}}, checkVariable(name)
}

func parseHeaders(rest string) (Spec, error) {
	s := Spec{Scheme: Headers}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(part, "=")
		variable, found := strings.CutPrefix(value, "env:")
		if !found {
			return s, errors.New("a header is named together with the variable that holds its value")
		}
		if err := errors.Join(checkHeader(name), checkVariable(variable)); err != nil {
			return s, err
		}
		h := Header{Name: http.CanonicalHeaderKey(name), Variable: variable}
		if slices.ContainsFunc(s.Headers, func(o Header) bool { return o.Name == h.Name }) {
			return s, errors.New("a header stands there twice")
		}
		s.Headers = append(s.Headers, h)
	}
	return s, nil
}

// fixed are the headers that the client or the connection decides about.
var fixed = []string{
	"Accept", "Connection", "Content-Encoding", "Content-Length", "Content-Type", "Expect", "Host", "Keep-Alive", "Te", "Trailer",
	"Transfer-Encoding", "Upgrade", "User-Agent", "X-Correlation-Id",
}

func checkHeader(name string) error {
	switch {
	case !httpguts.ValidHeaderFieldName(name) || len(name) > 100:
		return errors.New("the name of a header is none that HTTP knows")
	case slices.Contains(fixed, http.CanonicalHeaderKey(name)):
		return fmt.Errorf("the header %s is not free to choose", http.CanonicalHeaderKey(name))
	}
	return nil
}

// variable is stricter than the system's rule, so that a token given by mistake
// is not taken for a name, and told to everybody as one that is not set.
var variable = regexp.MustCompile(`^[A-Z_][A-Z0-9_]{0,99}$`)

func checkVariable(name string) error {
	switch {
	case !variable.MatchString(name):
		return errors.New("a variable's name consists of capitals, digits and _, such as SHOP_TOKEN")
	case strings.HasPrefix(name, "OCC_") || strings.HasPrefix(name, "K6_") || name == "URL" || name == "DATE":
		return fmt.Errorf("the variable %s does not reach k6: give it a name that does not begin with OCC_ or K6_", name)
	}
	return nil
}
