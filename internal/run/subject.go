package run

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/occbench/occbench/internal/api"
)

// DefaultTarget is where `occbench serve` listens, and where a command looks that
// needs a target and was given none.
const DefaultTarget = "http://127.0.0.1:8080"

// newTargetCodec returns the codec of a base URL; slashes at its end are
// removed.
func newTargetCodec() Codec[string] {
	c := NewTextCodec()
	c.Parse = func(text string) (string, error) { return strings.TrimRight(text, "/"), checkTarget(text) }
	return c
}

func checkTarget(text string) error {
	u, err := url.Parse(text)
	if err != nil {
		// The parser's own message would quote the URL, credentials included.
		return errors.New("the value is not a URL such as http://127.0.0.1:8080")
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" {
		return fmt.Errorf("%q is not a URL such as http://127.0.0.1:8080", Redact(text))
	}
	if port := u.Port(); port != "" && !isPort(port) {
		return fmt.Errorf("%q has no port from 1 to 65535; want a URL such as http://127.0.0.1:8080", Redact(text))
	}
	if u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("%q has a query or a fragment; the base URL is wanted", Redact(text))
	}
	return nil
}

func isPort(text string) bool {
	n, err := strconv.ParseUint(text, 10, 16)
	return err == nil && n > 0
}

func checkTag(text string) error {
	if !tags.MatchString(text) {
		return fmt.Errorf("%q is not a tag of 1 to 40 letters, digits, - and _", text)
	}
	return nil
}

// DefaultAPI is the API of the bundled server, and what a target speaks that nothing
// else is said of.
const DefaultAPI = "appointments"

func checkAPI(text string) error {
	if slices.Contains(api.Names(), text) {
		return nil // which a test compiles, and every VU would
	}
	_, err := api.Load(text)
	return err
}

// comparedAPI returns what must be alike of two API files: their content.
func comparedAPI(s *Spec) string {
	if s.APIHash != "" {
		return "sha256:" + s.APIHash[:min(len(s.APIHash), 12)]
	}
	return cmp.Or(s.API, DefaultAPI)
}

var tags = regexp.MustCompile(`^[A-Za-z0-9_-]{1,40}$`)

// checkBoardURL never repeats the text, which may hold a password.
func checkBoardURL(text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.Fragment != "" {
		return errors.New("the value is not the URL of a page such as https://shop.example.com/board")
	}
	if u.User != nil {
		return errors.New("the value holds credentials; a board that asks for a login cannot be opened")
	}
	return nil
}

// keyword is a password in the keyword notation of PostgreSQL, or among the
// parameters of a URL.
var keyword = regexp.MustCompile(`(?i)(password\s*=\s*)('(?:[^'\\]|\\.)*'|[^\s&]+)`)

// Redact hides the password of a URL or of a connection string. A password that
// was not escaped may hold an @ or a slash, so everything up to the last @ is
// hidden: rather too much than a part of it.
func Redact(text string) string {
	text = keyword.ReplaceAllString(text, "${1}xxxxx")
	scheme, rest, found := strings.Cut(text, "://")
	at := strings.LastIndex(rest, "@")
	user, _, secret := strings.Cut(rest[:max(at, 0)], ":")
	if web := scheme == "http" || scheme == "https"; web && found && at >= 0 {
		return scheme + "://xxxxx" + rest[at:] // a token may stand for the user
	}
	if !found || !secret {
		return text
	}
	return scheme + "://" + user + ":xxxxx" + rest[at:]
}
