package rundir

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// Target is the base URL of what was tested. It can only be made by
// ParseTarget, so no manifest ever holds credentials.
type Target struct{ url string }

// ParseTarget accepts an http or https URL without credentials, query and
// fragment. Its errors do not repeat the text, which may hold a password.
func ParseTarget(text string) (Target, error) {
	u, err := url.Parse(text)
	switch {
	case strings.Contains(text, "@"):
		err = errors.New("it holds credentials, which must not be written to a file")
	case err != nil:
		err = errors.New("it is not a URL like https://shop.example.com")
	case u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		err = errors.New("want http:// or https:// and a host")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		err = errors.New("want a base URL, without query and fragment")
	}
	if err != nil {
		return Target{}, fmt.Errorf("reading the target's URL: %w", err)
	}
	return Target{text}, nil
}

// String returns the URL.
func (t Target) String() string { return t.url }

// MarshalText makes a target a string in JSON.
func (t Target) MarshalText() ([]byte, error) { return []byte(t.url), nil }

// UnmarshalText reads a target with the rules of ParseTarget. No target at all
// is one too: a run that failed before it had one.
func (t *Target) UnmarshalText(text []byte) error {
	*t = Target{}
	if len(text) == 0 {
		return nil
	}
	parsed, err := ParseTarget(string(text))
	if err != nil {
		return &valueError{string(text), err.Error()}
	}
	*t = parsed
	return nil
}
