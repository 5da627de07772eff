package client

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// parseTarget splits a target into its base URL and its credentials. Its
// errors never quote a target that holds an @: what looks like a bad port may
// be half of a password (http://user:pa/ss@shop.example).
func parseTarget(target string) (url.URL, *url.Userinfo, error) {
	u, err := url.Parse(target)
	if err == nil {
		err = checkTarget(u)
	}
	if err != nil {
		return url.URL{}, nil, fmt.Errorf("reading target %s: %w", Redact(target), hideCause(target, err))
	}
	user := u.User
	base := url.URL{Scheme: u.Scheme, Host: u.Host, Path: strings.TrimRight(u.Path, "/")}
	return base, user, nil
}

func checkTarget(u *url.URL) error {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return errors.New("want a URL that begins with http:// or https://")
	case u.Hostname() == "":
		return errors.New("it names no host")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return errors.New("want a base URL without query and fragment")
	case strings.Contains(u.Path, "@"):
		return errors.New("an @ in the path; are the credentials in front of it percent-encoded?")
	case strings.Contains(u.EscapedPath(), "%"):
		return errors.New("want a path without percent-encoding")
	}
	return nil
}

// hideCause keeps what url.Parse has to say, unless that may quote credentials.
func hideCause(target string, err error) error {
	var bad *url.Error
	if !errors.As(err, &bad) {
		return err
	}
	if strings.Contains(target, "@") {
		return errors.New("not a URL; are its credentials percent-encoded?")
	}
	return bad.Err
}

// Redact returns a target fit for files and logs: without credentials, query
// and fragment. Everything between the scheme and the last @ goes, because a
// password with an unescaped / or ? ends there and not where a URL would end it.
func Redact(target string) string {
	scheme, rest, ok := strings.Cut(target, "://")
	if !ok {
		scheme, rest = "", target
	}
	rest = rest[strings.LastIndexByte(rest, '@')+1:]
	rest, _, _ = strings.Cut(rest, "?")
	rest, _, _ = strings.Cut(rest, "#")
	if !ok {
		return rest
	}
	return scheme + "://" + rest
}
